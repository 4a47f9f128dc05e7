import {setTimeout as pause} from 'node:timers/promises'
import {expect} from 'vitest'
import {type Suite, scanAll, texts} from './bench.js'
import {claim} from './claiming.js'
import {HOUR, SECOND} from './harness.js'

const never = (): AbortSignal => new AbortController().signal

export function wakingTests({law}: Suite): void {
  law(9, 'changed resolves at once when something is there already', async ({store, sendAll}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    await sendAll('b', texts(3))
    await store.changed({a: 0, b: 2}, never())
  })

  law(9, 'changed wakes for a message that another handle appends', async ({store, open, outgoing}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const follower = await open()
    for (const channel of ['a', 'b', 'a']) {
      const after = Object.fromEntries((await store.channels.all()).map(({name, lastSeq}) => [name, lastSeq]))
      const woken = follower.changed(after, never())
      await store.messages.append([outgoing(channel)])
      await woken
    }
  })

  law(9, 'a handle is told when others have written, not of what it wrote itself', async ({store, open, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const other = await open()
    expect(await store.othersWrote()).toBe(false)
    await store.messages.append([outgoing('ops')])
    expect(await store.othersWrote()).toBe(false)
    await other.messages.append([outgoing('ops')])
    expect([await store.othersWrote(), await store.othersWrote()]).toEqual([true, false])
  })

  law(9, 'changed wakes for other changes too', async ({store, open}) => {
    await store.channels.create('ops', {}, 'alice')
    const follower = await open()
    const changes = [
      () => store.channels.create('dev', {}, 'alice'),
      () => store.channels.update('ops', {title: 'T'}),
      () => store.grants.change('ops', {actor: 'bob'}, {add: ['submit']}),
      () => store.roles.create('crew', {}, 'alice'),
      () => store.roles.change('crew', {add: ['bob']}),
      () => store.grants.change(null, {role: 'crew'}, {add: ['manage']}),
      () => store.subscriptions.put('ops', 'bob', {}, 'bob'),
      () => store.channels.setState('ops', 'closed'),
      () => store.channels.delete('ops'),
    ]
    for (const change of changes) {
      const woken = follower.changed({ops: 0}, never())
      await change()
      await woken
    }
  })

  law(9, 'what changed since arrivals were looked for wakes, however late the wait begins', async ({store, open}) => {
    await store.channels.create('ops', {}, 'alice')
    const [follower, other] = [await open(), await open()]
    for (const title of ['one', 'two']) {
      const {mark} = await follower.messages.arrivals({channels: [{name: 'ops', after: 0}], actor: 'bob', limit: 1})
      await store.channels.update('ops', {title})
      // Others who wait at the same handle, and look, take nothing away.
      await Promise.race([
        follower.changed({ops: 0}, AbortSignal.timeout(30)),
        other.changed({}, AbortSignal.timeout(30)),
      ])
      await follower.channels.all()
      await follower.changed({ops: 0}, never(), mark)
    }
  })

  law(9, 'who waits since the newest look is woken by the next change', async ({store, open, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const follower = await open()
    for (let after = 0; after < 3; after++) {
      const channels = [{name: 'ops', after}]
      const {mark, messages, end} = await follower.messages.arrivals({channels, actor: 'bob', limit: 1})
      expect([messages, end]).toEqual([[], true])
      const woken = follower.changed({ops: after}, never(), mark)
      await store.messages.append([outgoing('ops')])
      await woken
    }
  })

  law(1, 'arrivals are a page and who may have it, of one moment', async ({store, send, outgoing, clock}) => {
    await store.channels.create('ops', {restricted: true}, 'alice')
    await store.channels.create('dev', {}, 'alice')
    await store.grants.change('ops', {actor: 'bob'}, {add: ['subscribe']})
    await store.roles.create('crew', {}, 'alice')
    await store.roles.change('crew', {add: ['bob']})
    await store.grants.change(null, {role: 'crew'}, {add: ['manage']})
    const look = (after: Record<string, number>, limit = 10) => {
      const channels = Object.entries(after).map(([name, seq]) => ({name, after: seq}))
      return store.messages.arrivals({channels, actor: 'bob', limit})
    }
    for (const body of texts(3)) await send('ops', {body})
    expect(await look({ops: 1, nope: 0})).toMatchObject({
      messages: [{seq: 2}, {seq: 3}],
      next: {ops: 3},
      end: true,
      access: [
        {
          channel: {name: 'ops', restricted: true, createdBy: 'alice', lastSeq: 3},
          held: expect.arrayContaining([
            {channel: 'ops', permission: 'subscribe'},
            {role: 'crew', permission: 'manage'},
          ]),
        },
      ],
    })
    expect(await look({ops: 0}, 2)).toMatchObject({messages: [{seq: 1}, {seq: 2}], next: {ops: 2}, end: false})
    // Direct messages of others and what has expired are passed over, also as the newest.
    await store.messages.append([
      outgoing('ops', {recipient: 'zoe'}),
      outgoing('ops', {recipient: 'bob'}),
      outgoing('ops', {expiresAt: clock.now() + SECOND}),
    ])
    clock.advance(SECOND)
    expect(await look({ops: 3})).toMatchObject({messages: [{seq: 5}], next: {ops: 6}, end: true})
    await send('dev')
    const both = await look({ops: 5, dev: 0})
    expect(both).toMatchObject({messages: [{channel: 'dev', seq: 1}], next: {ops: 6, dev: 1}, end: true})
    expect(both.access.map(({channel}) => channel.name).sort()).toEqual(['dev', 'ops'])
    expect(await look({ops: 99})).toMatchObject({messages: [], next: {ops: 99}, end: true})
  })

  law(9, 'changed wakes when a delayed message falls due, however the clock gets there', async (bench) => {
    const {store, open, send, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    const follower = await open()
    for (const jump of [SECOND, 5 * HOUR]) {
      await send('ops', {deliverAt: clock.now() + jump})
      const {lastSeq = 0} = (await store.channels.get('ops')) ?? {}
      let woken = false
      // It may wake early for no reason.
      const waiting = (async () => {
        while ((await scanAll(follower, ['ops'])).length === lastSeq) await follower.changed({ops: lastSeq}, never())
        woken = true
      })()
      clock.advance(jump - 1)
      expect(await scanAll(store, ['ops'])).toHaveLength(lastSeq)
      expect(woken).toBe(false)
      clock.advance(1)
      await waiting
    }
  })

  law(9, 'changed resolves at once when something is due already', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {deliverAt: clock.now() + SECOND})
    clock.advance(SECOND)
    await store.changed({ops: 0}, never())
    expect(await scanAll(store, ['ops'])).toHaveLength(1)
  })

  law(9, 'changed resolves when its signal aborts, before or while it waits', async ({store}) => {
    await store.channels.create('ops', {}, 'alice')
    const abort = new AbortController()
    const waiting = store.changed({ops: 0}, abort.signal)
    abort.abort(new Error('enough'))
    await waiting
    await store.changed({ops: 0}, abort.signal)
    await store.changed({}, abort.signal)
  })

  // An upper bound: a slow machine only makes it smaller.
  law(9, 'who waits and re-reads in an idle store is hardly ever woken', async (bench) => {
    const {store, handles, sendAll, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3), {recipient: 'zoe'})
    await sendAll('ops', texts(1), {recipient: 'others', deliverAt: clock.now() + HOUR})
    const abort = new AbortController()
    let woken = 0
    const following = (await handles(8)).map(async (follower, index) => {
      for (let after = 0; !abort.signal.aborted; woken++) {
        const channels = [{name: 'ops', after}]
        const page = await follower.messages.scan({channels, actor: 'bob', order: 'forward', limit: 10})
        await follower.consumers.take({channel: 'ops', reader: `r${index}`}, {actor: 'bob', limit: 10, wait: 0})
        after = page.next.ops ?? after
        const {seen} = await claim(follower)
        expect(seen).toBe(after)
        await follower.changed({ops: after}, abort.signal)
      }
    })
    await pause(300)
    abort.abort()
    await Promise.all(following)
    expect(woken).toBeLessThan(200)
  })
}

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

import {expect} from 'vitest'
import {bodies, only, refused, type Suite, scanAll, sentTo, texts} from './bench.js'
import {ack, bury, claim, claimed, deadLetters, fail, giveUp, LEASE, release, stateOf, workers} from './claiming.js'
import {HOUR, SECOND} from './harness.js'

const others = {channel: 'ops', group: 'others'}

export function drainingTests({law, promise}: Suite): void {
  promise('a draining channel waits for what is claimed, and is closed by the last', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const [first, second] = (await claim(store, workers, {limit: 2})).claims
    const theirs = (await claim(store, others, {limit: 1})).claims
    expect((await store.channels.setState('ops', 'draining')).state).toBe('draining')
    expect(await ack(store, first!)).toEqual(['settled'])
    await ack(store, ...theirs)
    expect(await stateOf(store)).toBe('draining')
    await ack(store, second!)
    expect(await stateOf(store)).toBe('closed')
    expect(claimed(await claim(store))).toEqual([3])
  })

  promise('it waits for what waits for its next attempt', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    await fail(store, only((await claim(store)).claims), HOUR)
    expect((await store.channels.setState('ops', 'draining')).state).toBe('draining')
    clock.advance(HOUR)
    const again = only((await claim(store)).claims)
    await release(store, again)
    expect(await stateOf(store)).toBe('draining')
    expect(await giveUp(store, only((await claim(store)).claims))).toBe('settled')
    expect(await stateOf(store)).toBe('closed')
  })

  promise('it is closed by what is given up for lack of a worker, and by forgetting a group', async (bench) => {
    const {store, sendAll, clock} = bench
    for (const name of ['a', 'b']) {
      await store.channels.create(name, {}, 'alice')
      await sendAll(name, texts(1))
      await claim(store, {channel: name, group: 'workers'})
      await store.channels.setState(name, 'draining')
    }
    clock.advance(LEASE + 1)
    expect(await stateOf(store, 'a')).toBe('draining')
    expect((await claim(store, {channel: 'a', group: 'workers'}, {maxAttempts: 1})).buried).toHaveLength(1)
    expect(await stateOf(store, 'a')).toBe('closed')
    await store.consumers.forget({channel: 'b', kind: 'workers', name: 'workers'})
    expect(await stateOf(store, 'b')).toBe('closed')
  })

  promise('it waits for delayed messages, and is closed by the last or by cancelling that', async (bench) => {
    const {store, send, sendAll, clock} = bench
    for (const name of ['a', 'b', 'c']) {
      await store.channels.create(name, {}, 'alice')
      await sendAll(name, texts(1))
    }
    const kept = only((await claim(store, {channel: 'c', group: 'workers'})).claims)
    const {id} = await send(['a', 'b', 'c'], {deliverAt: clock.now() + HOUR})
    for (const name of ['a', 'b', 'c']) await store.channels.setState(name, 'draining')
    await store.messages.cancel(id, ['b'])
    const states = () => Promise.all(['a', 'b', 'c'].map((name) => stateOf(store, name)))
    expect(await states()).toEqual(['draining', 'closed', 'draining'])
    clock.advance(HOUR)
    expect(await states()).toEqual(['closed', 'closed', 'draining'])
    expect(await ack(store, kept)).toEqual(['stale'])
    await ack(store, only((await claim(store, {channel: 'c', group: 'workers'}, {limit: 1})).claims))
    expect(await states()).toEqual(['closed', 'closed', 'closed'])
  })

  promise('it takes replies and what is redriven, and refuses the rest', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const asked = await send('ops')
    const dead = only(await bury(store))
    await send('ops', {deliverAt: clock.now() + HOUR})
    await store.channels.setState('ops', 'draining')
    await refused('CHANNEL_CLOSED', send('ops'))
    await refused('CHANNEL_CLOSED', send('ops', {deliverAt: clock.now() + SECOND}))
    await send('ops', {replyTo: asked.id, thread: asked.thread})
    expect(await store.deadLetters.redrive([dead.id])).toHaveLength(1)
    clock.advance(HOUR)
    expect(await scanAll(store, ['ops'])).toHaveLength(3)
    expect(await stateOf(store)).toBe('draining')
    const again = (await claim(store, workers, {limit: 1})).claims
    expect(again[0]?.message.id).toBe(asked.id)
    await ack(store, ...again)
    expect(await stateOf(store)).toBe('closed')
    expect(await deadLetters(store)).toEqual([])
  })

  promise('a draining channel can be opened again, and then is not closed', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    const {claims} = await claim(store)
    await store.channels.setState('ops', 'draining')
    expect((await store.channels.setState('ops', 'open')).state).toBe('open')
    await ack(store, ...claims)
    expect(await stateOf(store)).toBe('open')
  })

  promise('closing wakes who waits', async ({store, open, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    const {claims} = await claim(store)
    await store.channels.setState('ops', 'draining')
    const follower = await open()
    const woken = follower.changed({ops: 1}, new AbortController().signal)
    await ack(store, ...claims)
    await woken
    expect(await stateOf(follower)).toBe('closed')
  })

  promise(
    'with `last` that message is stored in the same step, whatever the state',
    async ({store, send, outgoing}) => {
      await store.channels.create('ops', {}, 'alice')
      const last = (body: string) => outgoing('ops', {type: 'leat.end', body})
      expect(await store.channels.setState('ops', 'closed', last('1'))).toMatchObject({state: 'closed', lastSeq: 1})
      expect(await store.channels.setState('ops', 'closed', last('2'))).toMatchObject({state: 'closed', lastSeq: 2})
      expect(await store.channels.setState('ops', 'draining', last('3'))).toMatchObject({state: 'closed', lastSeq: 3})
      expect(await store.channels.setState('ops', 'open', last('4'))).toMatchObject({state: 'open', lastSeq: 4})
      await send('ops', {body: '5'})
      await claim(store)
      expect(await store.channels.setState('ops', 'draining', last('6'))).toMatchObject({state: 'draining', lastSeq: 6})
      expect(await store.channels.setState('ops', 'draining', last('7'))).toMatchObject({state: 'draining', lastSeq: 7})
      const stored = await scanAll(store, ['ops'])
      expect(bodies({messages: stored})).toEqual(['1', '2', '3', '4', '5', '6', '7'])
      expect(stored[6]).toMatchObject({type: 'leat.end', sender: 'alice', channel: 'ops'})
      await refused('NOT_FOUND', store.channels.setState('none', 'closed', last('8')))
    },
  )

  law(1, 'nothing gets between the last message and the close', async ({store, handles, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const [closer, ...writers] = await handles(6)
    const writing = writers.map(async (one) => {
      for (;;) {
        const sent = await one.messages.append([outgoing('ops')]).then(
          ([receipt]) => sentTo(receipt!),
          (error: {code: string}) => error.code,
        )
        if (sent === 'CHANNEL_CLOSED') return
        expect(sent).toHaveLength(1)
      }
    })
    const channel = await closer!.channels.setState('ops', 'closed', outgoing('ops', {type: 'leat.end'}))
    await Promise.all(writing)
    const stored = await scanAll(store, ['ops'])
    expect(stored.at(-1)).toMatchObject({type: 'leat.end', seq: channel.lastSeq})
  })
}

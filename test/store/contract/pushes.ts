import {expect} from 'vitest'
import {refused, type Suite, scanAll, seqs, texts} from './bench.js'
import {stateOf} from './claiming.js'
import {
  deliverAll,
  failed,
  list,
  listed,
  look,
  pager,
  pushCursor,
  retryIn,
  settle,
  subscribed,
  takenSeq,
  takeOne,
} from './delivering.js'
import {HOUR, SECOND} from './harness.js'

export function pushTests({promise, law}: Suite): void {
  promise('a push consumer begins at the end of the channel, or where it is told', async (bench) => {
    const {store, sendAll} = bench
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await subscribed(bench)
    expect(await store.consumers.get({channel: 'ops', kind: 'push', name: 'pager'})).toMatchObject({cursor: 3})
    await store.subscriptions.put('ops', 'mail', {endpoint: 'a@b.example'}, 'alice', 1)
    expect(await deliverAll(store, {channel: 'ops', subscriber: 'mail'})).toEqual([2, 3])
    expect(await takenSeq(store)).toBeUndefined()
    expect((await store.consumers.list({kind: 'push'})).map(({name}) => name).sort()).toEqual(['mail', 'pager'])
  })

  promise('putting again keeps its place, or sets it back: then under the same ids', async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(2))
    await deliverAll(store)
    const [before] = await list(store)
    await subscribed(bench, {kind: 'service'})
    expect(await takenSeq(store)).toBeUndefined()
    await store.subscriptions.put('ops', 'pager', {}, 'alice', 0)
    const again = await takeOne(store)
    expect(again.delivery).toMatchObject({id: before?.id, seq: 1, attempts: 1})
    await settle(store, again)
    expect(await deliverAll(store)).toEqual([2])
  })

  promise('it goes with transport and endpoint, and with it what was on its way', async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(2))
    await settle(store, await takeOne(store), retryIn(HOUR))
    await subscribed(bench, {endpoint: null})
    expect(await listed(store)).toHaveLength(1)
    await subscribed(bench, {endpoint: null, transport: null})
    expect(await pushCursor(store)).toBeUndefined()
    expect(await listed(store)).toEqual([])
    await refused('NOT_FOUND', look(store))
    await subscribed(bench)
    expect(await pushCursor(store)).toBe(2)
  })

  promise('an egress that needs no endpoint makes every subscription one', async (bench) => {
    const {store, send} = bench
    await store.channels.create('ops', {}, 'alice')
    await store.subscriptions.put('ops', 'bob', {}, 'bob')
    await subscribed(bench)
    await send('ops')
    const bob = {channel: 'ops', subscriber: 'bob'}
    await store.channels.update('ops', {egress: 'http'})
    expect(await pushCursor(store, bob)).toBeUndefined()
    await store.channels.update('ops', {egress: 'websocket'})
    expect([await pushCursor(store, bob), await pushCursor(store)]).toEqual([1, 0])
    await store.subscriptions.put('ops', 'zoe', {}, 'zoe')
    expect(await pushCursor(store, {channel: 'ops', subscriber: 'zoe'})).toBe(1)
    await send('ops')
    expect(await deliverAll(store, bob)).toEqual([2])
    await store.channels.update('ops', {title: 'x'})
    expect(await pushCursor(store, bob)).toBe(2)
    await store.channels.update('ops', {egress: null})
    expect(await pushCursor(store, bob)).toBeUndefined()
    expect(await deliverAll(store)).toEqual([1, 2])
  })

  promise("it can't be forgotten apart from its subscription, and goes with it and with the channel", async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(1))
    await takeOne(store)
    expect(await store.consumers.forget({channel: 'ops', kind: 'push', name: 'pager'})).toBe(false)
    await store.subscriptions.remove('ops', 'pager')
    expect([await pushCursor(store), await listed(store)]).toEqual([undefined, []])
    await subscribed(bench)
    await sendAll('ops', texts(1))
    await settle(store, await takeOne(store), failed)
    await store.channels.delete('ops')
    await store.channels.create('ops', {}, 'alice')
    expect([await pushCursor(store), await listed(store)]).toEqual([undefined, []])
    expect(await store.deadLetters.list({limit: 10})).toEqual([])
  })

  promise('retention leaves alone what is pending and what it is still to be given', async (bench) => {
    const {store, send} = bench
    await store.channels.create('ops', {retention: {maxMessages: 1}}, 'alice')
    await subscribed(bench, {types: ['a']})
    const stored = async () => seqs({messages: await scanAll(store, ['ops'])})
    for (const type of ['a', 'x', 'a', 'x']) await send('ops', {type})
    expect(await stored()).toEqual([1, 3, 4])
    expect(await store.channels.prune('ops', {keep: 0, dryRun: true})).toMatchObject({deleted: 1, kept: 2})
    await settle(store, await takeOne(store), retryIn(HOUR))
    expect(await store.channels.prune('ops', {keep: 0})).toMatchObject({deleted: 1, kept: 2})
    await subscribed(bench, {types: ['a'], paused: true})
    expect(await store.channels.prune('ops', {keep: 0})).toMatchObject({deleted: 1, kept: 1})
    expect(await stored()).toEqual([1])
    await subscribed(bench, {types: ['a'], paused: false})
    await store.deliveries.retry((await list(store)).map(({id}) => id))
    expect(await deliverAll(store)).toEqual([1])
    expect(await listed(store)).toEqual(['ops/pager 1 delivered 2'])
    await store.channels.prune('ops', {keep: 0})
    expect([await stored(), await listed(store)]).toEqual([[], []])
  })

  promise('expiry leaves alone what is pending; the rest is passed over', async (bench) => {
    const {store, send, clock} = bench
    await subscribed(bench)
    for (let count = 0; count < 3; count++) await send('ops', {expiresAt: clock.now() + SECOND})
    await deliverOne()
    const held = await takeOne(store)
    clock.advance(SECOND)
    expect(await store.channels.prune('ops', {})).toMatchObject({deleted: 2, kept: 1})
    expect(await listed(store)).toEqual(['ops/pager 2 pending 1'])
    expect(await settle(store, held)).toBe('settled')
    await send('ops')
    expect(await listed(store)).toEqual([])
    expect(await deliverAll(store)).toEqual([4])

    async function deliverOne(): Promise<void> {
      await settle(store, await takeOne(store))
    }
  })

  promise('a draining channel waits for deliveries, and is closed by the last', async (bench) => {
    const {store, sendAll, clock} = bench
    await subscribed(bench)
    await sendAll('ops', texts(2))
    await store.channels.setState('ops', 'draining')
    await settle(store, await takeOne(store))
    expect(await stateOf(store)).toBe('draining')
    await settle(store, await takeOne(store), retryIn(SECOND))
    expect(await stateOf(store)).toBe('draining')
    clock.advance(SECOND)
    await settle(store, await takeOne(store), failed)
    expect(await stateOf(store)).toBe('closed')
    await store.deliveries.retry((await list(store, {state: 'failed'})).map(({id}) => id))
    expect(await deliverAll(store)).toEqual([2])
  })

  promise(
    "it doesn't wait for what isn't wanted, nor for who is paused, unsubscribed or can't be reached any more",
    async (bench) => {
      const {store, send} = bench
      const ends = [
        () => subscribed(bench, {paused: true}),
        () => subscribed(bench, {transport: null, endpoint: null}),
        () => store.subscriptions.remove('ops', 'pager'),
        () => subscribed(bench, {types: ['x']}),
        async () => void (await deliverAll(store)),
      ]
      await store.channels.create('ops', {}, 'alice')
      for (const end of ends) {
        await store.channels.setState('ops', 'open')
        await store.subscriptions.remove('ops', 'pager')
        await subscribed(bench)
        await send('ops')
        expect((await store.channels.setState('ops', 'draining')).state).toBe('draining')
        await end()
        expect(await stateOf(store)).toBe('closed')
      }
    },
  )

  promise('a draining channel is closed by what expired on its way', async (bench) => {
    const {store, send, clock} = bench
    await subscribed(bench)
    await send('ops', {expiresAt: clock.now() + SECOND})
    await settle(store, await takeOne(store), retryIn(0))
    await store.channels.setState('ops', 'draining')
    clock.advance(SECOND)
    expect(await stateOf(store)).toBe('draining')
    expect(await takenSeq(store)).toBeUndefined()
    expect(await stateOf(store)).toBe('closed')
  })

  promise('secrets: the newest first, as many as are kept, none in the subscription itself', async (bench) => {
    const {store} = bench
    await subscribed(bench)
    expect(await store.subscriptions.secrets('ops', 'pager')).toEqual([])
    const add = (secret: string, ifNone = false) =>
      store.subscriptions.addSecret('ops', 'pager', secret, {keep: 2, ifNone})
    expect(await add('one', true)).toEqual(['one'])
    expect(await add('lost', true)).toEqual(['one'])
    expect(await add('two')).toEqual(['two', 'one'])
    expect(await add('three')).toEqual(['three', 'two'])
    await subscribed(bench, {kind: 'service'})
    expect(await store.subscriptions.secrets('ops', 'pager')).toEqual(['three', 'two'])
    expect(JSON.stringify(await store.subscriptions.list({}))).not.toContain('three')
    await store.subscriptions.remove('ops', 'pager')
    for (const channel of ['ops', 'none']) {
      await refused('NOT_FOUND', store.subscriptions.secrets(channel, 'pager'))
      await refused('NOT_FOUND', store.subscriptions.addSecret(channel, 'pager', 'x', {keep: 2}))
    }
    await subscribed(bench)
    expect(await store.subscriptions.secrets('ops', 'pager')).toEqual([])
  })

  law(1, 'raced for the first secret, all get the same', async (bench) => {
    await subscribed(bench)
    const made = await Promise.all(
      (await bench.handles(8)).map((one, at) =>
        one.subscriptions.addSecret('ops', 'pager', `secret ${at}`, {keep: 2, ifNone: true}),
      ),
    )
    expect(new Set(made.map((secrets) => secrets.join())).size).toBe(1)
    expect(await bench.store.subscriptions.secrets(pager.channel, pager.subscriber)).toEqual(made[0])
  })
}

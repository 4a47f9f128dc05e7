import {expect} from 'vitest'
import {ATTEMPTS_KEPT} from '../../../src/model/delivery.js'
import {only, refused, type Suite, texts} from './bench.js'
import {
  deliverAll,
  delivered,
  failed,
  LEASE,
  list,
  listed,
  look,
  pager,
  released,
  retryIn,
  settle,
  subscribed,
  takenSeq,
  takeOne,
} from './delivering.js'
import {HOUR, SECOND, START} from './harness.js'

const letters = (store: Parameters<typeof list>[0], query = {}) => store.deadLetters.list({limit: 100, ...query})

export function deliverySettleTests({law, promise, dying}: Suite): void {
  promise('attempts are recorded with time, status and error; the newest are kept', async (bench) => {
    const {store, send, clock} = bench
    await subscribed(bench)
    await send('ops')
    const tried = {transport: 'http', ms: 7}
    for (let attempt = 1; attempt <= ATTEMPTS_KEPT + 1; attempt++) {
      clock.advance(SECOND)
      await settle(store, await takeOne(store), {
        as: 'retry',
        delay: 0,
        status: 500 + attempt,
        error: `no ${attempt}`,
        ...tried,
      })
    }
    await settle(store, await takeOne(store), {as: 'delivered', status: 204, ...tried})
    const delivery = only(await list(store))
    expect(delivery).toMatchObject({state: 'delivered', attempts: ATTEMPTS_KEPT + 2})
    expect(delivery.nextAt).toBeUndefined()
    expect(delivery.history).toHaveLength(ATTEMPTS_KEPT)
    expect(delivery.history[0]).toEqual({
      at: new Date(START + 3 * SECOND).toISOString(),
      ...tried,
      status: 503,
      error: 'no 3',
    })
    expect(delivery.history.at(-1)).toEqual({at: new Date(clock.now()).toISOString(), ...tried, status: 204})
  })

  promise("released isn't counted nor recorded, and waits if it is told to", async (bench) => {
    const {store, sendAll, clock} = bench
    await subscribed(bench)
    await sendAll('ops', texts(2))
    await settle(store, await takeOne(store), released)
    expect(only(await list(store))).toMatchObject({state: 'pending', attempts: 0, history: []})
    await settle(store, await takeOne(store), {as: 'released', delay: HOUR})
    expect(await look(store)).toEqual({seen: 2, readyIn: HOUR})
    clock.advance(HOUR)
    expect((await takeOne(store)).delivery).toMatchObject({seq: 1, attempts: 1})
  })

  promise('what is given up is a dead letter of its subscriber, and what is behind it goes on', async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    const [first] = await sendAll('ops', texts(2))
    await settle(store, await takeOne(store), failed)
    const letter = only(await letters(store))
    expect(letter).toEqual({
      id: letter.id,
      channel: 'ops',
      subscriber: 'pager',
      message: expect.objectContaining({id: first?.id, seq: 1}),
      attempts: 1,
      reason: '404',
      diedAt: new Date(START).toISOString(),
    })
    expect(await letters(store, {subscriber: 'pager'})).toEqual([letter])
    expect(await letters(store, {channel: 'ops', subscriber: 'pager'})).toEqual([letter])
    expect(await letters(store, {subscriber: 'bob'})).toEqual([])
    expect(await letters(store, {group: 'pager'})).toEqual([])
    expect(await deliverAll(store)).toEqual([2])
    expect(await listed(store)).toEqual(['ops/pager 1 failed 1', 'ops/pager 2 delivered 1'])
  })

  promise('extend renews the lease', async (bench) => {
    const {store, open, send, clock} = bench
    await subscribed(bench)
    await send('ops')
    const claim = await takeOne(store)
    clock.advance(LEASE - 1)
    await store.deliveries.extend(claim.token, LEASE)
    clock.advance(LEASE - 1)
    expect(await takenSeq(await open())).toBeUndefined()
    expect(await settle(store, claim)).toBe('settled')
    await refused('STALE_CLAIM', store.deliveries.extend(claim.token, LEASE))
  })

  promise('a token of another store is NOT_FOUND', async (bench) => {
    const {store, send, another} = bench
    await subscribed(bench)
    await send('ops')
    const {token} = await takeOne(store)
    const other = await another()
    await subscribed(other)
    await other.send('ops')
    await refused('NOT_FOUND', other.store.deliveries.settle(token, delivered))
    await refused('NOT_FOUND', other.store.deliveries.extend(token, LEASE))
    await refused('NOT_FOUND', store.deliveries.settle('nonsense', delivered))
    expect(await store.deliveries.settle(token, delivered)).toBe('settled')
  })

  law(5, 'what was settled is, for every handle', async (bench) => {
    const {store, open, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(2))
    await settle(store, await takeOne(store))
    await store.close()
    const next = await open()
    expect(await listed(next)).toEqual(['ops/pager 1 delivered 1'])
    expect(await takenSeq(next)).toBe(2)
  })

  dying(7, 'dying again and again loses nothing, and the id stays', async (bench, {deliver, told}) => {
    const {store, sendAll, clock} = bench
    await subscribed(bench)
    await sendAll('ops', texts(1))
    const ids = new Set<string | undefined>()
    for (let attempt = 1; attempt <= 3; attempt++) {
      const dead = await deliver(pager)
      expect(dead?.attempts).toBe(attempt)
      ids.add(dead?.id)
      if (!told) clock.advance(LEASE)
    }
    const {delivery} = await takeOne(store)
    expect([...ids]).toEqual([delivery.id])
    expect(delivery.attempts).toBe(4)
  })

  promise(
    'retry: what waits is tried now, what failed again with all attempts, its dead letter gone',
    async (bench) => {
      const {store, open, sendAll, clock, ids} = bench
      await subscribed(bench)
      await subscribed(bench, {}, {channel: 'ops', subscriber: 'mail'})
      await sendAll('ops', texts(4))
      await settle(store, await takeOne(store, {channel: 'ops', subscriber: 'mail'}), failed)
      const [one, two] = [await takeOne(store), undefined]
      await settle(store, one, failed)
      const second = two ?? (await takeOne(store))
      await settle(store, second)
      const third = await takeOne(store)
      await settle(store, third, retryIn(HOUR))
      const wanted = [one, second, third].map(({delivery}) => delivery.id)
      const deliverer = await open()
      const woken = deliverer.changed({ops: 4}, new AbortController().signal)
      expect(await store.deliveries.retry([...wanted, ids(), ...wanted])).toBe(2)
      await woken
      expect(await listed(store, {subscriber: 'pager'})).toEqual([
        'ops/pager 1 pending 0',
        'ops/pager 2 delivered 1',
        'ops/pager 3 pending 1',
      ])
      expect((await letters(store)).map(({subscriber}) => subscriber)).toEqual(['mail'])
      expect(await deliverAll(deliverer)).toEqual([1, 3, 4])
      clock.advance(HOUR)
      expect(await store.deliveries.retry(wanted)).toBe(0)
    },
  )

  promise('retry passes over what is in hand, and what has expired', async (bench) => {
    const {store, send, clock} = bench
    await subscribed(bench)
    await send('ops', {expiresAt: clock.now() + SECOND})
    await send('ops')
    const expired = await takeOne(store)
    await settle(store, expired, failed)
    const held = await takeOne(store)
    clock.advance(SECOND)
    expect(await store.deliveries.retry([expired.delivery.id, held.delivery.id])).toBe(0)
    expect(await letters(store)).toHaveLength(1)
    expect(await settle(store, held)).toBe('settled')
  })

  promise('a failed one that is tried again comes when nothing is in hand', async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(3))
    const first = await takeOne(store)
    await settle(store, first, failed)
    const second = await takeOne(store)
    expect(await store.deliveries.retry([first.delivery.id])).toBe(1)
    expect(await takenSeq(store)).toBeUndefined()
    await settle(store, second)
    expect(await deliverAll(store)).toEqual([1, 3])
  })

  promise('redrive gives a dead letter to its subscription again, at its place and under its id', async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(2))
    const first = await takeOne(store)
    await settle(store, first, failed)
    await deliverAll(store)
    const letter = only(await letters(store))
    expect(await store.deadLetters.redrive([letter.id])).toEqual([
      {id: letter.id, channel: 'ops', subscriber: 'pager', seq: 1},
    ])
    expect(await letters(store)).toEqual([])
    const again = await takeOne(store)
    expect(again.delivery).toMatchObject({id: first.delivery.id, attempts: 1, seq: 1})
    await settle(store, again)
    expect(await deliverAll(store)).toEqual([])
  })

  promise('redriven after its message was pruned, it is stored anew for the subscriber alone', async (bench) => {
    const {store, send, sendAll} = bench
    await subscribed(bench)
    await subscribed(bench, {}, {channel: 'ops', subscriber: 'mail'})
    const {id} = await send('ops', {body: 'pruned', headers: {a: 'b'}})
    await sendAll('ops', texts(1))
    await settle(store, await takeOne(store), failed)
    await deliverAll(store)
    await deliverAll(store, {channel: 'ops', subscriber: 'mail'})
    expect(await store.channels.prune('ops', {keep: 1})).toMatchObject({deleted: 1})
    expect(await listed(store, {seq: 1})).toEqual([])
    const letter = only(await letters(store))
    expect(only(await store.deadLetters.redrive([letter.id]))).toMatchObject({subscriber: 'pager', seq: 3})
    const again = await takeOne(store)
    expect(again.message).toMatchObject({id, seq: 3, body: 'pruned', headers: {a: 'b'}, recipient: 'pager'})
    expect(await takenSeq(store, {channel: 'ops', subscriber: 'mail'})).toBeUndefined()
  })

  promise('redrive passes over who is pushed nothing any more, and who subscribed anew gets it', async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(1))
    await settle(store, await takeOne(store), failed)
    const {id} = only(await letters(store))
    await store.subscriptions.remove('ops', 'pager')
    expect(await store.deadLetters.redrive([id])).toEqual([])
    expect(await letters(store)).toHaveLength(1)
    await subscribed(bench)
    expect(only(await store.deadLetters.redrive([id])).seq).toBe(1)
    expect(await deliverAll(store)).toEqual([1])
  })
}

import {expect} from 'vitest'
import {only, refused, type Suite, scanAll, texts, upTo} from './bench.js'
import {
  deliverAll,
  delivered,
  failed,
  LEASE,
  list,
  listed,
  look,
  pager,
  pushCursor,
  released,
  retryIn,
  settle,
  subscribed,
  takenSeq,
  takeOne,
} from './delivering.js'
import {HOUR, SECOND, START} from './harness.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export function deliveryTests({law, promise, dying}: Suite): void {
  promise('a delivery has its id, its place and the attempt; the claim has the message', async (bench) => {
    const {store, send} = bench
    await subscribed(bench)
    const {id} = await send('ops', {body: '{"n": 1.0}', contentType: 'application/json', headers: {a: 'b'}})
    const claim = await takeOne(store)
    expect(claim.message).toEqual(only(await scanAll(store, ['ops'])))
    expect(claim.delivery).toEqual({
      id: expect.stringMatching(UUID),
      ...pager,
      seq: 1,
      messageId: id,
      state: 'pending',
      attempts: 1,
      held: {holder: expect.any(String), until: new Date(START + LEASE).toISOString()},
      createdAt: new Date(START).toISOString(),
      history: [],
    })
    expect(await list(store)).toEqual([claim.delivery])
  })

  law(7, 'in order, one at a time: while one is in hand nobody gets the next', async (bench) => {
    const {store, open, sendAll, clock} = bench
    await subscribed(bench)
    await sendAll('ops', texts(3))
    const first = await takeOne(store)
    expect(first.message.seq).toBe(1)
    clock.advance(LEASE - 1)
    for (const one of [store, await open()]) expect(await takenSeq(one)).toBeUndefined()
    expect(await settle(store, first)).toBe('settled')
    expect(await takenSeq(await open())).toBe(2)
    expect(await takenSeq(store)).toBeUndefined()
  })

  law(7, 'eight handles that race deliver each message once, in order', async (bench) => {
    const {store, handles, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(40))
    const got: number[] = []
    const working = (await handles(8)).map(async (one) => {
      while (got.length < 40) {
        const {claim} = await look(one)
        if (!claim) continue
        got.push(claim.message.seq)
        expect(await settle(one, claim)).toBe('settled')
      }
    })
    await Promise.all(working)
    expect(got).toEqual(upTo(40))
    expect(await listed(store, {state: 'delivered', limit: 2})).toEqual([
      'ops/pager 1 delivered 1',
      'ops/pager 2 delivered 1',
    ])
  })

  law(
    7,
    'when the lease ends the message is given again, under its id, and the late settling is refused',
    async (bench) => {
      const {store, open, sendAll, clock} = bench
      await subscribed(bench)
      await sendAll('ops', texts(2))
      const slow = await takeOne(store)
      clock.advance(LEASE)
      expect(only(await list(store))).toMatchObject({
        state: 'pending',
        attempts: 1,
        nextAt: new Date(clock.now()).toISOString(),
      })
      const again = await takeOne(await open())
      expect(again.delivery).toMatchObject({id: slow.delivery.id, attempts: 2, seq: 1})
      expect(again.token).not.toBe(slow.token)
      expect(await settle(store, slow)).toBe('stale')
      await refused('STALE_CLAIM', store.deliveries.extend(slow.token, LEASE))
      expect(await settle(store, again)).toBe('settled')
      expect(await settle(store, again)).toBe('stale')
      expect(await takenSeq(store)).toBe(2)
    },
  )

  dying(
    7,
    'what a dead deliverer had in hand is given again, counted, under the same id',
    async (bench, {deliver, told}) => {
      const {store, sendAll, clock} = bench
      await subscribed(bench)
      await sendAll('ops', texts(2))
      const dead = await deliver(pager)
      expect(dead?.attempts).toBe(1)
      if (!told) {
        expect(await takenSeq(store)).toBeUndefined()
        clock.advance(LEASE)
      }
      expect(only(await list(store))).toMatchObject({state: 'pending', attempts: 1, nextAt: expect.any(String)})
      const again = await takeOne(store)
      expect(again.delivery).toMatchObject({id: dead?.id, attempts: 2, seq: 1})
      await settle(store, again)
      expect(await deliverAll(store)).toEqual([2])
    },
  )

  promise('closing a handle gives back what it has in hand, uncounted', async (bench) => {
    const {store, open, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(2))
    const other = await open()
    const first = await takeOne(other)
    await other.close()
    const again = await takeOne(store)
    expect(again.delivery).toMatchObject({id: first.delivery.id, attempts: 1, seq: 1})
  })

  promise("what waits for its next attempt isn't given before its time, nor is anything behind it", async (bench) => {
    const {store, open, sendAll, clock} = bench
    await subscribed(bench)
    await sendAll('ops', texts(3))
    await settle(store, await takeOne(store), retryIn(HOUR))
    expect(only(await list(store))).toMatchObject({nextAt: new Date(START + HOUR).toISOString(), attempts: 1})
    expect(await look(store)).toEqual({seen: 3, readyIn: HOUR})
    clock.advance(HOUR - 1)
    expect(await look(await open())).toEqual({seen: 3, readyIn: 1})
    clock.advance(1)
    expect((await takeOne(store)).delivery).toMatchObject({seq: 1, attempts: 2})
  })

  promise('subscriptions know nothing of each other', async (bench) => {
    const {store, sendAll} = bench
    const other = {channel: 'ops', subscriber: 'mail'}
    await subscribed(bench)
    await subscribed(bench, {transport: 'email', endpoint: 'a@b.example'}, other)
    await sendAll('ops', texts(3))
    const mine = await takeOne(store)
    await settle(store, mine, retryIn(HOUR))
    expect(await deliverAll(store, other)).toEqual([1, 2, 3])
    expect((await list(store, other))[0]?.id).not.toBe(mine.delivery.id)
    expect(await takenSeq(store)).toBeUndefined()
  })

  promise('own messages are delivered, direct ones only to those they are for', async (bench) => {
    const {store, send} = bench
    await subscribed(bench)
    await send('ops', {sender: 'pager'})
    await send('ops', {recipient: 'bob'})
    await send('ops', {recipient: 'pager'})
    await send('ops', {sender: 'pager', recipient: 'bob'})
    await send('ops')
    expect(await deliverAll(store)).toEqual([1, 3, 4, 5])
  })

  promise('only the types that the subscription wants', async (bench) => {
    const {store, send} = bench
    await subscribed(bench, {types: ['a', 'b']})
    for (const type of ['a', 'x', 'b', 'x']) await send('ops', {type})
    expect(await deliverAll(store)).toEqual([1, 3])
    expect(await pushCursor(store)).toBe(4)
    await subscribed(bench, {types: null})
    await send('ops', {type: 'x'})
    expect(await deliverAll(store)).toEqual([5])
  })

  promise('expired ones are passed over, waiting ones too', async (bench) => {
    const {store, send, clock} = bench
    await subscribed(bench)
    await send('ops', {expiresAt: clock.now() + HOUR})
    await send('ops', {expiresAt: clock.now() + SECOND})
    await send('ops')
    await settle(store, await takeOne(store), retryIn(2 * HOUR))
    clock.advance(2 * HOUR)
    expect(await deliverAll(store)).toEqual([3])
    expect(await listed(store)).toEqual(['ops/pager 3 delivered 1'])
    expect(await store.deadLetters.list({limit: 10})).toEqual([])
  })

  promise(
    "with nothing to give the cursor moves past what isn't for it, and `seen` is where to watch from",
    async (bench) => {
      const {store, open, send} = bench
      await subscribed(bench)
      for (let count = 0; count < 3; count++) await send('ops', {recipient: 'bob'})
      expect(await look(store)).toEqual({seen: 3})
      expect(await pushCursor(store)).toBe(3)
      const deliverer = await open()
      const woken = deliverer.changed({ops: 3}, new AbortController().signal)
      await send('ops')
      await woken
      expect(await takenSeq(deliverer)).toBe(4)
    },
  )

  promise('a paused subscription is given nothing, and everything when it is resumed', async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(2))
    await settle(store, await takeOne(store), retryIn(0))
    await subscribed(bench, {paused: true})
    expect(await look(store)).toEqual({seen: 2})
    await sendAll('ops', texts(1))
    expect(await look(store)).toEqual({seen: 3})
    await subscribed(bench, {paused: false})
    expect(await deliverAll(store)).toEqual([1, 2, 3])
    expect((await listed(store))[0]).toBe('ops/pager 1 delivered 2')
  })

  promise('`readyIn` is when it is worth looking again though nothing changes', async (bench) => {
    const {store, open, send, clock} = bench
    await subscribed(bench)
    await send('ops')
    expect((await look(store)).claim).toBeDefined()
    const other = await open()
    for (let looks = 0; looks < 10_000; looks++) {
      const {claim, readyIn} = await look(other)
      if (claim) return
      expect(readyIn).toBeGreaterThan(0)
      expect(readyIn).toBeLessThanOrEqual(LEASE)
      clock.advance(readyIn ?? 0)
    }
    expect.fail('the lease never ends')
  })

  promise('an unknown channel, and who is pushed nothing, are NOT_FOUND', async (bench) => {
    const {store} = bench
    await subscribed(bench)
    await store.subscriptions.put('ops', 'bob', {}, 'bob')
    await refused('NOT_FOUND', look(store, {channel: 'none', subscriber: 'pager'}))
    for (const subscriber of ['bob', 'nobody']) await refused('NOT_FOUND', look(store, {channel: 'ops', subscriber}))
  })

  promise('a renamed channel goes on delivering, under the same ids', async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(2))
    const before = await takeOne(store)
    await store.channels.rename('ops', 'dev')
    const moved = {...pager, channel: 'dev'}
    expect(await listed(store)).toEqual(['dev/pager 1 pending 1'])
    expect(await settle(store, before, released)).toBe('settled')
    const again = await takeOne(store, moved)
    expect(again.delivery).toMatchObject({id: before.delivery.id, channel: 'dev', attempts: 1})
    await settle(store, again, failed)
    expect(only(await store.deadLetters.list({limit: 10}))).toMatchObject({channel: 'dev', subscriber: 'pager'})
    expect(await takenSeq(store, moved)).toBe(2)
  })

  promise('a subscription that is made again has other ids', async (bench) => {
    const {store, send} = bench
    await subscribed(bench)
    await send('ops')
    const before = await takeOne(store)
    await store.subscriptions.remove('ops', 'pager')
    expect(await settle(store, before, delivered)).toBe('stale')
    await store.subscriptions.put('ops', 'pager', {transport: 'http', endpoint: 'https://x.example/'}, 'alice', 0)
    const again = await takeOne(store)
    expect(again.message.seq).toBe(1)
    expect(again.delivery.id).not.toBe(before.delivery.id)
  })
}

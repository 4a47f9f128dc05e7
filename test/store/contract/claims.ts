import {expect} from 'vitest'
import type {GroupKey} from '../../../src/model/claim.js'
import {bodies, cursor, only, reader, readOn, refused, type Suite, texts, upTo} from './bench.js'
import {ack, attempts, claim, claimed, claimOne, fail, groupOf, LEASE, release, workers} from './claiming.js'
import {HOUR, SECOND, START} from './harness.js'

const YEAR = 365 * 24 * HOUR

const others: GroupKey = {channel: 'ops', group: 'others'}

export function claimTests({law, promise}: Suite): void {
  law(7, 'while its lease runs a claimed message goes to nobody else', async ({store, open, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    const first = await claim(store, workers, {limit: 2})
    expect([claimed(first), first.created, first.end, first.inFlight]).toEqual([[1, 2], true, false, 0])
    clock.advance(LEASE - 1)
    const rest = await claim(await open(), workers, {actor: 'w2'})
    expect([claimed(rest), rest.created, rest.end, rest.inFlight]).toEqual([[3, 4, 5], false, true, 2])
    expect(claimed(await claim(store))).toEqual([])
    expect(claimed(await claim(await open()))).toEqual([])
  })

  promise('a claim has the message, a token of its own, the attempt and the end of the lease', async (bench) => {
    const {store, send} = bench
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {body: '{"n": 1.0}', contentType: 'application/json', headers: {a: 'b'}, key: 'k'})
    await send('ops')
    const [first, second] = (await claim(store, workers, {lease: 7 * SECOND})).claims
    expect(first).toMatchObject({...workers, attempt: 1, until: new Date(START + 7 * SECOND).toISOString()})
    expect(first?.message).toEqual(only(await store.messages.find({by: 'place', channel: 'ops', seq: 1})))
    expect(first?.token).not.toBe('')
    expect(first?.token).not.toBe(second?.token)
    expect(await store.claims.get(first?.token ?? '')).toEqual(first)
  })

  law(
    7,
    'what a clock that was years ahead gave out keeps nothing for years',
    async ({store, open, sendAll, clock}) => {
      await store.channels.create('ops', {}, 'alice')
      await sendAll('ops', texts(3))
      clock.advance(10 * YEAR)
      const [, second] = (await claim(store, workers, {limit: 2, bound: false})).claims
      await fail(store, second!, HOUR)
      const bound = await claim(store, workers, {limit: 1})
      expect(claimed(bound)).toEqual([3])
      clock.advance(-10 * YEAR)
      expect(claimed(await claim(await open(), workers, {actor: 'w2'}))).toEqual([1, 2])
      // Whoever has the third lives and holds it.
      expect(await ack(store, ...bound.claims)).toEqual(['settled'])
    },
  )

  law(7, 'eight handles that race get each message once', async ({store, handles, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(100))
    const working = (await handles(8)).map(async (one) => {
      const got: number[] = []
      for (;;) {
        const batch = await claim(one, workers, {limit: 3})
        if (batch.claims.length === 0) return got
        expect(new Set(await ack(one, ...batch.claims))).toEqual(new Set(['settled']))
        got.push(...claimed(batch))
      }
    })
    const got = await Promise.all(working)
    for (const one of got) expect(one).toEqual(one.toSorted((a, b) => a - b))
    expect(got.flat().sort((a, b) => a - b)).toEqual(upTo(100))
  })

  promise('groups know nothing of each other, nor of readers', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(4))
    const mine = await claim(store, workers, {limit: 3})
    await ack(store, ...mine.claims)
    expect((await readOn(store, reader('ops', 'workers'))).messages).toHaveLength(4)
    const theirs = await claim(store, others, {limit: 2})
    expect([claimed(theirs), theirs.created]).toEqual([[1, 2], true])
    expect(claimed(await claim(store))).toEqual([4])
    expect(claimed(await claim(store, others))).toEqual([3, 4])
    expect(await cursor(store, reader('ops', 'workers'))).toBe(4)
    expect((await store.claims.inFlight({group: 'others'})).length).toBe(4)
    expect((await store.claims.inFlight({group: 'workers'})).length).toBe(1)
  })

  promise('a group takes what has no recipient or its own name as such', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    for (const recipient of [undefined, 'workers', 'others', 'w1', 'alice', undefined])
      await send('ops', recipient === undefined ? {} : {recipient})
    expect(claimed(await claim(store))).toEqual([1, 2, 6])
    expect(claimed(await claim(store, others, {limit: 2}))).toEqual([1, 3])
    expect(claimed(await claim(store, others))).toEqual([6])
  })

  promise('a filter says what the group takes at all: it passes over the rest for ever', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await store.channels.create('replies', {}, 'alice')
    await send('ops', {type: 'noise'})
    await send('ops', {type: 'noise', replyChannel: 'replies'})
    await send('ops', {type: 'stop'})
    await send('ops')
    const filter = {requestsOr: ['stop', 'start']}
    const batch = await claim(store, workers, {filter, limit: 2})
    expect([claimed(batch), batch.end]).toEqual([[2, 3], true])
    await ack(store, ...batch.claims)
    expect(await claim(store, workers, {filter})).toMatchObject({claims: [], end: true, inFlight: 0})
    expect(claimed(await claim(store, others, {filter: {types: ['noise'], requestsOr: []}}))).toEqual([2])
    expect(claimed(await claim(store, {...others, group: 'third'}, {filter: {requestsOr: undefined}}))).toHaveLength(4)
  })

  promise('first comes what is ready again, by seq, then what is new', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(6))
    const [one, two, three, four] = (await claim(store, workers, {limit: 4})).claims
    await fail(store, four!)
    await release(store, two!)
    await fail(store, one!, SECOND)
    await ack(store, three!)
    const again = await claim(store, workers, {limit: 3})
    expect(attempts(again)).toEqual([
      [2, 1],
      [4, 2],
      [5, 1],
    ])
    expect([again.end, again.inFlight]).toEqual([false, 1])
    expect(claimed(await claim(store))).toEqual([6])
  })

  promise('`end` says exactly whether nothing new is left', async ({store, send, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await sendAll('ops', texts(2), {recipient: 'zoe'})
    for (const [limit, end] of [
      [2, false],
      [3, true],
      [4, true],
    ] as const)
      expect([limit, (await claim(store, {channel: 'ops', group: `g${limit}`}, {limit})).end]).toEqual([limit, end])
    const first = await claim(store, workers, {limit: 3})
    await release(store, ...first.claims)
    await send('ops')
    const again = await claim(store, workers, {limit: 3})
    expect([claimed(again), again.end]).toEqual([[1, 2, 3], false])
    expect(await claim(store)).toMatchObject({end: true, inFlight: 3})
  })

  promise('`seen` is where to watch from: nothing new lies behind it', async ({store, open, send, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    expect(await claim(store)).toMatchObject({claims: [], seen: 0, end: true})
    await sendAll('ops', texts(3))
    await send('ops', {recipient: 'zoe'})
    expect((await claim(store, workers, {limit: 2})).seen).toBeLessThan(3)
    const {seen} = await claim(store)
    expect(seen).toBe(4)
    const worker = await open()
    const abort = new AbortController()
    const woken = worker.changed({ops: seen}, abort.signal)
    await send('ops')
    await woken
    expect(claimed(await claim(worker))).toEqual([5])
  })

  promise('a group begins at the start of the channel, and is made once', async ({store, handles, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await store.channels.prune('ops', {keep: 2})
    expect(await groupOf(store)).toBeUndefined()
    const stores = await handles(8)
    const made = await Promise.all([
      ...stores.map(async (one) => (await claim(one, workers, {limit: 1})).created),
      ...stores.map(async (one) => (await one.claims.join(workers, 'w1')).created),
    ])
    expect(made.filter((created) => created)).toHaveLength(1)
    expect((await store.claims.inFlight({})).map(({seq}) => seq)).toEqual([2, 3])
  })

  promise('a claim that finds nothing makes the group, once', async ({store}) => {
    await store.channels.create('ops', {}, 'alice')
    expect(await claim(store)).toEqual({claims: [], buried: [], inFlight: 0, end: true, seen: 0, created: true})
    expect(await claim(store)).toEqual({claims: [], buried: [], inFlight: 0, end: true, seen: 0, created: false})
    expect(await groupOf(store)).toMatchObject({kind: 'workers', name: 'workers', cursor: 0})
  })

  promise('expired messages are passed over, waiting ones too', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {body: 'fails', expiresAt: clock.now() + HOUR})
    await send('ops', {body: 'never given', expiresAt: clock.now() + SECOND})
    await send('ops', {body: 'lasts'})
    await fail(store, await claimOne(store), HOUR)
    clock.advance(SECOND)
    const batch = await claim(store)
    expect(bodies({messages: batch.claims.map(({message}) => message)})).toEqual(['lasts'])
    await ack(store, ...batch.claims)
    clock.advance(2 * HOUR)
    expect(await claim(store)).toMatchObject({claims: [], buried: [], inFlight: 0, end: true})
    expect(await store.claims.inFlight({})).toEqual([])
    expect(await store.deadLetters.list({limit: 10})).toEqual([])
  })

  promise('`readyIn` is when it is worth looking again though nothing changes', async ({store, open, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    const first = await claimOne(store, workers, {bound: false})
    expect((await claim(store)).readyIn).toBe(LEASE)
    await fail(store, first, 5 * SECOND)
    expect((await claim(store)).readyIn).toBe(5 * SECOND)
    clock.advance(5 * SECOND - 1)
    expect(await claim(store)).toMatchObject({claims: [], readyIn: 1})
    clock.advance(1)
    expect(attempts(await claim(await open()))).toEqual([[1, 2]])
    for (let looks = 0; looks < 10_000; looks++) {
      const {claims, readyIn} = await claim(store)
      if (claims.length > 0) return
      expect(readyIn).toBeGreaterThan(0)
      expect(readyIn).toBeLessThanOrEqual(LEASE)
      clock.advance(readyIn ?? 0)
    }
    expect.fail('the lease never ends')
  })

  promise('a limit that leaves something ready says so', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await release(store, ...(await claim(store)).claims)
    expect(await claim(store, workers, {limit: 2})).toMatchObject({inFlight: 1, end: true, readyIn: 0})
  })

  promise('work goes on in a channel that drains or was closed', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await store.channels.setState('ops', 'closed')
    const batch = await claim(store)
    expect(claimed(batch)).toEqual([1, 2, 3])
    expect(await ack(store, ...batch.claims)).toEqual(['settled', 'settled', 'settled'])
  })

  promise('what was pruned before it was given is gone, what is given stays', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(6))
    await fail(store, (await claim(store, workers, {limit: 2})).claims[1]!)
    expect(await store.channels.prune('ops', {keep: 1})).toMatchObject({deleted: 3, kept: 3})
    const batch = await claim(store)
    expect(attempts(batch)).toEqual([
      [2, 2],
      [6, 1],
    ])
  })

  promise('an unknown channel is NOT_FOUND, named', async ({store}) => {
    const key = {channel: 'nowhere', group: 'workers'}
    expect((await refused('NOT_FOUND', claim(store, key))).message).toContain('nowhere')
    expect((await refused('NOT_FOUND', store.claims.join(key, 'w1'))).message).toContain('nowhere')
  })
}

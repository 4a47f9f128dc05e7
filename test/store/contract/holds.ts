import {expect} from 'vitest'
import type {Store} from '../../../src/store/store.js'
import {bodies, cursor, reader, readOn, refused, type Suite, seqs, take, texts, upTo} from './bench.js'
import {HOUR, SECOND} from './harness.js'

const bob = reader('ops', 'bob')
const heldBy = async (store: Store) => (await store.consumers.get({channel: 'ops', kind: 'reader', name: 'bob'}))?.held

/** Moves the clock just past the end of bob's lease. */
async function pastLease(store: Store, clock: {now(): number; advance(ms: number): void}): Promise<void> {
  const until = Date.parse((await heldBy(store))?.until ?? '')
  expect(until).toBeGreaterThan(clock.now())
  clock.advance(until - clock.now() + 1)
}

export function holdTests({law, promise, dying}: Suite): void {
  law(7, 'while a hold lasts nobody else gets messages of that reader', async ({store, open, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    const other = await open()
    const batch = await take(store, bob, {limit: 2})
    expect([seqs(batch), batch.end, batch.created, batch.after]).toEqual([[1, 2], false, true, 0])
    await refused('BUSY', take(other, bob))
    await refused('BUSY', take(store, bob, {wait: 20}))
    expect(seqs(await take(other, reader('ops', 'zoe')))).toEqual(upTo(5))
    await store.consumers.commit(bob, batch.hold, batch.upTo)
    expect(seqs(await take(other, bob))).toEqual([3, 4, 5])
  })

  law(7, 'a take waits for the holder to finish, and goes on behind it', async ({store, open, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    const batch = await take(store, bob, {limit: 2})
    const waiting = take(await open(), bob, {wait: 20_000})
    await store.consumers.commit(bob, batch.hold, batch.upTo)
    expect(seqs(await waiting)).toEqual([3, 4, 5])
  })

  law(7, 'a hold that was given up gives the same messages again', async ({store, open, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    const batch = await take(store, bob, {limit: 3})
    await store.consumers.release(bob, batch.hold)
    const again = await take(await open(), bob, {limit: 3})
    expect([seqs(again), again.created]).toEqual([[1, 2, 3], false])
    await store.consumers.release(bob, batch.hold)
    await store.consumers.release(bob, 'no such hold')
    await store.consumers.release(reader('none', 'nobody'), 'no such hold')
    expect(await heldBy(store)).toBeDefined()
  })

  law(7, 'what was committed of a batch stays, the rest comes again', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    const batch = await take(store, bob)
    await store.consumers.commit(bob, batch.hold, 2)
    await refused('BUSY', take(store, bob))
    await store.consumers.release(bob, batch.hold)
    expect(seqs(await take(store, bob))).toEqual([3, 4, 5])
  })

  law(7, 'when the lease ends another gets the messages, and a late commit is refused', async (bench) => {
    const {store, open, sendAll, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    const late = await take(store, bob, {limit: 3})
    await pastLease(store, clock)
    expect(await heldBy(store)).toBeUndefined()
    const other = await open()
    const again = await take(other, bob, {limit: 3})
    expect(seqs(again)).toEqual([1, 2, 3])
    await refused('STALE_CLAIM', store.consumers.commit(bob, late.hold, late.upTo))
    await refused('STALE_CLAIM', store.consumers.extend(bob, late.hold))
    await store.consumers.release(bob, late.hold)
    expect(await cursor(store, bob)).toBe(0)
    await other.consumers.commit(bob, again.hold, again.upTo)
    expect(await cursor(store, bob)).toBe(3)
  })

  law(7, 'a hold that is extended lasts', async ({store, open, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const batch = await take(store, bob)
    const lease = Date.parse((await heldBy(store))?.until ?? '') - clock.now()
    clock.advance(lease - 1)
    await store.consumers.extend(bob, batch.hold)
    clock.advance(lease - 1)
    await refused('BUSY', take(await open(), bob))
    await store.consumers.commit(bob, batch.hold, batch.upTo)
    await refused('STALE_CLAIM', store.consumers.extend(bob, batch.hold))
  })

  dying(
    7,
    'a reader that dies between taking and committing gets its messages again',
    async (bench, {take: die, told}) => {
      const {store, sendAll, clock} = bench
      await store.channels.create('ops', {}, 'alice')
      await sendAll('ops', texts(5))
      expect(await die(bob, 3)).toEqual([1, 2, 3])
      if (!told) await pastLease(store, clock)
      expect(seqs(await take(store, bob))).toEqual(upTo(5))
    },
  )

  law(7, 'closing a handle gives up what it holds', async ({store, open, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const other = await open()
    await take(other, bob)
    await other.close()
    await other.close()
    expect(seqs(await take(store, bob))).toEqual([1, 2, 3])
  })

  law(7, 'eight that read as one at once get every message once, each in order', async ({store, handles, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(100))
    const reading = (await handles(8)).map(async (one) => {
      const got: number[] = []
      for (;;) {
        const batch = await readOn(one, bob, {limit: 3, wait: 20_000})
        if (batch.messages.length === 0) return got
        got.push(...seqs(batch))
      }
    })
    const got = await Promise.all(reading)
    for (const one of got) expect(one).toEqual(one.toSorted((a, b) => a - b))
    expect(got.flat().sort((a, b) => a - b)).toEqual(upTo(100))
  })

  law(
    7,
    'of sixteen that take as one at once one gets a batch, the others are BUSY',
    async ({store, handles, sendAll}) => {
      await store.channels.create('ops', {}, 'alice')
      await sendAll('ops', texts(3))
      const results = await Promise.allSettled((await handles(16)).map((one) => take(one, bob)))
      expect(results.filter(({status}) => status === 'fulfilled')).toHaveLength(1)
      for (const result of results)
        if (result.status === 'rejected') await refused('BUSY', Promise.reject(result.reason))
    },
  )

  promise('with nothing to give there is no hold', async ({store, open, send}) => {
    await store.channels.create('ops', {}, 'alice')
    const empty = await take(store, bob)
    expect(empty).toMatchObject({messages: [], after: 0, upTo: 0, end: true, created: true, pruned: 0})
    expect(empty.hold).toBe('')
    expect(await heldBy(store)).toBeUndefined()
    await send('ops')
    const batch = await take(await open(), bob)
    expect([seqs(batch), batch.created]).toEqual([[1], false])
  })

  promise('with nothing to give the cursor moves past what the reader does not see', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {recipient: 'zoe'})
    await send('ops', {expiresAt: clock.now() + SECOND})
    clock.advance(HOUR)
    expect(await take(store, bob)).toMatchObject({messages: [], upTo: 2, end: true})
    expect(await cursor(store, bob)).toBe(2)
  })

  promise('committing to `upTo` finishes what was passed over too', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {recipient: 'zoe'})
    await send('ops', {body: 'seen'})
    await send('ops', {recipient: 'zoe'})
    const batch = await take(store, bob)
    expect([bodies(batch), batch.upTo, batch.end]).toEqual([['seen'], 3, true])
    await store.consumers.commit(bob, batch.hold, batch.upTo)
    expect(await cursor(store, bob)).toBe(3)
    expect(await heldBy(store)).toBeUndefined()
  })

  promise('`end` says exactly whether nothing more was there', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await sendAll('ops', texts(2), {recipient: 'zoe'})
    for (const [limit, end] of [
      [2, false],
      [3, true],
      [4, true],
    ] as const) {
      const batch = await take(store, reader('ops', `r${limit}`), {limit})
      expect([limit, batch.end]).toEqual([limit, end])
    }
  })

  promise('a filter passes over what it hides', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    for (const type of ['news', 'noise', 'news', 'noise', 'news', 'noise']) await send('ops', {type})
    const filter = {types: ['news']}
    expect(seqs(await readOn(store, bob, {filter, limit: 2}))).toEqual([1, 3])
    expect(await store.consumers.unread(bob, {actor: 'bob', filter})).toBe(1)
    expect(seqs(await readOn(store, bob, {filter, limit: 2}))).toEqual([5])
    expect(await cursor(store, bob)).toBe(6)
  })

  promise('what is being handed over is shown with the consumer', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    await readOn(store, bob, {limit: 1})
    const batch = await take(store, bob, {limit: 3})
    const held = await heldBy(store)
    expect(held).toMatchObject({from: 2, to: 4})
    expect(held?.holder).not.toBe('')
    expect(Date.parse(held?.until ?? '')).toBeGreaterThan(clock.now())
    await store.consumers.commit(bob, batch.hold, batch.upTo)
    expect(await heldBy(store)).toBeUndefined()
  })

  promise('take on an unknown channel is NOT_FOUND', async ({store}) => {
    expect((await refused('NOT_FOUND', take(store, reader('nowhere', 'bob')))).message).toContain('nowhere')
  })
}

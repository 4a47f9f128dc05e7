import {expect} from 'vitest'
import {only, refused, type Suite, texts} from './bench.js'
import {
  ack,
  attempts,
  claim,
  claimed,
  claimOne,
  deadLetters,
  fail,
  giveUp,
  inFlight,
  LEASE,
  release,
  workers,
} from './claiming.js'
import {HOUR, SECOND, START} from './harness.js'

export function settleTests({law, promise, dying}: Suite): void {
  promise('what is done is never given again', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const {claims} = await claim(store)
    expect(await ack(store, ...claims)).toEqual(['settled', 'settled', 'settled'])
    clock.advance(HOUR)
    expect(await claim(store)).toMatchObject({claims: [], buried: [], inFlight: 0, end: true})
    expect((await claim(store)).readyIn).toBeUndefined()
    expect(await store.claims.settle([])).toEqual([])
  })

  law(
    6,
    'what came of the work is stored with the end of its claim, or neither',
    async ({store, sendAll, outgoing}) => {
      for (const name of ['ops', 'out']) await store.channels.create(name, {}, 'alice')
      await sendAll('ops', texts(2))
      const {claims} = await claim(store, workers, {limit: 2})
      const [one, two] = claims.map(({token}) => ({token, as: 'done'}) as const)
      const results = [outgoing('out', {key: 'r1', body: 'result'})]
      expect(await store.claims.settle([one!], results)).toEqual(['settled'])
      const again = {...results[0]!, body: 'another'}
      await refused('CONFLICT', store.claims.settle([two!], [outgoing('out', {key: 'r2'}), again]))
      expect(await inFlight(store)).toEqual(['ops/workers 2 claimed 1'])
      expect((await store.channels.get('out'))?.lastSeq).toBe(1)
      // The end of a claim that was lost stores them all the same; they are there once.
      expect(await store.claims.settle([one!], results)).toEqual(['stale'])
      expect(await store.claims.settle([two!], results)).toEqual(['settled'])
      expect((await store.channels.get('out'))?.lastSeq).toBe(1)
    },
  )

  promise('what failed is given again after its delay, as the next attempt', async ({store, open, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    for (const attempt of [1, 2, 3, 4, 5, 6, 7]) {
      const one = await claimOne(await open())
      expect(one.attempt).toBe(attempt)
      expect(await fail(store, one, 10 * SECOND, `reason ${attempt}`)).toBe('settled')
      expect(only(await store.claims.inFlight({}))).toEqual({
        ...workers,
        seq: 1,
        id: one.message.id,
        state: 'waiting',
        attempt,
        until: new Date(clock.now() + 10 * SECOND).toISOString(),
        reason: `reason ${attempt}`,
      })
      clock.advance(10 * SECOND - 1)
      expect(claimed(await claim(store))).toEqual([])
      clock.advance(1)
    }
    expect(await deadLetters(store)).toEqual([])
  })

  promise('what is released is given again at once, uncounted', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(2))
    await fail(store, await claimOne(store))
    for (let rounds = 0; rounds < 7; rounds++) {
      const batch = await claim(store, workers, {maxAttempts: 2})
      expect([attempts(batch), batch.buried]).toEqual([
        [
          [1, 2],
          [2, 1],
        ],
        [],
      ])
      expect(await release(store, ...batch.claims)).toEqual(['settled', 'settled'])
      expect(await inFlight(store)).toEqual(['ops/workers 1 waiting 1', 'ops/workers 2 waiting 0'])
    }
  })

  promise('what is given up becomes a dead letter', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(2))
    await fail(store, await claimOne(store))
    const [one] = (await claim(store)).claims
    clock.advance(SECOND)
    const settlement = {token: one!.token, as: 'failed', reason: 'exit 65', detail: 'a\nb', delay: 9, dead: true}
    expect(await store.claims.settle([settlement as never])).toEqual(['settled'])
    expect(only(await deadLetters(store))).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...workers,
      message: one!.message,
      attempts: 2,
      reason: 'exit 65',
      detail: 'a\nb',
      diedAt: new Date(START + SECOND).toISOString(),
    })
    clock.advance(HOUR)
    expect(claimed(await claim(store))).toEqual([2])
  })

  law(7, 'when the lease ends the message is given again, and every late act is refused', async (bench) => {
    const {store, open, send, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    const late = await claimOne(store)
    clock.advance(LEASE + 1)
    const again = await claimOne(await open(), workers, {actor: 'w2'})
    expect([again.message.seq, again.attempt, again.token === late.token]).toEqual([1, 2, false])
    const acts = [ack, release] as const
    for (const act of acts) expect(await act(store, late)).toEqual(['stale'])
    expect(await fail(store, late)).toBe('stale')
    expect(await giveUp(store, late)).toBe('stale')
    await refused('STALE_CLAIM', store.claims.extend(late.token, LEASE))
    await refused('STALE_CLAIM', store.claims.get(late.token))
    expect(await inFlight(store)).toEqual(['ops/workers 1 claimed 2'])
    expect(await ack(store, again)).toEqual(['settled'])
  })

  law(7, 'a late act is refused also when nobody took over', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const [first, second, third] = (await claim(store)).claims
    clock.advance(LEASE + 1)
    expect(await ack(store, first!)).toEqual(['stale'])
    expect(await giveUp(store, second!)).toBe('stale')
    expect(await release(store, third!)).toEqual(['stale'])
    for (const {token} of [first!, second!, third!]) {
      await refused('STALE_CLAIM', store.claims.extend(token, LEASE))
      await refused('STALE_CLAIM', store.claims.get(token))
    }
    expect(await deadLetters(store)).toEqual([])
    expect((await claim(store)).claims.map(({message, attempt}) => [message.seq, attempt])).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
    ])
  })

  promise('claims end each for itself; a second end is late', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const [first, second, third] = (await claim(store)).claims
    await ack(store, second!)
    const done = (token: string) => ({token, as: 'done'}) as const
    const tokens = [first!, second!, third!, first!].map(({token}) => done(token))
    expect(await store.claims.settle(tokens)).toEqual(['settled', 'stale', 'settled', 'stale'])
    await refused('STALE_CLAIM', store.claims.get(first!.token))
    await refused('STALE_CLAIM', store.claims.extend(first!.token, 1))
    expect(await inFlight(store)).toEqual([])
  })

  promise('a token of another store is NOT_FOUND, and nothing is settled', async ({store, another, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    const mine = await claimOne(store)
    const other = await another()
    await other.store.channels.create('ops', {}, 'alice')
    await other.send('ops')
    const theirs = await claimOne(other.store)
    for (const token of [theirs.token, 'no such token', '']) {
      await refused('NOT_FOUND', store.claims.get(token))
      await refused('NOT_FOUND', store.claims.extend(token, LEASE))
      const both = [mine.token, token].map((one) => ({token: one, as: 'done'}) as const)
      await refused('NOT_FOUND', store.claims.settle(both))
    }
    expect(await store.claims.get(mine.token)).toEqual(mine)
    expect(await other.store.claims.get(theirs.token)).toEqual(theirs)
  })

  law(7, 'a lease that is renewed lasts from now on', async ({store, open, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    const one = await claimOne(store)
    clock.advance(LEASE - 1)
    const until = new Date(clock.now() + 2 * LEASE).toISOString()
    expect(await store.claims.extend(one.token, 2 * LEASE)).toBe(until)
    expect(await store.claims.get(one.token)).toEqual({...one, until})
    clock.advance(2 * LEASE - 1)
    expect(claimed(await claim(await open()))).toEqual([])
    expect(await store.claims.extend(one.token, 1)).toBe(new Date(clock.now() + 1).toISOString())
    clock.advance(2)
    expect(attempts(await claim(await open()))).toEqual([[1, 2]])
  })

  law(7, 'what no worker ever came back from becomes a dead letter', async ({store, open, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(2))
    const options = {maxAttempts: 3, limit: 1}
    for (const attempt of [1, 2, 3]) {
      const batch = await claim(await open(), workers, options)
      expect([attempts(batch), batch.buried]).toEqual([[[1, attempt]], []])
      clock.advance(LEASE + 1)
    }
    const batch = await claim(await open(), workers, options)
    expect(attempts(batch)).toEqual([[2, 1]])
    expect(only(batch.buried)).toMatchObject({...workers, attempts: 3, message: {seq: 1}})
    expect(batch.buried[0]?.reason).not.toBe('')
    expect(await deadLetters(store)).toEqual(batch.buried)
    expect(await inFlight(store)).toEqual(['ops/workers 2 claimed 1'])
  })

  promise('what failed with a word is given again however often, what was lost counts', async (bench) => {
    const {store, send, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    const options = {maxAttempts: 2}
    await claimOne(store, workers, options)
    clock.advance(LEASE + 1)
    const second = await claimOne(store, workers, options)
    expect(second.attempt).toBe(2)
    await fail(store, second)
    const third = await claimOne(store, workers, options)
    await release(store, third)
    expect((await claimOne(store, workers, options)).attempt).toBe(3)
    clock.advance(LEASE + 1)
    expect((await claim(store, workers, options)).buried.map(({attempts: count}) => count)).toEqual([3])
  })

  law(7, 'a handle that is closed gives up what is bound to it, not what was claimed by hand', async (bench) => {
    const {store, open, sendAll, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(4))
    const other = await open()
    const [first] = (await claim(other, workers, {limit: 2})).claims
    const [byHand, second] = (await claim(other, workers, {limit: 2, bound: false})).claims
    await other.close()
    expect(claimed(await claim(store))).toEqual([1, 2])
    expect(await ack(store, first!)).toEqual(['stale'])
    expect(await ack(store, byHand!)).toEqual(['settled'])
    clock.advance(LEASE + 1)
    expect(await ack(store, second!)).toEqual(['stale'])
    expect(claimed(await claim(store))).toEqual([1, 2, 4])
  })

  dying(7, 'what a killed worker had claimed is given again', async (bench, {claim: die, told}) => {
    const {store, sendAll, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    expect(await die(workers, 3)).toEqual([1, 2, 3])
    if (!told) {
      expect(claimed(await claim(store, workers, {limit: 1}))).toEqual([4])
      clock.advance(LEASE + 1)
    }
    const batch = await claim(store)
    expect(attempts(batch).slice(0, 3)).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
    ])
    expect(batch.claims).toHaveLength(5)
    expect(new Set(await ack(store, ...batch.claims))).toEqual(new Set(['settled']))
  })

  dying(7, 'what kills every worker becomes a dead letter', async ({store, sendAll, clock}, {claim: die, told}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(2))
    for (let deaths = 0; deaths < 2; deaths++) {
      expect(await die(workers, 1)).toEqual([1])
      if (!told) clock.advance(LEASE + 1)
    }
    const batch = await claim(store, workers, {maxAttempts: 2})
    expect([batch.buried.map(({message, attempts: count}) => [message.seq, count]), claimed(batch)]).toEqual([
      [[1, 2]],
      [2],
    ])
  })

  promise('inFlight says how each message stands, by channel, group and seq', async ({store, open, sendAll, clock}) => {
    for (const name of ['ops', 'dev']) {
      await store.channels.create(name, {}, 'alice')
      await sendAll(name, texts(3))
    }
    const other = await open()
    const [first] = (await claim(other, workers, {actor: 'bob', limit: 2})).claims
    await claim(store, {channel: 'ops', group: 'a'}, {limit: 1, bound: false})
    const [inDev] = (await claim(store, {channel: 'dev', group: 'workers'}, {limit: 1})).claims
    await fail(store, inDev!, SECOND)
    const [byHand, bound] = [only(await store.claims.inFlight({group: 'a'})), await store.claims.inFlight(workers)]
    expect(bound[0]).toMatchObject({
      ...workers,
      seq: 1,
      id: first!.message.id,
      state: 'claimed',
      attempt: 1,
      until: first!.until,
      by: 'bob',
      token: first!.token,
    })
    expect(bound[0]?.holder).toEqual(expect.any(String))
    expect(byHand).toMatchObject({by: 'w1', state: 'claimed'})
    expect(byHand.holder).toBeUndefined()
    expect(await inFlight(store)).toEqual([
      'dev/workers 1 waiting 1',
      'ops/a 1 claimed 1',
      'ops/workers 1 claimed 1',
      'ops/workers 2 claimed 1',
    ])
    expect(await inFlight(store, {channel: 'dev'})).toEqual(['dev/workers 1 waiting 1'])
    expect(await inFlight(store, {channel: 'ops', seq: 1})).toEqual(['ops/a 1 claimed 1', 'ops/workers 1 claimed 1'])
    for (const query of [{channel: 'none'}, {group: 'none'}, {seq: 3}]) expect(await inFlight(store, query)).toEqual([])
    clock.advance(LEASE + 1)
    expect(await inFlight(store, workers)).toEqual(['ops/workers 1 waiting 1', 'ops/workers 2 waiting 1'])
    const lost = (await store.claims.inFlight(workers))[0]
    expect([lost?.token, lost?.by, lost?.holder]).toEqual([undefined, undefined, undefined])
  })
}

import {expect} from 'vitest'
import {bodies, reader, readOn, refused, type Suite, scanAll, seqs, take, texts, upTo} from './bench.js'
import {ack, claim, fail, workers} from './claiming.js'
import {DAY, HOUR, SECOND} from './harness.js'

const bob = reader('ops', 'bob')

export function retentionTests({promise}: Suite): void {
  promise('prune keeps so many of the newest', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    expect(await store.channels.prune('ops', {keep: 2})).toEqual({
      channel: 'ops',
      deleted: 3,
      kept: 2,
      clockDoubted: false,
    })
    expect(seqs({messages: await scanAll(store, ['ops'])})).toEqual([4, 5])
    expect(await store.channels.prune('ops', {keep: 9})).toMatchObject({deleted: 0, kept: 2})
  })

  promise('prune deletes what was stored before a time', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(2, 'old'))
    clock.advance(HOUR)
    await sendAll('ops', texts(2, 'new'))
    expect(await store.channels.prune('ops', {before: clock.now()})).toMatchObject({deleted: 2, kept: 2})
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(['new 1', 'new 2'])
  })

  promise('a dry run only counts', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    expect(await store.channels.prune('ops', {keep: 1, dryRun: true})).toMatchObject({deleted: 4, kept: 1})
    expect(await scanAll(store, ['ops'])).toHaveLength(5)
  })

  promise("by default prune applies the channel's retention", async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    expect(await store.channels.prune('ops', {})).toMatchObject({deleted: 0, kept: 5})
    await store.channels.update('ops', {retention: {maxMessages: 4}})
    expect(await store.channels.prune('ops', {})).toMatchObject({deleted: 1, kept: 4})
    await store.channels.update('ops', {retention: {maxAge: HOUR}})
    expect(await store.channels.prune('ops', {})).toMatchObject({deleted: 0, kept: 4})
    clock.advance(HOUR + SECOND)
    expect(await store.channels.prune('ops', {retention: true})).toMatchObject({deleted: 4, kept: 0})
  })

  promise("nothing goes by age while the clock can't be believed", async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {retention: {maxAge: HOUR}}, 'alice')
    await sendAll('ops', texts(3))
    clock.advance(DAY + SECOND)
    expect(await store.channels.prune('ops', {})).toEqual({channel: 'ops', deleted: 0, kept: 3, clockDoubted: true})
    expect(await store.channels.prune('ops', {keep: 2})).toMatchObject({deleted: 1, clockDoubted: false})
    expect(await store.channels.prune('ops', {trustClock: true})).toMatchObject({
      deleted: 2,
      kept: 0,
      clockDoubted: false,
    })
  })

  promise(
    'a channel in which little happens is pruned by age while something happens elsewhere',
    async ({store, send, clock}) => {
      await store.channels.create('weekly', {retention: {maxAge: HOUR}}, 'alice')
      await store.channels.create('busy', {}, 'alice')
      await send('weekly', {})
      clock.advance(7 * DAY)
      await send('busy', {})
      expect(await store.channels.prune('weekly', {dryRun: true})).toMatchObject({deleted: 1, clockDoubted: false})
      await send('weekly', {})
      expect((await store.channels.summaries({channels: [{name: 'weekly'}], actor: 'alice'}))[0]).toMatchObject({
        messages: 1,
      })
    },
  )

  promise('what is claimed or waits for its next attempt stays, and counts', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {retention: {maxMessages: 3, maxAge: HOUR}}, 'alice')
    await sendAll('ops', texts(3))
    const [first, second] = (await claim(store, workers, {limit: 2, lease: DAY})).claims
    await fail(store, second!, DAY)
    const stored = async () => seqs({messages: await scanAll(store, ['ops'])})
    await sendAll('ops', texts(3))
    expect(await stored()).toEqual([1, 2, 4, 5, 6])
    clock.advance(HOUR + SECOND)
    await sendAll('ops', texts(1))
    expect(await stored()).toEqual([1, 2, 7])
    expect(await store.channels.prune('ops', {keep: 0, dryRun: true})).toMatchObject({deleted: 1, kept: 2})
    expect(await store.channels.prune('ops', {before: clock.now() + 1})).toMatchObject({deleted: 1, kept: 2})
    expect(await stored()).toEqual([1, 2])
    await ack(store, first!)
    expect(await store.channels.prune('ops', {})).toMatchObject({deleted: 1, kept: 1})
    await sendAll('ops', texts(1))
    expect(await stored()).toEqual([2, 8])
    clock.advance(DAY)
    expect((await claim(store)).claims.map(({message}) => message.seq)).toEqual([2, 8])
  })

  promise('keepUnread keeps what a reader or a subscriber has not read', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(6))
    await readOn(store, bob, {limit: 4})
    await store.subscriptions.put('ops', 'zoe', {}, 'zoe', 2)
    expect(await store.channels.prune('ops', {keep: 0, keepUnread: true, dryRun: true})).toMatchObject({
      deleted: 2,
      kept: 4,
    })
    expect(await store.channels.prune('ops', {keep: 0, keepUnread: true})).toMatchObject({deleted: 2, kept: 4})
    expect(seqs(await readOn(store, reader('ops', 'zoe')))).toEqual([3, 4, 5, 6])
    expect(await store.channels.prune('ops', {keep: 0, keepUnread: true})).toMatchObject({deleted: 2, kept: 2})
    expect(seqs(await readOn(store, bob))).toEqual([5, 6])
  })

  promise('a reader behind gets what is still stored, once, and learns what was pruned', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(10))
    expect(seqs(await readOn(store, bob, {limit: 2}))).toEqual([1, 2])
    await store.channels.prune('ops', {keep: 4})
    const batch = await readOn(store, bob, {limit: 3})
    expect([seqs(batch), batch.after, batch.pruned]).toEqual([[7, 8, 9], 2, 4])
    const rest = await readOn(store, bob)
    expect([seqs(rest), rest.pruned]).toEqual([[10], 0])
  })

  promise('a reader in the middle of a batch may finish it when it is pruned', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    const batch = await take(store, bob, {limit: 3})
    await store.channels.prune('ops', {keep: 1})
    await store.consumers.commit(bob, batch.hold, batch.upTo)
    expect(seqs(await take(store, bob))).toEqual([5])
  })

  promise('pruning races with reading: nothing that is stored is skipped', async ({store, sendAll, open}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(60))
    const pruner = await open()
    const got: number[] = []
    const reading = (async () => {
      while (got.at(-1) !== 60) got.push(...seqs(await readOn(store, bob, {limit: 4})))
    })()
    for (const keep of [50, 40, 30, 20]) await pruner.channels.prune('ops', {keep})
    await reading
    expect(got).toEqual([...new Set(got)].sort((a, b) => a - b))
    expect(got.slice(-20)).toEqual(upTo(60).slice(-20))
  })

  promise('an unknown channel is NOT_FOUND', async ({store}) => {
    await refused('NOT_FOUND', store.channels.prune('none', {keep: 0}))
  })
}

import {expect} from 'vitest'
import {refused, type Suite, texts} from './bench.js'
import {ack, bury, claim, claimed, claimOne, deadLetters, fail, groupOf, inFlight, workers} from './claiming.js'
import {HOUR, START} from './harness.js'

const key = {channel: 'ops', kind: 'workers', name: 'workers'} as const

export function groupTests({promise, dying}: Suite): void {
  promise('a group is a consumer of the kind workers; its cursor is what it was given', async (bench) => {
    const {store, sendAll, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await store.channels.create('dev', {}, 'alice')
    await sendAll('ops', texts(5))
    await store.claims.join(workers, 'w1')
    const createdAt = new Date(START).toISOString()
    expect(await store.consumers.get(key)).toMatchObject({...key, cursor: 0, createdAt})
    clock.advance(HOUR)
    const batch = await claim(store, workers, {limit: 3})
    expect(await groupOf(store)).toMatchObject({cursor: 3, createdAt, movedAt: new Date(START + HOUR).toISOString()})
    await ack(store, ...batch.claims)
    expect(await groupOf(store)).toMatchObject({cursor: 3})
    await store.claims.join({channel: 'dev', group: 'others'}, 'w1')
    await store.consumers.seek({channel: 'ops', reader: 'workers'}, 1, {actor: 'workers'})
    const listed = async (query: Parameters<typeof store.consumers.list>[0]) =>
      (await store.consumers.list(query)).map(({channel, kind, name}) => `${channel} ${kind} ${name}`).sort()
    expect(await listed({})).toEqual(['dev workers others', 'ops reader workers', 'ops workers workers'])
    expect(await listed({kind: 'workers', channel: 'ops'})).toEqual(['ops workers workers'])
    expect(await listed({kind: 'workers', name: 'others'})).toEqual(['dev workers others'])
    expect(await listed({kind: 'reader'})).toEqual(['ops reader workers'])
    expect((await store.info()).consumers).toBe(3)
  })

  promise('workers are shown until they leave or their handle is closed', async ({store, open, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const there = async () => ((await groupOf(store))?.workers ?? []).map(({actor}) => actor).sort()
    const {worker: first} = await store.claims.join(workers, 'alice')
    const other = await open()
    clock.advance(HOUR)
    await other.claims.join(workers, 'bob')
    const {worker: second, created} = await other.claims.join(workers, 'bob')
    expect([await there(), created]).toEqual([['alice', 'bob', 'bob'], false])
    const bob = (await groupOf(store))?.workers?.find(({actor}) => actor === 'bob')
    expect(bob).toMatchObject({since: new Date(START + HOUR).toISOString()})
    expect(bob?.holder).not.toBe('')
    await other.claims.leave(second)
    await other.claims.leave(second)
    expect(await there()).toEqual(['alice', 'bob'])
    await other.close()
    expect(await there()).toEqual(['alice'])
    await store.claims.leave(first)
    await store.claims.leave('no such worker')
    expect(await there()).toEqual([])
  })

  dying(7, 'a worker that was killed is not shown any more, where that is told', async ({store}, {join, told}) => {
    await store.channels.create('ops', {}, 'alice')
    await store.claims.join(workers, 'alice')
    await join(workers)
    if (told) expect((await groupOf(store))?.workers?.map(({actor}) => actor)).toEqual(['alice'])
    else expect(await groupOf(store)).toBeDefined()
  })

  promise('rename takes groups, claims and dead letters along', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(4))
    await bury(store, {channel: 'ops', group: 'hopeless'})
    const [first, second] = (await claim(store, workers, {limit: 2})).claims
    await store.claims.join(workers, 'w1')
    await store.channels.rename('ops', 'dev')
    const moved = {channel: 'dev', group: 'workers'}
    expect(await groupOf(store)).toBeUndefined()
    expect((await groupOf(store, moved))?.workers).toHaveLength(1)
    expect(await store.claims.get(first!.token)).toMatchObject({...moved, message: {channel: 'dev', seq: 1}})
    expect(await ack(store, first!)).toEqual(['settled'])
    await fail(store, second!)
    expect(await inFlight(store)).toEqual(['dev/workers 2 waiting 1'])
    expect(claimed(await claim(store, moved))).toEqual([2, 3, 4])
    expect(await deadLetters(store, {channel: 'ops'})).toEqual([])
    const dead = await deadLetters(store, {channel: 'dev'})
    expect(dead.map(({channel, group, message}) => [channel, group, message.channel])).toEqual(
      Array.from({length: 4}, () => ['dev', 'hopeless', 'dev']),
    )
  })

  promise('delete takes groups, claims and dead letters away', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const one = await claimOne(store)
    await bury(store, {channel: 'ops', group: 'hopeless'})
    await store.claims.join(workers, 'w1')
    expect(await store.channels.delete('ops')).toBe(3)
    await refused('STALE_CLAIM', store.claims.get(one.token))
    expect(await ack(store, one)).toEqual(['stale'])
    for (const again of [false, true]) {
      if (again) await store.channels.create('ops', {}, 'eve')
      expect([await inFlight(store), await deadLetters(store), await store.consumers.list({})]).toEqual([[], [], []])
    }
    await sendAll('ops', texts(2))
    const batch = await claim(store)
    expect([claimed(batch), batch.created]).toEqual([[4, 5], true])
  })

  promise('forget takes a group and what it has in flight away; its dead letters stay', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await bury(store)
    await sendAll('ops', texts(2))
    const [first, second] = (await claim(store)).claims
    await fail(store, first!, HOUR)
    expect(await store.consumers.forget(key)).toBe(true)
    expect(await store.consumers.forget(key)).toBe(false)
    expect([await groupOf(store), await inFlight(store)]).toEqual([undefined, []])
    expect(await deadLetters(store)).toHaveLength(3)
    expect(await ack(store, second!)).toEqual(['stale'])
    await refused('STALE_CLAIM', store.claims.extend(second!.token, 1))
    const again = await claim(store)
    expect([claimed(again), again.claims.map(({attempt}) => attempt), again.created]).toEqual([
      [1, 2, 3, 4, 5],
      [1, 1, 1, 1, 1],
      true,
    ])
  })

  promise('forgetting a reader leaves the group of that name alone', async ({store}) => {
    await store.channels.create('ops', {}, 'alice')
    await store.claims.join(workers, 'w1')
    expect(await store.consumers.forget({...key, kind: 'reader'})).toBe(false)
    expect(await groupOf(store)).toBeDefined()
  })
}

import {expect} from 'vitest'
import type {Standing} from '../../../src/model/statistics.js'
import type {BacklogQuery, Store} from '../../../src/store/store.js'
import {type Bench, only, reader, readOn, type Suite, take, texts} from './bench.js'
import {HOUR, SECOND, START} from './harness.js'

const ops = {channels: [{name: 'ops'}], actor: 'bob'}
const managing = {channels: [{name: 'ops', all: true}], actor: 'alice'}

const hours = (count: number): number[] => Array.from({length: count + 1}, (_, at) => START + at * HOUR)

const countsOf = async (store: Store, points: number[], query: BacklogQuery = ops): Promise<number[]> =>
  only(await store.statistics.traffic({...query, points})).counts

const makeupOf = async (store: Store, query: BacklogQuery = ops, options = {}) =>
  only(
    await store.statistics.makeup({...query, since: 0, until: START + 24 * HOUR, limit: 100, threads: 5, ...options}),
  )

const standings = async (store: Store, query: BacklogQuery = ops): Promise<string[]> =>
  only(await store.statistics.backlog(query)).consumers.map(told)

/** With the seconds at which the oldest was stored. */
const told = ({kind, name, waiting, oldest}: Standing): string =>
  `${kind} ${name} ${waiting} ${oldest === undefined ? '-' : (Date.parse(oldest) - START) / SECOND}`

const counted = ({name, messages, bytes}: {name: string; messages: number; bytes: number}): string =>
  `${name} ${messages} ${bytes}`

export function statisticsTests({promise}: Suite): void {
  promise('traffic is what was stored between points in time', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    expect(await countsOf(store, hours(3))).toEqual([0, 0, 0])
    await send('ops')
    await send('ops')
    clock.advance(HOUR)
    await send('ops') // at the point itself
    clock.advance(3 * HOUR)
    await send('ops')
    expect(await countsOf(store, hours(5))).toEqual([2, 1, 0, 0, 1])
    expect(await countsOf(store, hours(1))).toEqual([2])
    expect(await countsOf(store, [START + 1, START + 2 * HOUR])).toEqual([1])
    expect(await countsOf(store, [0, START])).toEqual([0])
    expect(await countsOf(store, [START + 5 * HOUR, START + 6 * HOUR])).toEqual([0])
    expect(await countsOf(store, [0, Number.MAX_SAFE_INTEGER])).toEqual([4])
  })

  promise('each channel that exists has one answer', async ({store, send}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    await send('b')
    const query = {channels: ['b', 'none', 'a'].map((name) => ({name})), actor: 'bob'}
    const traffic = await store.statistics.traffic({...query, points: hours(1)})
    expect(traffic).toEqual([
      {channel: 'b', counts: [1], last: new Date(START).toISOString()},
      {channel: 'a', counts: [0]},
    ])
    const window = {since: 0, until: START + HOUR, limit: 10, threads: 5}
    expect((await store.statistics.makeup({...query, ...window})).map(({channel}) => channel)).toEqual(['b', 'a'])
    expect((await store.statistics.backlog(query)).map(({channel}) => channel)).toEqual(['b', 'a'])
  })

  promise('a clock that was set back moves nothing in front of what came before', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    clock.advance(2 * HOUR)
    await send('ops')
    clock.advance(-2 * HOUR)
    await send('ops')
    clock.advance(3 * HOUR)
    await send('ops')
    expect(await countsOf(store, hours(4))).toEqual([0, 0, 2, 1])
    expect((await makeupOf(store, ops, {since: START + 2 * HOUR, until: START + 3 * HOUR})).messages).toBe(2)
  })

  promise('direct messages of others and what has expired are in no number', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {sender: 'bob', body: '1'})
    await send('ops', {sender: 'zoe', recipient: 'yan', type: 'secret', body: '22'})
    await send('ops', {sender: 'zoe', recipient: 'bob', body: '333'})
    await send('ops', {sender: 'carl', body: '4444', expiresAt: clock.now() + SECOND})
    clock.advance(SECOND)
    expect([await countsOf(store, hours(1)), await countsOf(store, hours(1), managing)]).toEqual([[2], [3]])
    const seen = await makeupOf(store)
    expect([seen.messages, seen.looked, seen.bytes]).toEqual([2, 2, 4])
    expect([seen.senders.map(counted), seen.types.map(counted)]).toEqual([['bob 1 1', 'zoe 1 3'], ['message 2 4']])
    const managed = await makeupOf(store, managing)
    expect([managed.messages, managed.bytes]).toEqual([3, 6])
    expect(managed.senders.map(counted)).toEqual(['zoe 2 5', 'bob 1 1'])
    expect(managed.types.map(counted)).toEqual(['message 2 4', 'secret 1 2'])
  })

  promise('what was deleted is not counted', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    clock.advance(HOUR)
    await sendAll('ops', texts(5))
    await store.channels.prune('ops', {keep: 7})
    expect(await countsOf(store, hours(2))).toEqual([2, 5])
    expect((await makeupOf(store)).messages).toBe(7)
  })

  promise('the makeup of a window is that of its newest messages', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    for (const [index, sender] of ['a', 'a', 'b', 'c', 'c', 'c'].entries()) {
      await send('ops', {sender, type: index < 4 ? 'one' : 'two', body: new Uint8Array(index)})
      clock.advance(HOUR)
    }
    const all = await makeupOf(store)
    expect(all).toMatchObject({messages: 6, looked: 6, bytes: 15, from: new Date(START).toISOString()})
    expect(all.senders.map(counted)).toEqual(['c 3 12', 'a 2 1', 'b 1 2'])
    expect(all.types.map(counted)).toEqual(['one 4 6', 'two 2 9'])
    const cut = await makeupOf(store, ops, {limit: 2})
    expect(cut).toMatchObject({messages: 6, looked: 2, bytes: 9, from: new Date(START + 4 * HOUR).toISOString()})
    expect(cut.senders.map(counted)).toEqual(['c 2 9'])
    const window = await makeupOf(store, ops, {since: START + HOUR, until: START + 3 * HOUR})
    expect(window.senders.map(counted)).toEqual(['a 1 1', 'b 1 2'])
    const none = await makeupOf(store, ops, {since: START + 30 * HOUR, until: START + 31 * HOUR})
    expect(none).toEqual({channel: 'ops', messages: 0, looked: 0, bytes: 0, senders: [], types: [], threads: []})
  })

  promise('bytes are those of content, and none where it was removed', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    const {id} = await send('ops', {body: 'åäö'})
    await send('ops', {body: '漢'})
    expect((await makeupOf(store)).bytes).toBe(9)
    await store.messages.redact(id, 'alice')
    expect((await makeupOf(store)).bytes).toBe(3)
  })

  promise('threads are told by size, those of one message not at all', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    const roots = []
    for (const answers of [0, 2, 1]) {
      const {id} = await send('ops')
      roots.push(id)
      for (let count = 0; count < answers; count++) await send('ops', {replyTo: id, thread: id})
    }
    expect((await makeupOf(store)).threads).toEqual([
      {thread: roots[1], messages: 3},
      {thread: roots[2], messages: 2},
    ])
    expect((await makeupOf(store, ops, {threads: 1})).threads).toEqual([{thread: roots[1], messages: 3}])
  })

  promise('readers have unread what take would give, since the oldest of it', async ({store, sendAll, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(2))
    clock.advance(5 * SECOND)
    await sendAll('ops', texts(2))
    await readOn(store, reader('ops', 'bob'), {limit: 2})
    await readOn(store, reader('ops', 'zoe'))
    expect(await standings(store)).toEqual(['reader bob 2 5', 'reader zoe 0 -'])
    clock.advance(5 * SECOND)
    await send('ops', {recipient: 'zoe'})
    expect(await standings(store)).toEqual(['reader bob 2 5', 'reader zoe 0 -'])
    // Who manages the channel sees what waits for each of them.
    expect(await standings(store, managing)).toEqual(['reader bob 2 5', 'reader zoe 1 10'])
  })

  promise('a group has waiting what it has in flight and what comes behind', async ({store, sendAll, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(4))
    clock.advance(SECOND)
    await send('ops', {recipient: 'crew'})
    await send('ops', {recipient: 'zoe'})
    const options = {actor: 'bob', limit: 3, lease: HOUR, maxAttempts: 5, bound: false}
    const {claims} = await store.claims.claim({channel: 'ops', group: 'crew'}, options)
    await store.claims.settle([
      {token: claims[0]!.token, as: 'done'},
      {token: claims[1]!.token, as: 'failed', reason: 'x', delay: HOUR},
    ])
    expect(await standings(store)).toEqual(['workers crew 3 0'])
    expect(await standings(store, managing)).toEqual(['workers crew 4 0'])
    expect(only(await store.statistics.backlog(ops))).toMatchObject({claimed: 1, retrying: 1, deadLetters: 0})
    await store.claims.settle([{token: claims[2]!.token, as: 'failed', reason: 'x', delay: 0, dead: true}])
    expect(only(await store.statistics.backlog(ops))).toMatchObject({claimed: 0, retrying: 1, deadLetters: 1})
  })

  promise('a subscription has waiting what is pending and what it was not given', async ({store, sendAll, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await store.subscriptions.put('ops', 'zoe', {transport: 'http', endpoint: 'http://a/'}, 'alice')
    await sendAll('ops', texts(3))
    await send('ops', {recipient: 'zoe'})
    await store.deliveries.take({channel: 'ops', subscriber: 'zoe'}, {lease: HOUR})
    const pushed = async (query: BacklogQuery) =>
      (await standings(store, query)).filter((one) => one.startsWith('push'))
    expect([await pushed(ops), await pushed(managing)]).toEqual([['push zoe 3 0'], ['push zoe 4 0']])
  })

  promise('dead letters and delayed messages count for who may see them', async (bench) => {
    const {store, send, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await buryOne(bench, {sender: 'carl'})
    await buryOne(bench, {recipient: 'crew'})
    await send('ops', {sender: 'bob', deliverAt: clock.now() + HOUR})
    await send('ops', {sender: 'zoe', deliverAt: clock.now() + HOUR})
    const [seen, managed] = [await store.statistics.backlog(ops), await store.statistics.backlog(managing)]
    expect([only(seen), only(managed)]).toMatchObject([
      {deadLetters: 2, scheduled: 1},
      {deadLetters: 2, scheduled: 2},
    ])
  })

  promise('a hold is unread until it is committed', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await take(store, reader('ops', 'bob'))
    expect(await standings(store)).toEqual(['reader bob 3 0'])
  })
}

async function buryOne({store, send}: Bench, fields: {sender?: string; recipient?: string}): Promise<void> {
  await send('ops', fields)
  const options = {actor: 'bob', limit: 1, lease: HOUR, maxAttempts: 5, bound: false}
  const {claims} = await store.claims.claim({channel: 'ops', group: 'crew'}, options)
  await store.claims.settle([{token: only(claims).token, as: 'failed', reason: 'x', delay: 0, dead: true}])
}

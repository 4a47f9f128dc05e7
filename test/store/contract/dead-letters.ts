import {expect} from 'vitest'
import type {DeadLetter} from '../../../src/model/dead-letter.js'
import {only, refused, type Suite, scanAll, texts} from './bench.js'
import {attempts, bury, claim, claimed, deadLetters, giveUp, inFlight, release, workers} from './claiming.js'
import {HOUR, SECOND} from './harness.js'

const others = {channel: 'ops', group: 'others'}
const inDev = {channel: 'dev', group: 'workers'}

const where = (dead: readonly DeadLetter[]): string[] =>
  dead.map(({channel, group, message}) => `${channel}/${message.seq} ${group ?? '-'}`)

export function deadLetterTests({promise}: Suite): void {
  promise(
    'list is in the order of death, and limits to channel, group and message',
    async ({store, sendAll, clock}) => {
      for (const name of ['ops', 'dev']) await store.channels.create(name, {}, 'alice')
      const [first] = await sendAll('ops', texts(2))
      await sendAll('dev', texts(1))
      for (const key of [others, inDev, workers]) {
        clock.advance(-HOUR)
        await bury(store, key)
      }
      const all = await deadLetters(store)
      expect(where(all)).toEqual(['ops/1 others', 'ops/2 others', 'dev/1 workers', 'ops/1 workers', 'ops/2 workers'])
      const listed = async (query: Parameters<typeof deadLetters>[1]) => where(await deadLetters(store, query))
      expect(await listed({channel: 'dev'})).toEqual(['dev/1 workers'])
      expect(await listed({group: 'workers'})).toEqual(['dev/1 workers', 'ops/1 workers', 'ops/2 workers'])
      expect(await listed(workers)).toEqual(['ops/1 workers', 'ops/2 workers'])
      const both = ['ops/1 others', 'ops/1 workers']
      expect(await listed({message: {by: 'id', id: first?.id ?? ''}})).toEqual(both)
      expect(await listed({message: {by: 'end', end: first?.id.replaceAll('-', '').slice(-10) ?? ''}})).toEqual(both)
      expect(await listed({message: {by: 'place', channel: 'ops', seq: 1}})).toEqual(both)
      expect(await listed({message: {by: 'place', channel: 'ops', seq: 1}, group: 'others'})).toEqual(['ops/1 others'])
      for (const query of [
        {channel: 'none'},
        {group: 'none'},
        {message: {by: 'place', channel: 'dev', seq: 2} as const},
      ])
        expect(await listed(query)).toEqual([])
      const pages: string[][] = []
      let after: string | undefined
      for (;;) {
        const page = await deadLetters(store, {limit: 2, ...(after !== undefined && {after})})
        if (page.length === 0) break
        pages.push(where(page))
        after = page.at(-1)?.id
      }
      expect(pages.map(({length}) => length)).toEqual([2, 2, 1])
      expect(pages.flat()).toEqual(where(all))
      expect(await listed({channel: 'ops', after: all[1]?.id ?? ''})).toEqual(['ops/1 workers', 'ops/2 workers'])
    },
  )

  promise('a dead letter keeps a copy of its message, whatever becomes of that', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {body: '{"a": 1.0}', contentType: 'application/json', headers: {a: 'b'}, conversation: 'c'})
    await send('ops', {body: Uint8Array.of(0, 255), contentType: 'x/y', key: 'k', correlationId: 'x'})
    const stored = await scanAll(store, ['ops'])
    await bury(store)
    expect(await store.channels.prune('ops', {keep: 0})).toMatchObject({deleted: 2, kept: 0})
    expect((await deadLetters(store)).map(({message}) => message)).toEqual(stored)
  })

  promise('purge deletes dead letters and says how many there were', async ({store, sendAll, ids}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const [first, second] = await bury(store)
    expect(await store.deadLetters.purge([first!.id, ids(), second!.id, first!.id])).toBe(2)
    expect(where(await deadLetters(store))).toEqual(['ops/3 workers'])
    expect(await store.deadLetters.purge([first!.id])).toBe(0)
    expect(claimed(await claim(store))).toEqual([])
  })

  promise('redrive gives them to their group again, with all attempts, at their places', async (bench) => {
    const {store, open, sendAll, ids, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const [first, , third] = await bury(store)
    await bury(store, others)
    const redriven = await store.deadLetters.redrive([third!.id, ids(), first!.id, third!.id])
    expect(redriven.toSorted((a, b) => a.seq - b.seq)).toEqual([
      {id: first!.id, ...workers, seq: 1},
      {id: third!.id, ...workers, seq: 3},
    ])
    expect(where(await deadLetters(store, workers))).toEqual(['ops/2 workers'])
    const batch = await claim(await open(), workers, {maxAttempts: 1})
    expect(attempts(batch)).toEqual([
      [1, 1],
      [3, 1],
    ])
    expect(claimed(await claim(store, others))).toEqual([])
    await giveUp(store, batch.claims[0]!, 'again')
    expect(where(await deadLetters(store, workers))).toEqual(['ops/2 workers', 'ops/1 workers'])
    clock.advance(HOUR)
    expect(await store.deadLetters.redrive([third!.id])).toEqual([])
    expect(await store.deadLetters.redrive([])).toEqual([])
  })

  promise('redriving wakes workers', async ({store, open, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(1))
    const dead = only(await bury(store))
    const worker = await open()
    const {seen} = await claim(worker)
    const woken = worker.changed({ops: seen}, new AbortController().signal)
    await store.deadLetters.redrive([dead.id])
    await woken
    expect(claimed(await claim(worker))).toEqual([1])
  })

  promise('what was pruned is stored anew, under its id and for its group alone', async ({store, send, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    const {id} = await send('ops', {body: 'pruned', headers: {a: 'b'}, type: 'job', key: 'k', correlationId: 'x'})
    await sendAll('ops', texts(1), {sender: 'zoe'})
    const [dead] = await bury(store)
    await claim(store, others)
    await store.consumers.forget({channel: 'ops', kind: 'workers', name: 'others'})
    await store.channels.prune('ops', {keep: 1})
    const {seq} = only(await store.deadLetters.redrive([dead!.id]))
    expect(seq).toBe(3)
    const batch = await claim(store)
    expect(attempts(batch)).toEqual([[3, 1]])
    expect(batch.claims[0]?.message).toMatchObject({
      id,
      body: 'pruned',
      headers: {a: 'b'},
      sender: 'alice',
      type: 'job',
      correlationId: 'x',
      recipient: 'workers',
      thread: id,
    })
    expect(claimed(await claim(store, others))).toEqual([2])
    expect(await scanAll(store, ['ops'], {actor: 'bob'})).toHaveLength(1)
  })

  promise('two groups that redrive what was pruned are both given it', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(1))
    const mine = only(await bury(store))
    const theirs = only(await bury(store, others))
    await store.channels.prune('ops', {keep: 0})
    await store.deadLetters.redrive([mine.id, theirs.id])
    for (const key of [workers, others, workers, others]) {
      const batch = await claim(store, key)
      expect([key.group, batch.claims.map(({message}) => message.id)]).toEqual([key.group, [mine.message.id]])
      await release(store, ...batch.claims)
    }
  })

  promise('what was pruned may have lost its key to another', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {key: 'k', body: 'first'})
    const dead = only(await bury(store))
    await store.channels.prune('ops', {keep: 0})
    const second = await send('ops', {key: 'k', body: 'second'})
    await store.deadLetters.redrive([dead.id])
    const batch = await claim(store)
    expect(batch.claims.map(({message}) => message.body).sort()).toEqual(['first', 'second'])
    expect(await send('ops', {key: 'k', body: 'second'})).toMatchObject({id: second.id, duplicate: true})
  })

  promise('a group that was forgotten is made again at the end of its channel', async ({store, send, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const [, second, third] = await bury(store)
    await store.consumers.forget({channel: 'ops', kind: 'workers', name: 'workers'})
    expect(await store.deadLetters.redrive([second!.id])).toEqual([{id: second!.id, ...workers, seq: 2}])
    await store.deadLetters.redrive([third!.id])
    await send('ops')
    const batch = await claim(store)
    expect([attempts(batch), batch.created]).toEqual([
      [
        [2, 1],
        [3, 1],
        [4, 1],
      ],
      false,
    ])
  })

  promise('what the group has in its hands meanwhile is not given twice', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(1))
    const dead = only(await bury(store))
    await store.consumers.forget({channel: 'ops', kind: 'workers', name: 'workers'})
    const batch = await claim(store)
    expect(await store.deadLetters.redrive([dead.id])).toHaveLength(1)
    expect(claimed(await claim(store))).toEqual([])
    expect(await inFlight(store)).toEqual(['ops/workers 1 claimed 1'])
    expect(await store.claims.get(batch.claims[0]!.token)).toEqual(batch.claims[0])
    expect(await deadLetters(store)).toEqual([])
  })

  promise('a delayed one is stored as it would have been', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const deliverAt = clock.now() + SECOND
    const {id} = await send('ops', {body: 'later', deliverAt, recipient: 'bob', key: 'k', headers: {a: 'b'}})
    await store.channels.setState('ops', 'closed')
    clock.advance(HOUR)
    const dead = only(await deadLetters(store))
    await refused('CHANNEL_CLOSED', store.deadLetters.redrive([dead.id]))
    await store.channels.setState('ops', 'open')
    expect(await store.deadLetters.redrive([dead.id])).toEqual([{id: dead.id, channel: 'ops', seq: 1}])
    expect(only(await scanAll(store, ['ops']))).toEqual({...dead.message, seq: 1})
    expect(dead.message).toMatchObject({id, body: 'later', recipient: 'bob', key: 'k', headers: {a: 'b'}})
    expect(await deadLetters(store)).toEqual([])
    expect(await send('ops', {key: 'k', body: 'later'})).toMatchObject({id, duplicate: true})
  })

  promise('redrive is all or none, and refused by a closed channel', async ({store, sendAll}) => {
    for (const name of ['ops', 'dev']) {
      await store.channels.create(name, {}, 'alice')
      await sendAll(name, texts(1))
    }
    const [open, shut] = [only(await bury(store)), only(await bury(store, inDev))]
    await store.channels.setState('dev', 'closed')
    const error = await refused('CHANNEL_CLOSED', store.deadLetters.redrive([open.id, shut.id]))
    expect(error.message).toContain('dev')
    expect([claimed(await claim(store)), await deadLetters(store)]).toEqual([[], [open, shut]])
    expect(await store.deadLetters.redrive([open.id])).toHaveLength(1)
  })

  promise('redact takes content, headers and what was said about it out of dead letters', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    const {id} = await send('ops', {body: 'secret', headers: {token: 'x'}, key: 'k'})
    const token = (await claim(store)).claims[0]!.token
    await store.claims.settle([{token, as: 'failed', reason: 'exit 1', detail: 'secret', delay: 0, dead: true}])
    await store.messages.redact(id, 'zoe')
    const dead = only(await deadLetters(store))
    expect(dead).toMatchObject({reason: 'exit 1', message: {id, redactedBy: 'zoe', key: 'k'}})
    expect([dead.message.body.length, dead.message.headers, dead.detail]).toEqual([0, undefined, undefined])
    await store.channels.prune('ops', {keep: 0})
    await store.deadLetters.redrive([dead.id])
    expect((await claim(store)).claims[0]?.message).toMatchObject({id, redactedBy: 'zoe'})
  })

  promise('redact reaches dead letters whose message was pruned', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    const {id} = await send('ops', {body: 'secret'})
    await bury(store)
    await store.channels.prune('ops', {keep: 0})
    expect(await store.messages.redact(id, 'zoe')).toEqual([])
    expect(only(await deadLetters(store)).message).toMatchObject({id, redactedBy: 'zoe'})
    expect(only(await deadLetters(store)).message.body).toHaveLength(0)
  })
}

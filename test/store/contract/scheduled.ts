import {expect} from 'vitest'
import type {ScheduledMessage} from '../../../src/model/scheduled.js'
import {only, places, type Suite, scanAll, sentTo} from './bench.js'
import {deadLetters, stateOf} from './claiming.js'
import {HOUR, SECOND, START} from './harness.js'

const id = (digit: string): string => `${digit.repeat(8)}-0000-7000-8000-${digit.repeat(12)}`

/** `b 22222222`. */
const where = (scheduled: readonly ScheduledMessage[]): string[] =>
  scheduled.map(({message}) => `${message.channel} ${message.id.slice(0, 8)}`)

export function scheduledTests({promise}: Suite): void {
  promise('a delayed message is listed as it will be, until it is due', async ({store, send, clock}) => {
    for (const name of ['ops', 'replies']) await store.channels.create(name, {}, 'alice')
    const root = await send('ops')
    clock.advance(SECOND)
    const deliverAt = clock.now() + HOUR
    const fields = {
      body: '{"a": 1.0}',
      contentType: 'application/json',
      replyTo: root.id,
      thread: root.id,
      references: [id('a')],
      recipient: 'bob',
      conversation: 'c',
      correlationId: 'x',
      key: 'k',
      replyChannel: 'replies',
      headers: {a: 'b'},
      expiresAt: deliverAt + HOUR,
    }
    await send('ops', {...fields, deliverAt})
    const one = only(await store.messages.scheduled({}))
    expect(one.deliverAt).toBe(new Date(deliverAt).toISOString())
    expect(one.message).toMatchObject({seq: 0, channel: 'ops', sentAt: new Date(START + SECOND).toISOString()})
    clock.advance(HOUR)
    expect(await store.messages.scheduled({})).toEqual([])
    const [, stored] = await scanAll(store, ['ops'])
    expect({...stored}).toEqual({...one.message, seq: 2})
  })

  promise('they come by (deliverAt, id), of one channel, or of one id', async ({store, send}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    await send('a', {id: id('3'), deliverAt: START + 2 * SECOND})
    await send('b', {id: id('2'), deliverAt: START + 2 * SECOND})
    await send(['a', 'b'], {id: id('4'), deliverAt: START + SECOND})
    await send('a', {id: id('1')})
    const listed = async (query: Parameters<typeof store.messages.scheduled>[0]) =>
      where(await store.messages.scheduled(query))
    const all = await listed({})
    expect(all.slice(0, 2).sort()).toEqual(['a 44444444', 'b 44444444'])
    expect(all.slice(2)).toEqual(['b 22222222', 'a 33333333'])
    expect(await listed({channel: 'a'})).toEqual(['a 44444444', 'a 33333333'])
    expect(await listed({channel: 'none'})).toEqual([])
    expect(await listed({message: {by: 'id', id: id('2')}})).toEqual(['b 22222222'])
    expect((await listed({message: {by: 'end', end: '444444'}})).sort()).toEqual(['a 44444444', 'b 44444444'])
    expect(await listed({message: {by: 'end', end: '444444'}, channel: 'b'})).toEqual(['b 44444444'])
    expect(await listed({message: {by: 'end', end: '999999'}})).toEqual([])
    expect(await listed({message: {by: 'place', channel: 'a', seq: 1}})).toEqual([])
  })

  promise('cancel takes a message back from the channels that are named', async ({store, send, clock}) => {
    for (const name of ['a', 'b', 'c']) await store.channels.create(name, {}, 'alice')
    const deliverAt = clock.now() + HOUR
    const sent = await send(['a', 'b', 'c'], {id: id('5'), key: 'k', deliverAt})
    const before = await store.messages.scheduled({channel: 'a'})
    expect(await store.messages.cancel(id('5'), ['a'])).toEqual(before)
    expect(await store.messages.cancel(id('5'), ['a', 'none'])).toEqual([])
    expect(await store.messages.cancel(id('6'), ['b'])).toEqual([])
    expect(where(await store.messages.cancel(id('5'), ['b', 'a']))).toEqual(['b 55555555'])
    expect(where(await store.messages.scheduled({}))).toEqual(['c 55555555'])
    clock.advance(HOUR)
    expect(places(await scanAll(store, ['a', 'b', 'c']))).toEqual(['c/1'])
    expect(sentTo(await send('a', {id: sent.id, key: 'k', body: 'the id is free again'}))).toEqual(['a/1'])
  })

  promise("what is due already isn't there to be cancelled", async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {id: id('5'), deliverAt: clock.now() + SECOND})
    clock.advance(SECOND)
    expect(await store.messages.cancel(id('5'), ['ops'])).toEqual([])
    expect(places(await scanAll(store, ['ops']))).toEqual(['ops/1'])
  })

  promise('cancel raced with sending and the due time takes a message back or not at all', async (bench) => {
    const {store, handles, send, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    const sent = await send('ops', {deliverAt: clock.now() + SECOND})
    const stores = await handles(6)
    const racing = stores.map((one) => one.messages.cancel(sent.id, ['ops']))
    clock.advance(SECOND)
    const cancelled = (await Promise.all(racing)).flat()
    expect(cancelled.length + (await scanAll(store, ['ops'])).length).toBe(1)
  })

  promise('what falls due in a closed channel becomes a dead letter, as it was', async ({store, send, clock}) => {
    for (const name of ['shut', 'ops']) await store.channels.create(name, {}, 'alice')
    const deliverAt = clock.now() + SECOND
    await send(['shut', 'ops'], {deliverAt, body: 'late', headers: {a: 'b'}})
    const scheduled = only(await store.messages.scheduled({channel: 'shut'}))
    await store.channels.setState('shut', 'closed')
    expect(await deadLetters(store)).toEqual([])
    clock.advance(HOUR)
    const dead = only(await deadLetters(store))
    expect(dead).toMatchObject({channel: 'shut', attempts: 0, message: {seq: 0, body: 'late'}})
    expect(dead.message).toEqual(scheduled.message)
    expect([dead.group, dead.diedAt]).toEqual([undefined, new Date(START + HOUR).toISOString()])
    expect(dead.reason).toContain('closed')
    expect(places(await scanAll(store, ['shut', 'ops']))).toEqual(['ops/1'])
    expect(await stateOf(store, 'shut')).toBe('closed')
    expect(await deadLetters(store, {message: {by: 'id', id: dead.message.id}})).toEqual([dead])
  })

  promise('rename takes delayed messages along, delete takes them away', async ({store, send, clock}) => {
    for (const name of ['ops', 'gone']) await store.channels.create(name, {}, 'alice')
    await send(['ops', 'gone'], {id: id('7'), deliverAt: clock.now() + HOUR})
    await store.channels.rename('ops', 'dev')
    await store.channels.delete('gone')
    expect(where(await store.messages.scheduled({}))).toEqual(['dev 77777777'])
    expect(where(await store.messages.cancel(id('7'), ['ops', 'dev']))).toEqual(['dev 77777777'])
  })
}

import {expect} from 'vitest'
import type {Channel} from '../../../src/model/channel.js'
import {Message, type MessageFields} from '../../../src/model/message.js'
import {isoTime} from '../../../src/model/time.js'
import type {Belonging} from '../../../src/model/transfer.js'
import type {Store} from '../../../src/store/store.js'
import {type Bench, only, places, refused, type Suite, scanAll, take, upTo} from './bench.js'
import {DAY, HOUR, SECOND, START} from './harness.js'

const LONG_AGO = isoTime(START - 300 * DAY)

function imported({ids}: Bench, seq: number, fields: Partial<MessageFields> = {}): MessageFields {
  const id = fields.id ?? ids()
  return {
    seq,
    id,
    channel: 'ops',
    sender: 'zoe',
    type: 'message',
    body: `body ${seq}`,
    contentType: 'text/plain',
    time: LONG_AGO,
    thread: id,
    ...fields,
  }
}

const channelAs = (name: string, fields: Partial<Channel> = {}): Channel => ({
  name,
  state: 'open',
  restricted: false,
  hidden: false,
  retention: {},
  metadata: {},
  createdAt: LONG_AGO,
  createdBy: 'zoe',
  lastSeq: 0,
  ...fields,
})

const lastSeq = async (store: Store, name = 'ops'): Promise<number | undefined> =>
  (await store.channels.get(name))?.lastSeq

/** All messages, with the fields that they have; what has expired too. */
const stored = async (store: Store, channel = 'ops'): Promise<Message[]> =>
  scanAll(store, [channel], {channels: [{name: channel, all: true}], expired: true})

export function transferTests({promise, law}: Suite): void {
  promise('a message is stored as it was, every field of it', async (bench) => {
    const {store, ids} = bench
    await store.channels.create('ops', {}, 'alice')
    const whole = imported(bench, 7, {
      type: 'log.entry',
      body: '{ "a" : 12345678901234567890 }\n',
      contentType: 'application/json',
      sentAt: isoTime(START - 301 * DAY),
      recipient: 'bob',
      replyTo: ids(),
      thread: ids(),
      references: [ids(), ids()],
      conversation: 'release',
      correlationId: 'c-1',
      key: 'k-1',
      replyChannel: 'ops.replies',
      headers: {host: 'a'},
      expiresAt: isoTime(START + DAY),
    })
    const bytes = imported(bench, 9, {body: new Uint8Array([0, 255, 10]), contentType: 'image/png'})
    const redacted = imported(bench, 10, {body: '', redactedAt: isoTime(START - DAY), redactedBy: 'bob'})
    const {placed, tails} = await store.transfer.put([whole, bytes, redacted], {})
    expect(placed).toEqual([7, 9, 10].map((seq) => ({as: 'stored', seq})))
    expect(tails).toEqual({ops: 10})
    const found = await stored(store)
    expect(found.map(comparable)).toEqual([whole, bytes, redacted].map((fields) => comparable(new Message(fields))))
    expect(await lastSeq(store)).toBe(10)
    expect(await store.transfer.conversations(['ops'])).toEqual([
      {name: 'release', metadata: {}, createdAt: LONG_AGO, createdBy: 'zoe', byHand: false},
    ])
  })

  law(2, 'seqs stay while the channel has nothing but what comes from the same source', async (bench) => {
    const {store, send} = bench
    await store.channels.create('ops', {}, 'alice')
    const first = await store.transfer.put([imported(bench, 3), imported(bench, 8)], {})
    const second = await store.transfer.put([imported(bench, 9)], first.tails)
    expect(second).toEqual({placed: [{as: 'stored', seq: 9}], tails: {ops: 9}})
    await send('ops')
    const third = await store.transfer.put([imported(bench, 20), imported(bench, 21)], second.tails)
    expect(third).toEqual({placed: [11, 12].map((seq) => ({as: 'stored', seq})), tails: {ops: -1}})
    expect(places(await stored(store))).toEqual(['ops/3', 'ops/8', 'ops/9', 'ops/10', 'ops/11', 'ops/12'])
  })

  law(2, 'no seq below the last is ever given, whatever a message says', async (bench) => {
    const {store, send} = bench
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    const {placed} = await store.transfer.put([imported(bench, 1), imported(bench, 500)], {})
    expect(placed).toEqual([2, 3].map((seq) => ({as: 'stored', seq})))
    await store.channels.delete('ops')
    await store.channels.create('ops', {}, 'alice')
    expect((await store.transfer.put([imported(bench, 1)], {})).placed).toEqual([{as: 'stored', seq: 4}])
  })

  law(4, 'a message that is there is passed over, and tells where it is', async (bench) => {
    const {store} = bench
    await store.channels.create('ops', {}, 'alice')
    const messages = upTo(5).map((seq) => imported(bench, seq * 2))
    await store.transfer.put(messages.slice(0, 3), {})
    const again = await store.transfer.put(messages, {})
    expect(again.placed).toEqual(
      [2, 4, 6].map((seq) => ({as: 'there', seq})).concat([8, 10].map((seq) => ({as: 'stored', seq}))),
    )
    expect(await stored(store)).toHaveLength(5)
  })

  law(4, 'what differs is a conflict, and nothing behind it is stored', async (bench) => {
    const {store, clock, outgoing} = bench
    await store.channels.create('ops', {}, 'alice')
    const there = imported(bench, 1, {key: 'k'})
    await store.transfer.put([there], {})
    const delayed = outgoing('ops', {deliverAt: clock.now() + HOUR})
    await store.messages.append([delayed])
    const different: MessageFields[] = [
      {...there, body: 'other'},
      {...there, sender: 'eve'},
      {...there, body: '', redactedAt: LONG_AGO, redactedBy: 'eve'},
      imported(bench, 2, {key: 'k'}),
      imported(bench, 2, {id: delayed.id}),
    ]
    for (const message of different) {
      const {placed, tails} = await store.transfer.put([message, imported(bench, 3)], {ops: 1})
      expect(placed).toEqual([{as: 'conflict', message: expect.stringMatching(/id|key/)}])
      expect(tails).toEqual({ops: 1})
    }
    expect(places(await stored(store))).toEqual(['ops/1'])
  })

  promise('what was redacted since stays redacted', async (bench) => {
    const {store} = bench
    await store.channels.create('ops', {}, 'alice')
    const message = imported(bench, 1)
    await store.transfer.put([message], {})
    await store.messages.redact(message.id, 'bob')
    expect((await store.transfer.put([message], {})).placed).toEqual([{as: 'there', seq: 1}])
    expect(only(await stored(store))).toMatchObject({body: '', redactedBy: 'bob'})
  })

  promise('nothing is deleted: neither by retention nor because it expired', async (bench) => {
    const {store, send} = bench
    await store.channels.create('ops', {retention: {maxMessages: 2, maxAge: DAY}}, 'alice')
    await store.channels.setState('ops', 'closed')
    const messages = upTo(5).map((seq) => imported(bench, seq, {expiresAt: isoTime(START - HOUR)}))
    await store.transfer.put(messages, {})
    expect(await stored(store)).toHaveLength(5)
    expect(await scanAll(store, ['ops'])).toEqual([])
    await store.channels.setState('ops', 'open')
    await send('ops')
    // The clock is far past what is stored, and not believed: what has expired stays for now.
    expect(places(await stored(store))).toEqual(['ops/5', 'ops/6'])
  })

  promise('counts, times and holes are those of messages that were sent', async (bench) => {
    const {store, send} = bench
    await store.channels.create('ops', {}, 'alice')
    const at = (ms: number): string => isoTime(START + ms)
    const times = [0, 3, 1, 2, 4, 4, 0].map((hours) => at((hours - 10) * HOUR))
    const seqs = [2, 3, 7, 8, 9, 15, 16]
    await store.transfer.put(
      seqs.map((seq, index) => imported(bench, seq, {time: times[index] as string})),
      {},
    )
    await send('ops')
    for (const hours of [-1, 0, 1, 2, 3, 4]) {
      const since = START + (hours - 10) * HOUR
      const wanted = (await stored(store)).filter(({time}) => Date.parse(time) >= since)
      expect(await scanAll(store, ['ops'], {filter: {since}})).toEqual(wanted)
      expect(await store.messages.firstSince('ops', since)).toBe(wanted[0]?.seq)
    }
    for (const after of [0, 1, 2, 3, 6, 9, 14, 17]) {
      await store.consumers.seek({channel: 'ops', reader: 'bob'}, after, {actor: 'bob'})
      const wanted = [...seqs, 17].filter((seq) => seq > after)
      expect(await store.consumers.unread({channel: 'ops', reader: 'bob'}, {actor: 'bob'})).toBe(wanted.length)
      const {hold, messages} = await take(store, {channel: 'ops', reader: 'bob'})
      await store.consumers.release({channel: 'ops', reader: 'bob'}, hold)
      expect(messages.map(({seq}) => seq)).toEqual(wanted)
    }
    const summary = only(await store.channels.summaries({channels: [{name: 'ops'}], actor: 'bob'}))
    expect(summary).toMatchObject({messages: 8, lastSeq: 17})
    expect(await store.channels.prune('ops', {keep: 3})).toMatchObject({deleted: 5, kept: 3})
  })

  law(6, 'a channel that is not there refuses all', async (bench) => {
    const {store} = bench
    await store.channels.create('ops', {}, 'alice')
    await refused('NOT_FOUND', store.transfer.put([imported(bench, 1), imported(bench, 1, {channel: 'none'})], {}))
    expect(await stored(store)).toEqual([])
    const role: Belonging = {
      record: 'role',
      role: {name: 'crew', members: [], createdAt: LONG_AGO, createdBy: 'zoe'},
    }
    const grant: Belonging = {record: 'grant', grant: {channel: 'none', actor: 'bob', permission: 'submit'}}
    await refused('NOT_FOUND', store.transfer.restore([role, grant]))
    const inOtherCase: Belonging = {record: 'channel', channel: channelAs('OPS')}
    await refused('EXISTS', store.transfer.restore([role, inOtherCase]))
    expect(await store.roles.list({})).toEqual([])
  })

  promise('what isn’t there is made as it was, what is there stays', async (bench) => {
    const {store} = bench
    const channel = channelAs('ops', {
      title: 'Ops',
      state: 'closed',
      restricted: true,
      retention: {maxAge: DAY},
      metadata: {a: 'b'},
      contentType: 'application/json',
    })
    const role = {name: 'crew', description: 'd', members: ['bob', 'eve'], createdAt: LONG_AGO, createdBy: 'zoe'}
    const conversation = {
      name: 'release',
      title: 'R',
      metadata: {k: 'v'},
      createdAt: LONG_AGO,
      createdBy: 'zoe',
      byHand: true,
    }
    const subscription = {
      id: bench.ids(),
      channel: 'ops',
      subscriber: 'bob',
      kind: 'bot' as const,
      transport: 'http',
      endpoint: 'https://example.org',
      types: ['a'],
      paused: true,
      createdAt: LONG_AGO,
      createdBy: 'zoe',
    }
    const things: Belonging[] = [
      {record: 'role', role},
      {record: 'channel', channel},
      {record: 'conversation', conversation},
      {record: 'grant', grant: {channel: 'ops', role: 'crew', permission: 'submit'}},
      {record: 'grant', grant: {actor: 'ann', permission: 'subscribe'}},
      {record: 'subscription', subscription},
    ]
    expect(await store.transfer.restore(things)).toEqual(things.map(() => true))
    expect(await store.transfer.restore(things)).toEqual(things.map(() => false))
    expect(await store.transfer.restore([{record: 'grant', grant: {role: 'none', permission: 'submit'}}])).toEqual([
      false,
    ])
    expect(await store.channels.get('ops')).toEqual(channel)
    expect(await store.roles.list({})).toEqual([role])
    expect(await store.transfer.conversations()).toEqual([conversation])
    expect(await store.transfer.conversations(['ops'])).toEqual([])
    expect(await store.grants.list({})).toHaveLength(2)
    expect(await store.subscriptions.list({})).toEqual([subscription])
    expect(await store.consumers.list({})).toEqual([])
  })

  promise('positions come with what isn’t done, and what was in somebody’s hands is ready', async (bench) => {
    const {store, ids, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await store.transfer.put(
      upTo(9).map((seq) => imported(bench, seq)),
      {},
    )
    const times = {createdAt: LONG_AGO, movedAt: isoTime(START - DAY)}
    const delivery = (seq: number, fields: object) => ({
      id: ids(),
      channel: 'ops',
      subscriber: 'hook',
      seq,
      createdAt: LONG_AGO,
      history: [{at: LONG_AGO, ms: 3, transport: 'http', status: 500, error: 'e'}],
      ...fields,
    })
    const pending = delivery(4, {state: 'pending', attempts: 1, nextAt: isoTime(START + HOUR)})
    const done = delivery(3, {state: 'delivered', attempts: 1})
    const until = isoTime(START + HOUR)
    const things = [
      {
        record: 'subscription',
        subscription: {
          id: ids(),
          channel: 'ops',
          subscriber: 'hook',
          kind: 'service',
          transport: 'http',
          endpoint: 'https://example.com/hook',
          paused: false,
          createdAt: LONG_AGO,
          createdBy: 'ann',
        },
      },
      {record: 'consumer', consumer: {channel: 'ops', kind: 'reader', name: 'bob', cursor: 5, ...times}},
      {
        record: 'consumer',
        consumer: {
          channel: 'ops',
          kind: 'workers',
          name: 'crew',
          cursor: 6,
          ...times,
          inFlight: [
            {seq: 2, state: 'claimed', attempt: 1, until},
            {seq: 3, state: 'waiting', attempt: 2, until, reason: 'exit 1'},
            {seq: 99, state: 'waiting', attempt: 2, until},
          ],
        },
      },
      {
        record: 'consumer',
        consumer: {channel: 'ops', kind: 'push', name: 'hook', cursor: 4, ...times, pending: [pending]},
      },
      {record: 'delivery', delivery: done},
    ] as Belonging[]
    expect(await store.transfer.restore(things)).toEqual(things.map(() => true))
    expect(await store.transfer.restore(things)).toEqual(things.map(() => false))
    expect(await store.consumers.get({channel: 'ops', kind: 'reader', name: 'bob'})).toEqual({
      channel: 'ops',
      kind: 'reader',
      name: 'bob',
      cursor: 5,
      ...times,
    })
    const options = {actor: 'w', limit: 9, lease: 30 * SECOND, maxAttempts: 5, bound: false}
    const {claims} = await store.claims.claim({channel: 'ops', group: 'crew'}, options)
    expect(claims.map(({message, attempt}) => [message.seq, attempt])).toEqual([
      [2, 2],
      [7, 1],
      [8, 1],
      [9, 1],
    ])
    clock.advance(HOUR)
    const later = await store.claims.claim({channel: 'ops', group: 'crew'}, options)
    expect(later.claims.map(({message}) => message.seq)).toContain(3)
    const {messageId: _, ...shown} = only(await store.deliveries.list({state: 'delivered', limit: 9}))
    expect(shown).toEqual(done)
    expect(only(await store.deliveries.list({state: 'pending', limit: 9}))).toMatchObject({
      ...pending,
      history: pending.history,
    })
  })

  promise('dead letters and delayed messages are made as they were', async (bench) => {
    const {store, ids, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    const message = new Message(imported(bench, 4, {key: 'k', conversation: 'c', references: [ids()]}))
    const letter = {
      id: ids(),
      channel: 'ops',
      group: 'crew',
      message,
      attempts: 5,
      reason: 'exit 1',
      detail: 'stderr',
      diedAt: LONG_AGO,
    }
    const deliverAt = isoTime(START + HOUR)
    const waiting = new Message(
      imported(bench, 0, {
        sentAt: LONG_AGO,
        time: deliverAt,
        headers: {a: 'b'},
        replyTo: message.id,
        thread: message.id,
      }),
    )
    const things: Belonging[] = [
      {record: 'deadLetter', deadLetter: letter},
      {record: 'scheduled', scheduled: {message: waiting, deliverAt}},
    ]
    expect(await store.transfer.restore(things)).toEqual([true, true])
    expect(await store.transfer.restore(things)).toEqual([false, false])
    expect(await store.deadLetters.list({limit: 9})).toEqual([letter])
    expect(await store.messages.scheduled({})).toEqual([{message: waiting, deliverAt}])
    clock.advance(HOUR)
    expect(only(await stored(store))).toMatchObject({id: waiting.id, seq: 1, sentAt: LONG_AGO, headers: {a: 'b'}})
    expect(await store.transfer.restore(things)).toEqual([false, false])
  })

  promise('a channel reaches a seq, and is from then on as it is said to be', async (bench) => {
    const {store, send} = bench
    await store.channels.create('ops', {metadata: {a: 'b'}}, 'alice')
    await store.transfer.put([imported(bench, 2)], {})
    expect(await store.transfer.settle('ops', {lastSeq: 9})).toMatchObject({
      lastSeq: 9,
      state: 'open',
      metadata: {a: 'b'},
    })
    expect(await store.transfer.settle('ops', {lastSeq: 3, state: 'draining', metadata: {}})).toMatchObject({
      lastSeq: 9,
      state: 'draining',
      metadata: {},
    })
    await store.channels.setState('ops', 'open')
    await send('ops')
    expect(places(await stored(store))).toEqual(['ops/2', 'ops/10'])
    expect(await store.consumers.unread({channel: 'ops', reader: 'bob'}, {actor: 'bob'})).toBe(2)
    await refused('NOT_FOUND', store.transfer.settle('none', {lastSeq: 1}))
  })

  promise('expired messages are seen by who asks for them', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {expiresAt: clock.now() + HOUR})
    clock.advance(2 * HOUR)
    expect(await scanAll(store, ['ops'])).toEqual([])
    expect(places(await scanAll(store, ['ops'], {expired: true}))).toEqual(['ops/1'])
  })
}

const comparable = ({...fields}: Message): object => ({
  ...fields,
  body: typeof fields.body === 'string' ? fields.body : [...fields.body],
})

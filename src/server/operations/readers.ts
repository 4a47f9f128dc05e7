/** Readers: a reader's messages are taken under a hold, which later calls commit, extend or release. */
import {LeatError} from '../../model/errors.js'
import type {Operation} from '../operation.js'
import {channel, flag, integer, limit, millis, oneOf, text} from './fields.js'
import {type FilterInput, filterFields, filterOf} from './filter.js'

const reader = text('Whose cursor.')
const hold = text('What `take` said.')

const list: Operation<{channel?: string; reader?: string}> = {
  name: 'cursor.list',
  summary: 'Cursors in channels that the actor may read.',
  http: {method: 'GET', path: '/cursors'},
  input: {
    type: 'object',
    properties: {channel: text('Only in this channel.'), reader: text('Only of this reader.')},
  },
  run: async ({bus, input}) => ({cursors: await bus.cursors(input)}),
}

const show: Operation<{channel: string; kind: 'reader' | 'workers' | 'push'; name: string}> = {
  name: 'consumer.show',
  summary: 'One consumer: a reader, a group of workers, or the pushes of a subscription.',
  http: {method: 'GET', path: '/channels/{channel}/consumers/{kind}/{name}'},
  input: {
    type: 'object',
    properties: {
      channel,
      kind: oneOf(['reader', 'workers', 'push'], 'What it is.'),
      name: text('Its name: of the reader, the group or the subscriber.'),
    },
    required: ['channel', 'kind', 'name'],
  },
  async run({bus, input: {channel, kind, name}}) {
    if (kind === 'reader') return bus.cursor(channel, name)
    const {consumers, lastSeq} = await bus.channel(channel)
    const consumer = consumers.find((one) => one.kind === kind && one.name === name)
    if (!consumer)
      throw new LeatError('NOT_FOUND', `${channel} has no consumer ${kind}/${name}`, {
        hint: `leat channel show ${channel}`,
      })
    const inFlight = kind === 'workers' ? {inFlight: await bus.inFlight({channel, group: name})} : {}
    return {...consumer, lastSeq, ...inFlight}
  },
}

interface TakeInput extends FilterInput {
  channel: string
  reader: string
  limit?: number
  wait?: number
  holdWait?: number
  others?: boolean
}

/** Messages of a take that doesn't say how many. */
const TAKEN = 10

const take: Operation<TakeInput> = {
  name: 'reader.take',
  summary: "Take a reader's next messages under a hold of 30 s; commit it, or they come again.",
  http: {method: 'POST', path: '/channels/{channel}/consumers/reader/{reader}/take'},
  input: {
    type: 'object',
    properties: {
      channel,
      reader,
      limit: limit(TAKEN),
      wait: millis('How long to wait for the first message. Default: not at all.'),
      holdWait: millis('How long to wait for another holder of the reader. Default 30 s.'),
      others: flag("Leave out the actor's own messages; needs a reader that isn't the actor's own."),
      ...filterFields,
    },
    required: ['channel', 'reader'],
  },
  async run({bus, input: {channel, reader, limit = TAKEN, wait, holdWait, others, ...rest}, signal}) {
    const filter = filterOf(rest, bus.context.clock())
    const taken = await bus.take(channel, {reader, limit, wait, holdWait, others, filter, signal})
    const {messages, hold, upTo, end, created, pruned} = taken
    return {messages, hold: hold === '' ? undefined : hold, upTo, end, created, pruned}
  },
}

const commit: Operation<{channel: string; reader: string; hold?: string; seq: number}> = {
  name: 'reader.commit',
  summary: 'Say that everything up to a place is finished; at the upTo of a hold, it ends.',
  http: {method: 'POST', path: '/channels/{channel}/consumers/reader/{reader}/commit'},
  input: {
    type: 'object',
    properties: {
      channel,
      reader,
      hold: text('What `take` said; without one, a cursor that nobody holds moves forward.'),
      seq: integer('The last that is finished.', {minimum: 1}),
    },
    required: ['channel', 'reader', 'seq'],
  },
  async run({bus, input: {channel, reader, hold, seq}}) {
    if (hold === undefined) return bus.commitCursor(`${channel}/${seq}`, {reader})
    await bus.commitHold({channel, reader, hold}, seq)
    return {channel, reader, to: seq}
  },
}

const extend: Operation<{channel: string; reader: string; hold: string}> = {
  name: 'reader.extend',
  summary: 'Keep a hold for another 30 s.',
  http: {method: 'POST', path: '/channels/{channel}/consumers/reader/{reader}/extend'},
  input: {type: 'object', properties: {channel, reader, hold}, required: ['channel', 'reader', 'hold']},
  async run({bus, input}) {
    await bus.extendHold(input)
    return input
  },
}

const release: Operation<{channel: string; reader: string; hold: string}> = {
  name: 'reader.release',
  summary: 'Give a hold up: what was not committed comes again.',
  http: {method: 'POST', path: '/channels/{channel}/consumers/reader/{reader}/release'},
  input: {type: 'object', properties: {channel, reader, hold}, required: ['channel', 'reader', 'hold']},
  async run({bus, input}) {
    await bus.releaseHold(input)
    return input
  },
}

const seek: Operation<{channel: string; reader: string; position: string; included?: boolean; dryRun?: boolean}> = {
  name: 'reader.seek',
  summary: "Move a reader's cursor to a position, forward or back.",
  http: {method: 'POST', path: '/channels/{channel}/consumers/reader/{reader}/seek'},
  input: {
    type: 'object',
    properties: {
      channel,
      reader,
      position: text('A seq, a message, a time, start or now.'),
      included: flag('What stands at the position comes again, not only what is behind it.'),
      dryRun: flag('Only say what would happen.'),
    },
    required: ['channel', 'reader', 'position'],
  },
  run: ({bus, input: {channel, position, ...rest}}) => bus.setCursor(channel, position, rest),
}

const inbox: Operation<{reader?: string}> = {
  name: 'inbox.counts',
  summary: 'How much is unread in everything that the actor subscribes to.',
  http: {method: 'GET', path: '/inbox'},
  input: {type: 'object', properties: {reader: text("Whose cursor; default the actor's own.")}},
  run: async ({bus, input}) => ({channels: await bus.inboxCounts(input)}),
}

export const READERS = [list, show, take, commit, extend, release, seek, inbox]

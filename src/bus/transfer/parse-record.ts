/** A line of an export → its record. What the lines are is said in docs/transfer.md. */
import type {Channel, ChannelState} from '../../model/channel.js'
import type {ConsumerKind} from '../../model/consumer.js'
import {bodyOfBytes} from '../../model/content.js'
import type {DeadLetter} from '../../model/dead-letter.js'
import {DELIVERY_STATES, type DeliveryAttempt, type DeliveryState} from '../../model/delivery.js'
import {type Fields, isObject, kindOf} from '../../model/draft-json.js'
import {LeatError} from '../../model/errors.js'
import {checkJson, memberTexts} from '../../model/json.js'
import {LIMITS} from '../../model/limits.js'
import {Message} from '../../model/message.js'
import {checkName} from '../../model/names.js'
import {type Grant, parsePermission} from '../../model/permission.js'
import {checkId} from '../../model/reference.js'
import type {Role} from '../../model/role.js'
import {SUBSCRIBER_KINDS, type SubscriberKind, type Subscription} from '../../model/subscription.js'
import {
  type SentDelivery,
  type StoredConversation,
  TRANSFER_VERSION,
  type TransferConsumer,
  type TransferRecord,
  type Unfinished,
} from '../../model/transfer.js'
import {checkLabel, checkMetadata, checkNote, checkType} from '../labels.js'
import {optionalText, optionalTime, parseMessage, seqOf, textOf, timeOf} from './parse-message.js'

/** A message may stand inside of a record, and its content inside of that. */
const LEVELS = LIMITS.jsonDepth + 2

/** @throws INVALID, TOO_LARGE; SCHEMA_NEWER an export of a form that this leat doesn't know */
export function parseRecord(bytes: Buffer): TransferRecord {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw new LeatError('INVALID', 'the file is compressed (gzip)', {hint: 'gunzip -c FILE | leat import -'})
  const text = bodyOfBytes(bytes)
  if (typeof text !== 'string') throw new LeatError('INVALID', 'the line is not UTF-8 text (or has NUL bytes)')
  if (!/^\s*\{/.test(text))
    throw new LeatError('INVALID', 'the line is not a JSON object', {
      hint: 'import takes what leat export --format jsonl writes; csv and md are for people',
    })
  const fields = checkJson(text, 'the line', LEVELS)
  if (!isObject(fields)) throw new LeatError('INVALID', `the line is ${kindOf(fields)}, not a JSON object`)
  const kind = optionalText(fields, 'record')
  if (kind === undefined) return {record: 'message', message: parseMessage(text, fields)}
  const parse = Object.hasOwn(PARSERS, kind) ? PARSERS[kind] : undefined
  if (!parse) throw new LeatError('INVALID', `no record is called ${JSON.stringify(kind)}`)
  return parse(fields, text)
}

type Parser = (fields: Fields, text: string) => TransferRecord

const PARSERS: Readonly<Record<string, Parser>> = {
  export: (fields) => {
    const version = seqOf(fields, 'version')
    if (version > TRANSFER_VERSION)
      throw new LeatError('SCHEMA_NEWER', `the export has form ${version}, this leat knows ${TRANSFER_VERSION}`, {
        hint: 'update leat',
      })
    const [id, exportedAt] = [checkId(textOf(fields, 'id')), timeOf(fields, 'exportedAt')]
    return {
      record: 'export',
      version,
      id,
      exportedAt,
      epoch: optionalText(fields, 'epoch') ?? '',
      all: flag(fields, 'all'),
    }
  },
  end: (fields) => ({record: 'end', messages: seqOf(fields, 'messages', 0)}),
  channel: (fields) => ({record: 'channel', channel: channelOf(fields)}),
  role: (fields) => ({record: 'role', role: roleOf(fields)}),
  conversation: (fields) => ({record: 'conversation', conversation: conversationOf(fields)}),
  grant: (fields) => ({record: 'grant', grant: grantOf(fields)}),
  subscription: (fields) => ({record: 'subscription', subscription: subscriptionOf(fields)}),
  consumer: (fields) => ({record: 'consumer', consumer: consumerOf(fields)}),
  delivery: (fields) => ({record: 'delivery', delivery: deliveryOf(fields)}),
  deadLetter: (fields, text) => ({record: 'deadLetter', deadLetter: deadLetterOf(fields, text)}),
  scheduled: (fields, text) => ({
    record: 'scheduled',
    scheduled: {message: innerMessage(fields, text), deliverAt: timeOf(fields, 'deliverAt')},
  }),
}

const STATES: readonly string[] = ['open', 'draining', 'closed'] satisfies ChannelState[]

function channelOf(fields: Fields): Channel {
  const retention = objectOf(fields, 'retention')
  const given: Partial<Channel> = {}
  for (const name of ['title', 'description', 'contentType', 'schema', 'ingress', 'egress'] as const) {
    const value = optionalText(fields, name)
    if (value !== undefined) given[name] = value
  }
  return {
    ...given,
    name: checkName('channel', textOf(fields, 'name')),
    state: oneOf(fields, 'state', STATES) as ChannelState,
    restricted: flag(fields, 'restricted'),
    hidden: flag(fields, 'hidden'),
    retention: {
      ...(retention['maxAge'] !== undefined && {maxAge: seqOf(retention, 'maxAge')}),
      ...(retention['maxMessages'] !== undefined && {maxMessages: seqOf(retention, 'maxMessages')}),
    },
    metadata: metadataOf(fields),
    createdAt: timeOf(fields, 'createdAt'),
    createdBy: checkName('actor', textOf(fields, 'createdBy')),
    lastSeq: seqOf(fields, 'lastSeq', 0),
  }
}

function roleOf(fields: Fields): Role {
  const description = optionalText(fields, 'description')
  return {
    name: checkName('role', textOf(fields, 'name')),
    ...(description !== undefined && {description: checkNote('a description', description)}),
    members: [...new Set(textsOf(fields, 'members').map((name) => checkName('actor', name)))],
    createdAt: timeOf(fields, 'createdAt'),
    createdBy: checkName('actor', textOf(fields, 'createdBy')),
  }
}

function conversationOf(fields: Fields): StoredConversation {
  const [title, description] = [optionalText(fields, 'title'), optionalText(fields, 'description')]
  return {
    name: checkName('conversation', textOf(fields, 'name')),
    ...(title !== undefined && {title: checkLabel('a title', title)}),
    ...(description !== undefined && {description: checkNote('a description', description)}),
    metadata: metadataOf(fields),
    createdAt: timeOf(fields, 'createdAt'),
    createdBy: checkName('actor', textOf(fields, 'createdBy')),
    byHand: flag(fields, 'byHand'),
  }
}

function grantOf(fields: Fields): Grant {
  const [channel, actor, role] = ['channel', 'actor', 'role'].map((name) => optionalText(fields, name))
  if ((actor === undefined) === (role === undefined))
    throw new LeatError('INVALID', 'a grant is to an "actor" or to a "role"')
  return {
    ...(channel !== undefined && {channel: checkName('channel', channel)}),
    ...(actor !== undefined && {actor: checkName('actor', actor)}),
    ...(role !== undefined && {role: checkName('role', role)}),
    permission: parsePermission(textOf(fields, 'permission')),
  }
}

function subscriptionOf(fields: Fields): Subscription {
  const [transport, endpoint] = [optionalText(fields, 'transport'), optionalText(fields, 'endpoint')]
  const types = fields['types'] === undefined ? undefined : textsOf(fields, 'types').map(checkType)
  return {
    channel: checkName('channel', textOf(fields, 'channel')),
    subscriber: checkName('actor', textOf(fields, 'subscriber')),
    id: checkId(textOf(fields, 'id')),
    kind: oneOf(fields, 'kind', SUBSCRIBER_KINDS) as SubscriberKind,
    ...(transport !== undefined && {transport: checkName('group', transport)}),
    ...(endpoint !== undefined && {endpoint: checkNote('an endpoint', endpoint)}),
    ...(flag(fields, 'allowPrivate') && {allowPrivate: true}),
    ...(types && {types}),
    paused: flag(fields, 'paused'),
    createdAt: timeOf(fields, 'createdAt'),
    createdBy: checkName('actor', textOf(fields, 'createdBy')),
  }
}

const KINDS: readonly string[] = ['reader', 'workers', 'push'] satisfies ConsumerKind[]

function consumerOf(fields: Fields): TransferConsumer {
  const [inFlight, pending] = [itemsOf(fields, 'inFlight'), itemsOf(fields, 'pending')]
  return {
    channel: checkName('channel', textOf(fields, 'channel')),
    kind: oneOf(fields, 'kind', KINDS) as ConsumerKind,
    name: checkName('reader', textOf(fields, 'name')),
    cursor: seqOf(fields, 'cursor', 0),
    createdAt: timeOf(fields, 'createdAt'),
    movedAt: timeOf(fields, 'movedAt'),
    ...(inFlight && {inFlight: inFlight.map(unfinishedOf)}),
    ...(pending && {pending: pending.map(deliveryOf)}),
  }
}

function unfinishedOf(fields: Fields): Unfinished {
  const reason = optionalText(fields, 'reason')
  return {
    seq: seqOf(fields, 'seq'),
    state: oneOf(fields, 'state', ['claimed', 'waiting']) as Unfinished['state'],
    attempt: seqOf(fields, 'attempt', 0),
    until: timeOf(fields, 'until'),
    ...(reason !== undefined && {reason: checkNote('a reason', reason)}),
  }
}

function deliveryOf(fields: Fields): SentDelivery {
  const nextAt = optionalTime(fields, 'nextAt')
  return {
    id: checkId(textOf(fields, 'id')),
    channel: checkName('channel', textOf(fields, 'channel')),
    subscriber: checkName('actor', textOf(fields, 'subscriber')),
    seq: seqOf(fields, 'seq'),
    state: oneOf(fields, 'state', DELIVERY_STATES) as DeliveryState,
    attempts: seqOf(fields, 'attempts', 0),
    ...(nextAt !== undefined && {nextAt}),
    createdAt: timeOf(fields, 'createdAt'),
    history: (itemsOf(fields, 'history') ?? []).map(attemptOf),
  }
}

function attemptOf(fields: Fields): DeliveryAttempt {
  const error = optionalText(fields, 'error')
  return {
    at: timeOf(fields, 'at'),
    ms: seqOf(fields, 'ms', 0),
    transport: checkLabel('a transport', textOf(fields, 'transport')),
    ...(fields['status'] !== undefined && {status: seqOf(fields, 'status', 0)}),
    ...(error !== undefined && {error: checkNote('an error', error)}),
  }
}

function deadLetterOf(fields: Fields, text: string): DeadLetter {
  const [group, subscriber, detail] = ['group', 'subscriber', 'detail'].map((name) => optionalText(fields, name))
  const message = innerMessage(fields, text)
  return {
    id: checkId(textOf(fields, 'id')),
    channel: message.channel,
    ...(group !== undefined && {group: checkName('group', group)}),
    ...(subscriber !== undefined && {subscriber: checkName('actor', subscriber)}),
    message,
    attempts: seqOf(fields, 'attempts', 0),
    reason: checkNote('a reason', textOf(fields, 'reason')),
    ...(detail !== undefined && {detail: checkNote('a detail', detail)}),
    diedAt: timeOf(fields, 'diedAt'),
  }
}

/** The message inside of a record; it has a seq where it has a place. */
function innerMessage(fields: Fields, text: string): Message {
  const {message} = fields
  if (!isObject(message)) throw new LeatError('INVALID', 'no "message"')
  const needsSeq = message['seq'] !== undefined
  return new Message(parseMessage(memberTexts(text).get('message') ?? '', message, {needsSeq}))
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false
  if (typeof value === 'boolean') return value
  throw new LeatError('INVALID', `"${name}" is ${kindOf(value)}, not true or false`)
}

function oneOf(fields: Fields, name: string, values: readonly string[]): string {
  const text = textOf(fields, name)
  if (values.includes(text)) return text
  throw new LeatError('INVALID', `"${name}" is ${JSON.stringify(text.slice(0, 60))}, none of ${values.join(', ')}`)
}

function objectOf(fields: Fields, name: string): Fields {
  const value = fields[name] ?? {}
  if (isObject(value)) return value
  throw new LeatError('INVALID', `"${name}" is ${kindOf(value)}, not an object`)
}

const metadataOf = (fields: Fields): Readonly<Record<string, string>> =>
  checkMetadata(objectOf(fields, 'metadata') as Record<string, string>)

function textsOf(fields: Fields, name: string): string[] {
  const value = fields[name]
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[]
  throw new LeatError('INVALID', `"${name}" is not an array of strings`)
}

function itemsOf(fields: Fields, name: string): Fields[] | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every(isObject)) return value as Fields[]
  throw new LeatError('INVALID', `"${name}" is not an array of objects`)
}

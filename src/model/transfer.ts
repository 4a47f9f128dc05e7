/**
 * What an export is made of: a line a record. A message is what it is everywhere; every other line says in `record` what
 * it is (docs/transfer.md).
 */
import type {Channel} from './channel.js'
import type {InFlight} from './claim.js'
import type {Consumer} from './consumer.js'
import {isJsonType} from './content.js'
import type {Conversation} from './conversation.js'
import type {DeadLetter} from './dead-letter.js'
import type {Delivery} from './delivery.js'
import {Message, type MessageFields, messageJson} from './message.js'
import type {Grant} from './permission.js'
import type {Role} from './role.js'
import type {ScheduledMessage} from './scheduled.js'
import type {Subscription} from './subscription.js'

/** Of the form of an export. */
export const TRANSFER_VERSION = 1

/** Metadata of a channel while an import fills it: the id of the export. */
export const IMPORT_MARK = 'leat.import'

/** The first line. */
export interface ExportHead {
  record: 'export'
  version: number
  /** UUID: names the export, so that an import of it can be gone on with. */
  id: string
  /** ISO 8601. */
  exportedAt: string
  /** Of the store that it is from. */
  epoch: string
  /** Cursors, subscriptions and the rest are there too. */
  all: boolean
}

/** The last line: without it the file was cut off. */
export interface ExportEnd {
  record: 'end'
  messages: number
}

/** A conversation as it is stored. */
export interface StoredConversation extends Conversation {
  /** Made by `conversation create`, not by a send alone. */
  byHand: boolean
}

/** A message that a group isn't done with. `claimed`: in a worker's hands when it was exported. */
export type Unfinished = Pick<InFlight, 'seq' | 'state' | 'attempt' | 'until' | 'reason'>

/** A delivery, whoever had it in hand. */
export type SentDelivery = Omit<Delivery, 'held' | 'messageId'>

/** A position, of a group with what it isn't done with, of a push consumer with what is on its way. */
export interface TransferConsumer
  extends Pick<Consumer, 'channel' | 'kind' | 'name' | 'cursor' | 'createdAt' | 'movedAt'> {
  inFlight?: Unfinished[]
  pending?: SentDelivery[]
}

/** What is in a store beside messages, as it is made in another. */
export type Belonging =
  | {record: 'role'; role: Role}
  | {record: 'channel'; channel: Channel}
  | {record: 'conversation'; conversation: StoredConversation}
  | {record: 'grant'; grant: Grant}
  | {record: 'subscription'; subscription: Subscription}
  | {record: 'consumer'; consumer: TransferConsumer}
  | {record: 'delivery'; delivery: SentDelivery}
  | {record: 'deadLetter'; deadLetter: DeadLetter}
  | {record: 'scheduled'; scheduled: ScheduledMessage}

/** One line of an export. */
export type TransferRecord = ExportHead | {record: 'message'; message: MessageFields} | Belonging | ExportEnd

/**
 * A message as a line from which it can be made again to the byte. JSON content stands as it was written, with the white
 * space around it in `contentSpace`; content of several lines stands without white space, and whole in `contentText`.
 */
export function exactJson(message: Message): string {
  const {body, contentType, redactedAt} = message
  if (typeof body !== 'string' || redactedAt !== undefined || !isJsonType(contentType)) return messageJson(message)
  const [, before = '', json = '', behind = ''] = SPACED.exec(body) ?? []
  if (LINE_END.test(json)) return messageJson(message, {contentText: body})
  if (json.length === body.length) return messageJson(message, {}, AS_IT_IS)
  return messageJson(message, {contentSpace: [before, behind]}, () => json)
}
const SPACED = /^([ \t\r\n]*)([\s\S]*?)([ \t\r\n]*)$/
const LINE_END = /[\r\n]/
const AS_IT_IS = (json: string): string => json

/** A record as its line, without the line's end. */
export function recordJson(record: TransferRecord): string {
  switch (record.record) {
    case 'message':
      return exactJson(new Message(record.message))
    case 'export':
    case 'end':
      return JSON.stringify(record)
    case 'deadLetter': {
      const {message, ...rest} = record.deadLetter
      return withMessage({record: record.record, ...rest}, message)
    }
    case 'scheduled':
      return withMessage({record: record.record, deliverAt: record.scheduled.deliverAt}, record.scheduled.message)
    default: {
      const {record: kind, ...named} = record
      return JSON.stringify({record: kind, ...Object.values(named)[0]})
    }
  }
}

const withMessage = (fields: object, message: Message): string =>
  `${JSON.stringify(fields).slice(0, -1)},"message":${exactJson(message)}}`

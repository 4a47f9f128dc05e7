import {type DeadLetter, endOfDetail} from '../../model/dead-letter.js'
import type {Seq} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import type {DeadLetterQuery} from '../store.js'
import type {Raw, Value} from './connection.js'
import type {Entry} from './entry.js'
import {idEnd, toBytes, toId} from './ids.js'
import {findLog} from './log.js'
import {messageColumns, toMessages} from './rows.js'
import type {Session} from './session.js'

/** What a group gives up on, or a deliverer for a subscriber, and why. */
export interface GivenUp {
  channelId: number
  /** The group. */
  nameId?: number
  subscriberId?: number
  seq: Seq
  attempts: number
  reason: string
  detail?: string | undefined
}

/**
 * Makes a dead letter of a message, inside a transaction; the caller takes it out of what is in flight. Undefined when
 * the message isn't stored any more.
 */
export function bury(
  session: Session,
  {channelId, nameId, subscriberId, seq, attempts, reason, detail}: GivenUp,
): DeadLetter | undefined {
  const {connection, clock, ids} = session
  const id = toBytes(ids())
  connection.run(BURY, {
    id,
    channel: channelId,
    name: nameId ?? null,
    subscriber: subscriberId ?? null,
    seq,
    attempts,
    reason,
    detail: detail === undefined ? null : endOfDetail(detail),
    now: clock(),
  })
  return toDeadLetters(session, connection.rows(BY_ID, {id}))[0]
}
/** The columns that a copy shares with `messages`, apart from id and seq. */
export const COPIED = `
  sender_id, type, time, content_type, checksum, recipient_id, reply_to, thread, refs, conversation_id, correlation_id,
  key, reply_channel, headers, expires_at, sent_at, redacted_at, redacted_by, content`
/** `letterOf`, in the same order. */
export const COPIED_VALUES = `
  :sender, :type, :time, :contentType, :checksum, :recipient, :replyTo, :thread, :refs, :conversation,
  :correlation, :key, :replyChannel, :headers, :expiresAt, :sentAt, :redactedAt, :redactedBy, :content`
const BURY = `
  INSERT INTO dead_letters (
    id, channel_id, name_id, subscriber_id, seq, attempts, reason, detail, died_at, message_id, ${COPIED})
  SELECT :id, :channel, :name, :subscriber, :seq, :attempts, :reason, :detail, :now, id, ${COPIED}
    FROM messages WHERE channel_id = :channel AND seq = :seq`

/**
 * Makes a dead letter of a delayed message that its channel doesn't take now that it is due, inside a transaction; the
 * caller takes it out of what is scheduled.
 */
export function buryDelayed(
  session: Session,
  channelId: number,
  entry: Entry,
  {deliverAt, sentAt}: {deliverAt: number; sentAt: number},
  reason: string,
): void {
  session.connection.run(BURY_DELAYED, {
    id: toBytes(session.ids()),
    channel: channelId,
    reason,
    now: session.clock(),
    ...letterOf(entry, {time: deliverAt, sentAt}),
  })
}
const BURY_DELAYED = `
  INSERT INTO dead_letters (id, channel_id, attempts, reason, died_at, message_id, ${COPIED})
  VALUES (:id, :channel, 0, :reason, :now, :message,
          ${COPIED_VALUES})`

/** The values of a message that was never stored, or not here, for its dead letter. Times are milliseconds since 1970. */
export const letterOf = (
  entry: Entry,
  {time, sentAt}: {time: number; sentAt: number | null},
): Record<string, Value> => ({
  message: entry.id,
  sender: entry.senderId,
  type: entry.type,
  time,
  contentType: entry.contentType,
  checksum: entry.checksum,
  recipient: entry.recipientId,
  replyTo: entry.replyTo,
  thread: entry.thread,
  refs: entry.references.length === 0 ? null : Buffer.concat(entry.references),
  conversation: entry.conversationId,
  correlation: entry.correlationId,
  key: entry.key,
  replyChannel: entry.replyChannel,
  headers: entry.headers,
  expiresAt: entry.expiresAt,
  sentAt,
  redactedAt: entry.redacted?.at ?? null,
  redactedBy: entry.redacted?.by ?? null,
  content: entry.content,
})

/** Dead letters in the order in which they died. */
export function listDeadLetters(
  session: Session,
  {channel, group, subscriber, message, after, limit}: DeadLetterQuery,
): DeadLetter[] {
  const {connection, names} = session
  return connection.read(() => {
    const place = message?.by === 'place' ? message : undefined
    if (place && channel !== undefined && channel !== place.channel) return []
    const named = place?.channel ?? channel
    const log = named === undefined ? undefined : findLog(session, named)
    const from = after === undefined ? 0 : rowOf(session, after)
    if ((named !== undefined && !log) || from === undefined) return []
    const nameId = group === undefined ? null : names.idOf(group)
    const subscriberId = subscriber === undefined ? null : names.idOf(subscriber)
    const whose = {name: nameId, subscriber: subscriberId}
    const wanted = {channel: log?.id ?? null, ...whose, seq: place?.seq ?? null, after: from, limit}
    const by = message && message.by !== 'place' ? idEnd(message) : undefined
    const ofAll = nameId !== null ? OF_GROUP : subscriberId !== null ? OF_SUBSCRIBER : ALL
    const statement = by ? OF_MESSAGE : log ? OF_CHANNEL : ofAll
    return toDeadLetters(session, connection.rows(statement, by ? {...wanted, ...by} : wanted))
  })
}
const COLUMNS = `
  dead_letters.id, name_id, subscriber_id, attempts, reason, detail, died_at,
  ${messageColumns('dead_letters', {id: 'message_id', seq: 'coalesce(seq, 0)'})}`
const WANTED = `
  row > :after AND (:channel IS NULL OR channel_id = :channel) AND (:name IS NULL OR name_id = :name)
  AND (:subscriber IS NULL OR subscriber_id = :subscriber) AND (:seq IS NULL OR seq = :seq) ORDER BY row LIMIT :limit + 0`
const ALL = `SELECT ${COLUMNS} FROM dead_letters WHERE ${WANTED}`
const OF_CHANNEL = `SELECT ${COLUMNS} FROM dead_letters WHERE channel_id = :channel AND ${WANTED}`
const OF_GROUP = `SELECT ${COLUMNS} FROM dead_letters WHERE name_id = :name AND ${WANTED}`
const OF_SUBSCRIBER = `SELECT ${COLUMNS} FROM dead_letters WHERE subscriber_id = :subscriber AND ${WANTED}`
const OF_MESSAGE = `
  SELECT ${COLUMNS} FROM dead_letters
   WHERE substr(message_id, 14, 3) = :tail AND substr(hex(message_id), -:length) = :end AND ${WANTED}`
const BY_ID = `SELECT ${COLUMNS} FROM dead_letters WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id`

/** The row of a dead letter; undefined when it is gone. */
export const rowOf = ({connection}: Session, id: string): number | undefined =>
  connection.row(ROW_OF, {id: toBytes(id)})?.[0] as number | undefined
const ROW_OF = 'SELECT row FROM dead_letters WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id'

/** Where the message begins in a row of `COLUMNS`. */
const OWN = 7

function toDeadLetters(session: Session, rows: readonly Raw[]): DeadLetter[] {
  const messages = toMessages(
    session,
    rows.map((row) => row.slice(OWN)),
  )
  return rows.map(([id, nameId, subscriberId, attempts, reason, detail, diedAt], index) => ({
    id: toId(id as Buffer),
    channel: messages[index]!.channel,
    ...(nameId !== null && {group: session.names.nameOf(nameId as number)}),
    ...(subscriberId !== null && {subscriber: session.names.nameOf(subscriberId as number)}),
    message: messages[index]!,
    attempts: attempts as number,
    reason: reason as string,
    ...(detail !== null && {detail: detail as string}),
    diedAt: isoTime(diedAt as number),
  }))
}

/** Deletes dead letters. Returns how many there were. */
export function purge(session: Session, ids: readonly string[]): number {
  return session.connection.write(() =>
    ids.reduce((purged, id) => {
      const row = rowOf(session, id)
      return row === undefined ? purged : purged + session.connection.run(DELETE, [row])
    }, 0),
  )
}
const DELETE = 'DELETE FROM dead_letters WHERE row = ?'

/** Removes what `redact` removes from the copies of a message, and what its workers said about it. Returns how many there are. */
export function redactCopies({connection}: Session, id: Buffer, now: number, by: string): number {
  const rows = connection.rows(COPIES, {id})
  for (const [row] of rows) connection.run(REDACT, [now, by, row as number])
  return rows.length
}
const COPIES = `
  SELECT row FROM dead_letters WHERE substr(message_id, 14, 3) = substr(:id, 14, 3) AND message_id = :id`
const REDACT = `
  UPDATE dead_letters SET content = '', headers = NULL, detail = NULL, redacted_at = ?, redacted_by = ?
   WHERE row = ? AND redacted_at IS NULL`

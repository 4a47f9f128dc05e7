import type {Body} from '../../model/content.js'
import {TEXT} from '../../model/content.js'
import {Message, type Seq} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import type {Raw} from './connection.js'
import {toId, toIds, toUuid} from './ids.js'
import type {Log} from './log.js'
import type {Session} from './session.js'

/** The columns of a message, in the order that `toMessages` knows. */
export const MESSAGE_COLUMNS = `
  messages.channel_id, messages.seq, messages.id, messages.sender_id, messages.type, messages.content, messages.content_type,
  messages.time, messages.sent_at, messages.recipient_id, messages.reply_to, messages.thread, messages.refs,
  messages.conversation_id, messages.correlation_id, messages.key, messages.reply_channel, messages.headers,
  messages.expires_at, messages.redacted_at, messages.redacted_by`

/**
 * The same with what few messages have in one column, which is NULL where there is nothing of it: many columns of NULL cost
 * more than all that a plain message has. In the order that `unpacked` knows.
 */
const PACKED_COLUMNS = `
  messages.channel_id, messages.seq, hex(messages.id), messages.sender_id, messages.type, messages.content,
  messages.content_type, messages.time,
  CASE WHEN coalesce(messages.sent_at, messages.recipient_id, messages.reply_to, messages.thread, messages.refs,
                     messages.conversation_id, messages.correlation_id, messages.key, messages.reply_channel,
                     messages.headers, messages.expires_at, messages.redacted_at, messages.redacted_by) IS NOT NULL
       THEN json_array(messages.sent_at, messages.recipient_id, hex(messages.reply_to), hex(messages.thread),
                       hex(messages.refs), messages.conversation_id, messages.correlation_id, messages.key,
                       messages.reply_channel, messages.headers, messages.expires_at, messages.redacted_at,
                       messages.redacted_by) END`

/** Content of one page, in bytes or so: however large messages are, a page of them fits in memory. */
const PAGE_CONTENT = 4 * 1024 * 1024
const CONTENT_COLUMN = 5

/** The messages of some rows, in the order given, up to 4 MiB of content: at least one, and perhaps not all. */
export function messagesWithin(session: Session, rows: readonly number[]): Message[] {
  let size = 0
  const raw = session.connection.rowsUntil(BY_ROWS, [JSON.stringify(rows)], (row) => {
    size += (row[CONTENT_COLUMN] as Body).length
    return size > PAGE_CONTENT
  })
  return unpacked(session, raw)
}
// CROSS JOIN keeps their order.
const BY_ROWS = `
  SELECT ${PACKED_COLUMNS} FROM json_each(?) AS wanted CROSS JOIN messages ON messages.row = wanted.value`

/** The messages of a channel behind a seq, `limit` of them, up to 4 MiB of content: at least one, if there is one. */
export function messagesBetween(
  session: Session,
  {log: {id, name}, after, upTo, limit}: {log: Pick<Log, 'id' | 'name'>; after: Seq; upTo: Seq; limit: number},
): Message[] {
  let size = 0
  const raw = session.connection.rowsUntil(BETWEEN, [id, after, upTo, limit], (row) => {
    size += (row[CONTENT_COLUMN] as Body).length
    return size > PAGE_CONTENT
  })
  return unpacked(session, raw, new Map([[id, name]]))
}
const BETWEEN = `
  SELECT ${PACKED_COLUMNS} FROM messages
   WHERE channel_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ? + 0`

/** The messages of some rows, in the order given. */
export const messagesOf = (session: Session, rows: readonly number[]): Message[] =>
  unpacked(session, session.connection.rows(BY_ROWS, [JSON.stringify(rows)]))

/**
 * Rows of `PACKED_COLUMNS` as the model has them.
 * @param known names of channels by their ids
 */
function unpacked(session: Session, rows: readonly Raw[], known = new Map<number, string>()): Message[] {
  const channelName = channelNames(session, known)
  const iso = isoTimes()
  return rows.map((row) => {
    const [channel, seq, hex, sender, type, content, contentType, time, rest] = row
    const id = toUuid(hex as string)
    return new Message({
      seq: seq as number,
      id,
      channel: channelName(channel as number),
      sender: session.names.nameOf(sender as number),
      type: type as string,
      body: content as Body,
      contentType: contentType === null ? TEXT : (contentType as string),
      time: iso(time as number),
      ...(rest === null ? {thread: id} : restOf(session, id, JSON.parse(rest as string) as Rest)),
    })
  })
}

/** What stands in the last of `PACKED_COLUMNS`; ids in hex digits, '' for none. */
type Rest = [
  sentAt: number | null,
  recipient: number | null,
  replyTo: string,
  thread: string,
  refs: string,
  conversation: number | null,
  correlationId: string | null,
  key: string | null,
  replyChannel: string | null,
  headers: string | null,
  expiresAt: number | null,
  redactedAt: number | null,
  redactedBy: string | null,
]

function restOf({names, conversations}: Session, id: string, rest: Rest) {
  const [sentAt, recipient, replyTo, thread, refs, conversation, correlationId, key, replyChannel, headers, ...last] =
    rest
  const [expiresAt, redactedAt, redactedBy] = last
  return {
    sentAt: optional(sentAt, isoTime),
    recipient: optional(recipient, (name: number) => names.nameOf(name)),
    replyTo: replyTo === '' ? undefined : toUuid(replyTo),
    thread: thread === '' ? id : toUuid(thread),
    references: refs === '' ? undefined : refs.match(/.{32}/g)?.map(toUuid),
    conversation: optional(conversation, (name: number) => conversations.nameOf(name)),
    correlationId: correlationId ?? undefined,
    key: key ?? undefined,
    replyChannel: replyChannel ?? undefined,
    headers: optional(headers, (json: string) => JSON.parse(json) as Record<string, string>),
    expiresAt: optional(expiresAt, isoTime),
    redactedAt: optional(redactedAt, isoTime),
    redactedBy: redactedBy ?? undefined,
  }
}

/** Times as the model has them; many messages have that of the one in front of them. */
function isoTimes(): (time: number) => string {
  let last = Number.NaN
  let iso = ''
  return (time) => {
    if (time !== last) iso = isoTime(time)
    last = time
    return iso
  }
}

function channelNames({connection}: Session, channels = new Map<number, string>()): (id: number) => string {
  return (id) => {
    const known = channels.get(id)
    if (known !== undefined) return known
    const name = connection.row('SELECT name FROM channels WHERE id = ?', [id])?.[0] as string
    channels.set(id, name)
    return name
  }
}

/** Rows of `MESSAGE_COLUMNS` as the model has them. */
export function toMessages(session: Session, rows: readonly Raw[]): Message[] {
  const channelName = channelNames(session)
  return rows.map((row) => toMessage(session, row, channelName(row[0] as number)))
}

function toMessage({names, conversations}: Session, row: Raw, channel: string): Message {
  const [
    ,
    seq,
    idBytes,
    sender,
    type,
    content,
    contentType,
    time,
    sentAt,
    recipient,
    replyTo,
    thread,
    refs,
    conversation,
    correlationId,
    key,
    replyChannel,
    headers,
    expiresAt,
    redactedAt,
    redactedBy,
  ] = row
  const id = toId(idBytes as Buffer)
  return new Message({
    seq: seq as number,
    id,
    channel,
    sender: names.nameOf(sender as number),
    type: type as string,
    body: content as Body,
    contentType: contentType === null ? TEXT : (contentType as string),
    time: isoTime(time as number),
    sentAt: optional(sentAt, isoTime),
    recipient: optional(recipient, (name: number) => names.nameOf(name)),
    replyTo: optional(replyTo, toId),
    thread: thread === null ? id : toId(thread as Buffer),
    references: optional(refs, toIds),
    conversation: optional(conversation, (name: number) => conversations.nameOf(name)),
    correlationId: optional(correlationId, asIs<string>),
    key: optional(key, asIs<string>),
    replyChannel: optional(replyChannel, asIs<string>),
    headers: optional(headers, (json: string) => JSON.parse(json) as Record<string, string>),
    expiresAt: optional(expiresAt, isoTime),
    redactedAt: optional(redactedAt, isoTime),
    redactedBy: optional(redactedBy, asIs<string>),
  })
}

const asIs = <T>(value: T): T => value

function optional<S, T>(value: unknown, convert: (value: S) => T): T | undefined {
  return value === null ? undefined : convert(value as S)
}

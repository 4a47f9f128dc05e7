import type {Body} from '../../model/content.js'
import {TEXT} from '../../model/content.js'
import {Message, type Seq} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import type {Raw} from './connection.js'
import {toId, toIds} from './ids.js'
import type {Log} from './log.js'
import type {Session} from './session.js'

/** The columns of a message, in the order that `toMessages` knows. */
export const MESSAGE_COLUMNS = `
  messages.channel_id, messages.seq, messages.id, messages.sender_id, messages.type, messages.content, messages.content_type,
  messages.time, messages.sent_at, messages.recipient_id, messages.reply_to, messages.thread, messages.refs,
  messages.conversation_id, messages.correlation_id, messages.key, messages.reply_channel, messages.headers,
  messages.expires_at, messages.redacted_at, messages.redacted_by`

/** Content of one page, in bytes or so: however large messages are, a page of them fits in memory. */
const PAGE_CONTENT = 16 * 1024 * 1024
const CONTENT_COLUMN = 5

/** The messages of some rows, in the order given, up to 16 MiB of content: at least one, and perhaps not all. */
export function messagesWithin(session: Session, rows: readonly number[]): Message[] {
  const raw: Raw[] = []
  let size = 0
  for (const row of rows) {
    const next = session.connection.row(BY_ROW, [row])!
    size += (next[CONTENT_COLUMN] as Body).length
    if (raw.length > 0 && size > PAGE_CONTENT) break
    raw.push(next)
  }
  return toMessages(session, raw)
}

/** The messages of a channel behind a seq, `limit` of them, up to 16 MiB of content: at least one, if there is one. */
export function messagesBetween(
  session: Session,
  {log: {id, name}, after, upTo, limit}: {log: Pick<Log, 'id' | 'name'>; after: Seq; upTo: Seq; limit: number},
): Message[] {
  let size = 0
  const raw = session.connection.rowsUntil(BETWEEN, [id, after, upTo, limit], (row) => {
    size += (row[CONTENT_COLUMN] as Body).length
    return size > PAGE_CONTENT
  })
  return toMessages(session, raw, new Map([[id, name]]))
}
const BETWEEN = `
  SELECT ${MESSAGE_COLUMNS} FROM messages
   WHERE channel_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ? + 0`

/** The messages of some rows, in the order given. */
export function messagesOf(session: Session, rows: readonly number[]): Message[] {
  return toMessages(
    session,
    rows.map((row) => session.connection.row(BY_ROW, [row])!),
  )
}
const BY_ROW = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE row = ?`

/**
 * Rows of `MESSAGE_COLUMNS` as the model has them.
 * @param channels names that are known by their ids
 */
export function toMessages(session: Session, rows: readonly Raw[], channels = new Map<number, string>()): Message[] {
  const channelName = (id: number): string => {
    const known = channels.get(id)
    if (known !== undefined) return known
    const name = session.connection.row('SELECT name FROM channels WHERE id = ?', [id])?.[0] as string
    channels.set(id, name)
    return name
  }
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

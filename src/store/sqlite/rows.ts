import {type Body, TEXT} from '../../model/content.js'
import {Message, type MessageFields, type Seq} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import type {Raw} from './connection.js'
import {toUuid} from './ids.js'
import type {Log} from './log.js'
import type {Session} from './session.js'

/**
 * The columns of a message, in the order that `toMessages` knows. What few messages have stands in one column, which is NULL
 * where there is nothing of it: many columns of NULL cost more than all that a plain message has.
 * @param table that has them
 */
export const messageColumns = (
  table: 'messages' | 'dead_letters',
  {id = `${table}.id`, seq = `${table}.seq`} = {},
): string => `
  ${table}.channel_id, ${seq}, hex(${id}), ${table}.sender_id, ${table}.type, ${table}.content, ${table}.content_type,
  ${table}.time,
  CASE WHEN coalesce(${table}.sent_at, ${table}.recipient_id, ${table}.reply_to, ${table}.thread, ${table}.refs,
                     ${table}.conversation_id, ${table}.correlation_id, ${table}.key, ${table}.reply_channel,
                     ${table}.headers, ${table}.expires_at, ${table}.redacted_at, ${table}.redacted_by) IS NOT NULL
       THEN json_array(${table}.sent_at, ${table}.recipient_id, hex(${table}.reply_to), hex(${table}.thread),
                       hex(${table}.refs), ${table}.conversation_id, ${table}.correlation_id, ${table}.key,
                       ${table}.reply_channel, ${table}.headers, ${table}.expires_at, ${table}.redacted_at,
                       ${table}.redacted_by) END`

export const MESSAGE_COLUMNS = messageColumns('messages')

/** Content of one page, in bytes or so: however large messages are, a page of them fits in memory. */
const PAGE_CONTENT = 4 * 1024 * 1024
const CONTENT_COLUMN = 5

/** Tells of the row with which there is enough. */
function fillsPage(): (row: Raw) => boolean {
  let size = 0
  return (row) => {
    size += (row[CONTENT_COLUMN] as Body).length
    return size > PAGE_CONTENT
  }
}

/** The messages of some rows, in the order given, up to 4 MiB of content: at least one, and perhaps not all. */
export function messagesWithin(session: Session, rows: readonly number[]): Message[] {
  const raw = session.connection.rowsUntil(BY_ROWS, [JSON.stringify(rows)], fillsPage())
  return toMessages(session, raw)
}
// CROSS JOIN keeps their order.
const BY_ROWS = `
  SELECT ${MESSAGE_COLUMNS} FROM json_each(?) AS wanted CROSS JOIN messages ON messages.row = wanted.value`

/** The messages of a channel behind a seq, `limit` of them, up to 4 MiB of content: at least one, if there is one. */
export function messagesBetween(
  session: Session,
  {log: {id, name}, after, upTo, limit}: {log: Pick<Log, 'id' | 'name'>; after: Seq; upTo: Seq; limit: number},
): Message[] {
  const {connection} = session
  const parameters = [id, after, upTo, limit]
  const known = new Map([[id, name]])
  // One is given however large it is.
  if (limit === 1) return toMessages(session, connection.rows(BETWEEN, parameters), known)
  return toMessages(session, connection.rowsUntil(BETWEEN, parameters, fillsPage()), known)
}
const BETWEEN = `
  SELECT ${MESSAGE_COLUMNS} FROM messages
   WHERE channel_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ? + 0`

/** The messages of some rows, in the order given. */
export const messagesOf = (session: Session, rows: readonly number[]): Message[] =>
  toMessages(session, session.connection.rows(BY_ROWS, [JSON.stringify(rows)]))

/**
 * Rows of `MESSAGE_COLUMNS` as the model has them.
 * @param known names of channels by their ids
 */
export function toMessages(session: Session, rows: readonly Raw[], known = new Map<number, string>()): Message[] {
  const channelName = channelNames(session, known)
  const iso = isoTimes()
  return rows.map((row) => {
    const [channel, seq, hex, sender, type, content, contentType, time, rest] = row
    const id = toUuid(hex as string)
    const fields: Omit<MessageFields, 'thread'> & {thread?: string} = {
      seq: seq as number,
      id,
      channel: channelName(channel as number),
      sender: session.names.nameOf(sender as number),
      type: type as string,
      body: content as Body,
      contentType: contentType === null ? TEXT : (contentType as string),
      time: iso(time as number),
    }
    if (rest === null) fields.thread = id
    else Object.assign(fields, restOf(session, id, JSON.parse(rest as string) as Rest))
    return new Message(fields as MessageFields)
  })
}

/** What stands in the last of `MESSAGE_COLUMNS`, as JSON; ids in hex digits, '' for none. */
export type Rest = [
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

function channelNames({connection}: Session, channels: Map<number, string>): (id: number) => string {
  return (id) => {
    const known = channels.get(id)
    if (known !== undefined) return known
    const name = connection.row('SELECT name FROM channels WHERE id = ?', [id])?.[0] as string
    channels.set(id, name)
    return name
  }
}

function optional<S, T>(value: S | null, convert: (value: S) => T): T | undefined {
  return value === null ? undefined : convert(value)
}

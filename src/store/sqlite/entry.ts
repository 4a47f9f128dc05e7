import {type Body, TEXT} from '../../model/content.js'
import type {Seq} from '../../model/message.js'
import type {Outgoing} from '../store.js'
import {checksum} from './checksum.js'
import {toBytes} from './ids.js'
import type {Log} from './log.js'
import type {Session} from './session.js'

/** A message as its rows have it, the same in every channel. */
export interface Entry {
  id: Buffer
  senderId: number
  type: string
  contentType: string | null
  checksum: number
  recipientId: number | null
  replyTo: Buffer | null
  thread: Buffer | null
  references: readonly Buffer[]
  conversationId: number | null
  correlationId: string | null
  key: string | null
  replyChannel: string | null
  headers: string | null
  expiresAt: number | null
  content: Body
  /** Content and headers were removed while the message was delayed. Milliseconds since 1970. */
  redacted?: {at: number; by: string}
}

/**
 * Interns the names of a message, making its conversation if need be. Only inside a write transaction.
 * @param sum how its content is summed up
 */
export function toEntry(session: Session, message: Outgoing, now: number, sum = checksum): Entry {
  const {names, conversations} = session
  const {recipient, replyTo, thread, conversation, headers} = message
  return {
    id: toBytes(message.id),
    senderId: names.intern(message.sender),
    type: message.type,
    contentType: storedType(message.contentType),
    checksum: sum(message.body),
    recipientId: recipient === undefined ? null : names.intern(recipient),
    replyTo: replyTo === undefined ? null : toBytes(replyTo),
    thread: thread === undefined || thread === message.id ? null : toBytes(thread),
    references: message.references === undefined ? NONE : [...new Set(message.references)].map(toBytes),
    conversationId: conversation === undefined ? null : conversations.intern(conversation, [now, message.sender]),
    correlationId: message.correlationId ?? null,
    key: message.key ?? null,
    replyChannel: message.replyChannel ?? null,
    headers: headers === undefined ? null : JSON.stringify(headers),
    expiresAt: message.expiresAt ?? null,
    content: message.body,
  }
}

const NONE: readonly Buffer[] = []

/** The default isn't written: most messages have it. */
const storedType = (contentType: string): string | null => (contentType === TEXT ? null : contentType)

/** Gives a message its seq in a channel. The caller saves the log afterwards. */
export function store({connection}: Session, log: Log, entry: Entry, time: number, sentAt: number | null = null): Seq {
  const seq = ++log.lastSeq
  const isBack = time < log.newestTime
  const high = isBack ? log.newestTime : null
  if (high === null && sentAt === null && isPlainEntry(entry)) {
    const {id, senderId, type, contentType, checksum, content} = entry
    connection.run(INSERT_PLAIN, [log.id, seq, id, senderId, type, time, contentType, checksum, content])
    return advance(log, seq, time)
  }
  const row = connection.insert(INSERT, [
    log.id,
    seq,
    entry.id,
    entry.senderId,
    entry.type,
    time,
    high,
    entry.contentType,
    entry.checksum,
    entry.recipientId,
    entry.replyTo,
    entry.thread,
    entry.references.length === 0 ? null : Buffer.concat(entry.references),
    entry.conversationId,
    entry.correlationId,
    entry.key,
    entry.replyChannel,
    entry.headers,
    entry.expiresAt,
    sentAt,
    entry.redacted?.at ?? null,
    entry.redacted?.by ?? null,
    entry.content,
  ])
  for (const reference of entry.references) connection.run(INSERT_REFERENCE, [row, reference])
  if (entry.recipientId !== null || entry.expiresAt !== null) log.specialSeq = seq
  return advance(log, seq, time)
}

/** Counts a message in. Returns its seq. */
function advance(log: Log, seq: Seq, time: number): Seq {
  log.count++
  if (time < log.newestTime) log.backSeq = seq
  else log.newestTime = time
  return seq
}

/** Nothing beside sender, type and content: most messages. */
const isPlainEntry = (entry: Entry): boolean =>
  entry.recipientId === null &&
  entry.replyTo === null &&
  entry.thread === null &&
  entry.references.length === 0 &&
  entry.conversationId === null &&
  entry.correlationId === null &&
  entry.key === null &&
  entry.replyChannel === null &&
  entry.headers === null &&
  entry.expiresAt === null &&
  entry.redacted === undefined

// Columns that are NULL cost a twentieth of the whole where each has to be said.
const INSERT_PLAIN = `
  INSERT INTO messages (channel_id, seq, id, sender_id, type, time, content_type, checksum, content)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
const INSERT = `
  INSERT INTO messages (
    channel_id, seq, id, sender_id, type, time, time_high, content_type,
    checksum, recipient_id, reply_to, thread,
    refs, conversation_id, correlation_id,
    key, reply_channel, headers, expires_at, sent_at, redacted_at, redacted_by, content)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const INSERT_REFERENCE = 'INSERT INTO message_references (row, to_id) VALUES (?, ?)'

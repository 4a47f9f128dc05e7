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
  references: Buffer[]
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

/** Interns the names of a message, making its conversation if need be. Only inside a write transaction. */
export function toEntry(session: Session, message: Outgoing, now: number): Entry {
  const {names, conversations} = session
  const {recipient, replyTo, thread, conversation, headers} = message
  return {
    id: toBytes(message.id),
    senderId: names.intern(message.sender),
    type: message.type,
    contentType: storedType(message.contentType),
    checksum: checksum(message.body),
    recipientId: recipient === undefined ? null : names.intern(recipient),
    replyTo: replyTo === undefined ? null : toBytes(replyTo),
    thread: thread === undefined || thread === message.id ? null : toBytes(thread),
    references: [...new Set(message.references)].map(toBytes),
    conversationId: conversation === undefined ? null : conversations.intern(conversation, [now, message.sender]),
    correlationId: message.correlationId ?? null,
    key: message.key ?? null,
    replyChannel: message.replyChannel ?? null,
    headers: headers === undefined ? null : JSON.stringify(headers),
    expiresAt: message.expiresAt ?? null,
    content: message.body,
  }
}

/** The default isn't written: most messages have it. */
const storedType = (contentType: string): string | null => (contentType === TEXT ? null : contentType)

/** Gives a message its seq in a channel. The caller saves the log afterwards. */
export function store({connection}: Session, log: Log, entry: Entry, time: number, sentAt: number | null = null): Seq {
  const seq = ++log.lastSeq
  const isBack = time < log.newestTime
  const row = connection.insert(INSERT, [
    log.id,
    seq,
    entry.id,
    entry.senderId,
    entry.type,
    time,
    isBack ? log.newestTime : null,
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
  log.count++
  if (isBack) log.backSeq = seq
  else log.newestTime = time
  if (entry.recipientId !== null || entry.expiresAt !== null) log.specialSeq = seq
  return seq
}
const INSERT = `
  INSERT INTO messages (
    channel_id, seq, id, sender_id, type, time, time_high, content_type,
    checksum, recipient_id, reply_to, thread,
    refs, conversation_id, correlation_id,
    key, reply_channel, headers, expires_at, sent_at, redacted_at, redacted_by, content)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const INSERT_REFERENCE = 'INSERT INTO message_references (row, to_id) VALUES (?, ?)'

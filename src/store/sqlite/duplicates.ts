import {LeatError} from '../../model/errors.js'
import type {Sent} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import type {Value} from './connection.js'
import type {Entry} from './entry.js'
import {toId} from './ids.js'
import type {Log} from './log.js'
import type {Session} from './session.js'

/** Where a message was stored, or put off, before. */
export interface Earlier {
  id: Buffer
  thread: string
  /** Milliseconds since 1970. */
  time: number
  sent: Sent
}

/**
 * Law 4. The same message in a channel, by its id or its key.
 * @param mayWait whether delayed messages have to be looked at
 * @throws CONFLICT one that has other content or another sender
 */
export function findEarlier({connection}: Session, log: Log, entry: Entry, mayWait: boolean): Earlier | undefined {
  const key = entry.key === null ? undefined : {channel: log.id, key: entry.key}
  // Nearly every message is new: that is seen without a look at anything but the index.
  if (!key && !mayWait && !connection.row(IS_STORED, [entry.id, entry.id, log.id])) return undefined
  const id = {channel: log.id, id: entry.id}
  const stored = connection.get(STORED_BY_ID, id) ?? (key && connection.get(STORED_BY_KEY, key))
  if (stored) {
    check(stored, entry, `${log.name}/${stored['seq']}`)
    return {...place(stored), sent: {channel: log.name, seq: stored['seq'] as number}}
  }
  const waiting = mayWait
    ? (connection.get(WAITING_BY_ID, id) ?? (key && connection.get(WAITING_BY_KEY, key)))
    : undefined
  if (!waiting) return undefined
  check(waiting, entry, `a delayed message of ${log.name}`)
  return {...place(waiting), sent: {channel: log.name, deliverAt: isoTime(waiting['deliver_at'] as number)}}
}
const IS_STORED = 'SELECT 1 FROM messages WHERE substr(id, 14, 3) = substr(?, 14, 3) AND id = ? AND channel_id = ?'
const STORED_BY_ID = `
  SELECT seq, id, time, thread, sender_id, content_type, content, checksum, redacted_at FROM messages
   WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id AND channel_id = :channel`
const STORED_BY_KEY = `
  SELECT seq, id, time, thread, sender_id, content_type, content, checksum, redacted_at FROM messages
   WHERE channel_id = :channel AND key = :key`
const WAITING_BY_ID = `
  SELECT deliver_at, id, sent_at AS time, rest ->> 'thread' AS thread, sender_id, content_type, content, checksum,
         rest ->> '$.redacted.at' AS redacted_at
    FROM scheduled WHERE id = :id AND channel_id = :channel`
const WAITING_BY_KEY = `
  SELECT deliver_at, id, sent_at AS time, rest ->> 'thread' AS thread, sender_id, content_type, content, checksum,
         rest ->> '$.redacted.at' AS redacted_at
    FROM scheduled WHERE channel_id = :channel AND key = :key`

type Row = Readonly<Record<string, Value>>

function place({id, time, thread}: Row): Omit<Earlier, 'sent'> {
  const root = thread === null || thread === undefined ? toId(id as Buffer) : toText(thread)
  return {id: id as Buffer, thread: root, time: time as number}
}

const toText = (id: Value): string => (typeof id === 'string' ? id : toId(id as Buffer))

function check(row: Row, entry: Entry, where: string): void {
  if (row['sender_id'] === entry.senderId && row['content_type'] === entry.contentType && isSameContent(row, entry))
    return
  const name = (row['id'] as Buffer).equals(entry.id) ? `id ${toId(entry.id)}` : `key ${JSON.stringify(entry.key)}`
  throw new LeatError('CONFLICT', `${where} has the ${name} with other content or another sender`, {
    hint: 'send it with an id or key of its own',
  })
}

/** Whether a row has the content of an entry, as far as that can still be told. */
export function isSameContent(
  {content, checksum, redacted_at: redacted}: Row,
  entry: Pick<Entry, 'content' | 'checksum'>,
): boolean {
  if (checksum !== entry.checksum) return false
  if (typeof redacted === 'number') return true // the content is gone; its checksum is all that is left to compare
  if (typeof content === 'string' || typeof entry.content === 'string') return content === entry.content
  return (content as Buffer).equals(entry.content)
}

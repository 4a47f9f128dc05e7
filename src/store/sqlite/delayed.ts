import type {Message} from '../../model/message.js'
import type {MessageRef} from '../../model/reference.js'
import type {ScheduledMessage} from '../../model/scheduled.js'
import {isoTime} from '../../model/time.js'
import {closeIfDrained} from './draining.js'
import {idEnd, toBytes} from './ids.js'
import {findLog} from './log.js'
import {type Rest, toMessages} from './rows.js'
import {type ScheduledRow, storeDue, toDelayed} from './scheduled.js'
import type {Session} from './session.js'

/** Delayed messages that are not due yet, by (deliverAt, id). None has a place to be named by. */
export function listScheduled(
  session: Session,
  {channel, message}: {channel?: string; message?: MessageRef},
): ScheduledMessage[] {
  const {connection} = session
  const log = channel === undefined ? undefined : findLog(session, channel)
  if ((channel !== undefined && !log) || message?.by === 'place') return []
  const of = {channel: log?.id ?? null}
  const rows = message
    ? connection.all(OF_MESSAGE, {...of, ...idEnd(message)})
    : connection.all(log ? OF_CHANNEL : ALL, log ? of : [])
  return rows.map((row) => toScheduled(session, row))
}
const ALL = 'SELECT * FROM scheduled ORDER BY deliver_at, id, row'
const OF_CHANNEL = 'SELECT * FROM scheduled WHERE channel_id = :channel ORDER BY deliver_at, id, row'
const OF_MESSAGE = `
  SELECT * FROM scheduled
   WHERE substr(id, 14, 3) = :tail AND substr(hex(id), -:length) = :end AND (:channel IS NULL OR channel_id = :channel)
   ORDER BY deliver_at, id, row`

/** Takes a delayed message back from some channels; what is due is stored first. A draining channel is closed by its last one. */
export function cancelScheduled(session: Session, id: string, channels: readonly string[]): ScheduledMessage[] {
  const {connection, clock} = session
  return connection.write(() => {
    storeDue(session, clock())
    return channels.flatMap((name) => {
      const log = findLog(session, name)
      const row = log && connection.get(ONE, [toBytes(id), log.id])
      if (!row) return []
      const cancelled = toScheduled(session, row)
      connection.run('DELETE FROM scheduled WHERE row = ?', [row['row']!])
      closeIfDrained(session, log.id)
      return [cancelled]
    })
  })
}
const ONE = 'SELECT * FROM scheduled WHERE id = ? AND channel_id = ?'

/** Removes content and headers of a message where it is delayed, inside a transaction. Again: changes nothing. */
export function redactDelayed(session: Session, id: Buffer, now: number, by: string): Message[] {
  const {connection} = session
  connection.run(REDACT, {id, now, by})
  return connection.all(EVERYWHERE, [id]).map((row) => toScheduled(session, row).message)
}
const REDACT = `
  UPDATE scheduled
     SET content = '', rest = json_set(rest, '$.headers', NULL, '$.redacted', json_object('at', :now, 'by', :by))
   WHERE id = :id AND rest ->> '$.redacted' IS NULL`
const EVERYWHERE = 'SELECT * FROM scheduled WHERE id = ? ORDER BY row'

function toScheduled(session: Session, row: ScheduledRow): ScheduledMessage {
  const entry = toDelayed(row)
  const deliverAt = row['deliver_at'] as number
  const rest: Rest = [
    row['sent_at'] as number,
    entry.recipientId,
    toHex(entry.replyTo),
    toHex(entry.thread),
    entry.references.map(toHex).join(''),
    entry.conversationId,
    entry.correlationId,
    entry.key,
    entry.replyChannel,
    entry.headers,
    entry.expiresAt,
    entry.redacted?.at ?? null,
    entry.redacted?.by ?? null,
  ]
  const {id, senderId, type, content, contentType} = entry
  // As `MESSAGE_COLUMNS` has it.
  const raw = [row['channel_id'], 0, toHex(id), senderId, type, content, contentType, deliverAt, JSON.stringify(rest)]
  return {message: toMessages(session, [raw])[0]!, deliverAt: isoTime(deliverAt)}
}

const toHex = (id: Buffer | null): string => id?.toString('hex') ?? ''

import {checkAccepts} from '../../model/channel.js'
import type {Body} from '../../model/content.js'
import {LeatError} from '../../model/errors.js'
import {isBelievable} from './clock-doubt.js'
import type {Value} from './connection.js'
import {buryDelayed} from './dead-letters.js'
import {closeIfDrained} from './draining.js'
import {type Entry, store} from './entry.js'
import {nextDue} from './epoch.js'
import {toBytes, toId} from './ids.js'
import {type Log, logById} from './log.js'
import {OpenLogs} from './open-logs.js'
import type {Session} from './session.js'

/** A row of `scheduled`. */
export type ScheduledRow = Record<string, Value>

/** Puts a message off until `deliverAt`. It has no seq until then, so no reader can miss it. */
export function schedule({connection}: Session, log: Log, entry: Entry, deliverAt: number, now: number): void {
  const {id, senderId, contentType, checksum, key, content, ...rest} = entry
  connection.run(INSERT, [
    log.id,
    deliverAt,
    id,
    senderId,
    now,
    contentType,
    checksum,
    key,
    JSON.stringify(toRest(rest)),
    content,
  ])
}
const INSERT = `
  INSERT INTO scheduled (channel_id, deliver_at, id, sender_id, sent_at, content_type, checksum, key, rest, content)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Whether any delayed message is there at all. */
export const hasScheduled = ({connection}: Session): boolean =>
  connection.row('SELECT 1 FROM scheduled LIMIT 1') !== undefined

/**
 * Whether something fell due that this handle may store: a read-only one shows what is stored, and leaves the rest to others.
 * @param due when the next one falls due
 */
export const isDue = (session: Session, due = nextDue(session.connection)): boolean =>
  due !== undefined && due <= session.clock() && !session.connection.isReadonly

/** Stores what fell due, for whoever is about to look. Without a write transaction when nothing is. */
export function storeDueBeforeRead(session: Session): void {
  if (isDue(session)) session.connection.write(() => storeDue(session, session.clock()))
}

/**
 * Stores delayed messages that fell due, by (deliverAt, id); inside a write transaction. What a closed channel doesn't
 * take any more becomes a dead letter, what has expired already is dropped. A draining channel is closed by its last one.
 */
export function storeDue(session: Session, now: number): void {
  const {connection} = session
  const due = nextDue(connection)
  if (due === undefined || due > now) return
  const logs = new OpenLogs(session, now)
  const channels = new Set<number>()
  for (const [row] of connection.rows(DUE, [now])) {
    const waiting = connection.get(WAITING, [row as number])!
    const channelId = waiting['channel_id'] as number
    settle(
      session,
      logs.get(channelId, () => logById(session, channelId)),
      waiting,
      now,
    )
    connection.run('DELETE FROM scheduled WHERE row = ?', [row as number])
    channels.add(channelId)
  }
  logs.save()
  for (const id of channels) closeIfDrained(session, id)
}
const DUE = 'SELECT row FROM scheduled WHERE deliver_at <= ? ORDER BY deliver_at, id, row'
const WAITING = 'SELECT * FROM scheduled WHERE row = ?'

function settle(session: Session, log: Log, waiting: ScheduledRow, now: number): void {
  const entry = toDelayed(waiting)
  const times = {deliverAt: waiting['deliver_at'] as number, sentAt: waiting['sent_at'] as number}
  const expired = entry.expiresAt !== null && entry.expiresAt <= now
  // With a clock that can't be believed it is stored, and hidden while that clock goes on.
  if (expired && isBelievable(session, Math.max(log.newestTime, times.sentAt), now)) return
  const refusal = refusalOf(log)
  if (refusal === undefined) store(session, log, entry, times.deliverAt, times.sentAt)
  else buryDelayed(session, log.id, entry, times, refusal)
}

/** A due message was promised before the channel began to drain, so it is taken like a reply. */
function refusalOf(log: Log): string | undefined {
  try {
    checkAccepts(log, true)
    return undefined
  } catch (error) {
    if (error instanceof LeatError) return error.message
    throw error
  }
}

type Rest = Omit<Entry, 'id' | 'senderId' | 'contentType' | 'checksum' | 'key' | 'content'>

const toRest = ({replyTo, thread, references, ...rest}: Rest) => ({
  ...rest,
  replyTo: replyTo === null ? null : toId(replyTo),
  thread: thread === null ? null : toId(thread),
  references: references.map((id) => toId(id)),
})

/** A row of `scheduled` as it will be. */
export function toDelayed(row: ScheduledRow): Entry {
  const rest = JSON.parse(row['rest'] as string) as ReturnType<typeof toRest>
  return {
    id: row['id'] as Buffer,
    senderId: row['sender_id'] as number,
    contentType: row['content_type'] as string | null,
    checksum: row['checksum'] as number,
    key: row['key'] as string | null,
    content: row['content'] as Body,
    ...rest,
    replyTo: rest.replyTo === null ? null : toBytes(rest.replyTo),
    thread: rest.thread === null ? null : toBytes(rest.thread),
    references: rest.references.map(toBytes),
  }
}

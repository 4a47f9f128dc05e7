import {checkAccepts} from '../../model/channel.js'
import type {Body} from '../../model/content.js'
import {LeatError} from '../../model/errors.js'
import type {Value} from './connection.js'
import {type Entry, store} from './entry.js'
import {toBytes, toId} from './ids.js'
import {type Log, logById} from './log.js'
import {OpenLogs} from './open-logs.js'
import type {Session} from './session.js'

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

/** How many delayed messages of a channel still wait. */
export const countScheduled = ({connection}: Session, channelId: number): number =>
  connection.row('SELECT count(*) FROM scheduled WHERE channel_id = ? AND failed IS NULL', [channelId])?.[0] as number

/** When the next delayed message falls due: milliseconds since 1970. */
export function nextDue({connection}: Session): number | undefined {
  return (connection.row(NEXT_DUE)?.[0] as number | null | undefined) ?? undefined
}
const NEXT_DUE = 'SELECT min(deliver_at) FROM scheduled WHERE failed IS NULL'

/** Stores what fell due, for whoever is about to look. Without a write transaction when nothing is. */
export function storeDueBeforeRead(session: Session): void {
  const now = session.clock()
  const due = nextDue(session)
  // A read-only store shows what is stored, and leaves the rest to those who may write.
  if (due === undefined || due > now || session.connection.isReadonly) return
  session.connection.write(() => storeDue(session, now))
}

/**
 * Stores delayed messages that fell due, by (deliverAt, id); inside a write transaction. What a closed channel doesn't
 * take any more stays, with the reason. A draining channel is closed by its last one.
 */
export function storeDue(session: Session, now: number): void {
  const {connection} = session
  const due = nextDue(session)
  if (due === undefined || due > now) return
  const logs = new OpenLogs(session)
  const channels = new Set<number>()
  for (const [row] of connection.rows(DUE, [now])) {
    const waiting = connection.get(WAITING, [row as number])!
    const channelId = waiting['channel_id'] as number
    const log = logs.get(channelId, () => logById(session, channelId))
    channels.add(channelId)
    const refusal = refusalOf(log)
    if (refusal !== undefined) connection.run('UPDATE scheduled SET failed = ? WHERE row = ?', [refusal, row as number])
    else {
      store(session, log, fromRow(waiting), waiting['deliver_at'] as number, waiting['sent_at'] as number)
      connection.run('DELETE FROM scheduled WHERE row = ?', [row as number])
    }
  }
  logs.save(now)
  for (const id of channels) if (countScheduled(session, id) === 0) connection.run(CLOSE_DRAINED, [id])
}
const DUE = 'SELECT row FROM scheduled WHERE failed IS NULL AND deliver_at <= ? ORDER BY deliver_at, id, row'
const WAITING = 'SELECT * FROM scheduled WHERE row = ?'
const CLOSE_DRAINED = `UPDATE channels SET state = 'closed' WHERE id = ? AND state = 'draining'`

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

function fromRow(row: Record<string, Value>): Entry {
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

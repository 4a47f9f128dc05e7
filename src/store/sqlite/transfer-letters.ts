import type {DeadLetter} from '../../model/dead-letter.js'
import type {ScheduledMessage} from '../../model/scheduled.js'
import {COPIED, COPIED_VALUES, letterOf, rowOf} from './dead-letters.js'
import {toBytes} from './ids.js'
import {type Log, logOf} from './log.js'
import {schedule} from './scheduled.js'
import type {Session} from './session.js'
import {entryOf, timeOf} from './transfer-put.js'

/** Makes a dead letter, if it isn't there; inside a transaction. @throws NOT_FOUND */
export function restoreDeadLetter(session: Session, letter: DeadLetter): boolean {
  if (rowOf(session, letter.id) !== undefined) return false
  const {connection, names} = session
  const {message, group, subscriber} = letter
  const entry = entryOf(session, message)
  connection.run(PUT, {
    id: toBytes(letter.id),
    channel: logOf(session, letter.channel).id,
    name: group === undefined ? null : names.intern(group),
    subscriber: subscriber === undefined ? null : names.intern(subscriber),
    seq: message.seq === 0 ? null : message.seq,
    attempts: letter.attempts,
    reason: letter.reason,
    detail: letter.detail ?? null,
    diedAt: Date.parse(letter.diedAt),
    ...letterOf(entry, {time: Date.parse(message.time), sentAt: timeOf(message.sentAt)}),
  })
  return true
}
const PUT = `
  INSERT INTO dead_letters (
    id, channel_id, name_id, subscriber_id, seq, attempts, reason, detail, died_at, message_id, ${COPIED})
  VALUES (:id, :channel, :name, :subscriber, :seq, :attempts, :reason, :detail, :diedAt, :message, ${COPIED_VALUES})`

/** Puts a delayed message off again, if it is neither delayed nor stored, nor its key taken; inside a transaction. @throws NOT_FOUND */
export function restoreScheduled(session: Session, {message, deliverAt}: ScheduledMessage): boolean {
  const log = logOf(session, message.channel)
  const entry = entryOf(session, message)
  if (isKnown(session, log, entry)) return false
  schedule(session, log, entry, Date.parse(deliverAt), timeOf(message.sentAt) ?? session.clock())
  return true
}

const isKnown = ({connection}: Session, log: Log, {id, key}: {id: Buffer; key: string | null}): boolean =>
  connection.row(KNOWN, {id, key, channel: log.id}) !== undefined
const KNOWN = `
  SELECT 1 FROM scheduled WHERE channel_id = :channel AND (id = :id OR key = :key)
   UNION ALL
  SELECT 1 FROM messages WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id AND channel_id = :channel
   UNION ALL
  SELECT 1 FROM messages WHERE channel_id = :channel AND key = :key`

import {isBelievable} from './clock-doubt.js'
import {type Log, noteDeleted} from './log.js'
import {NOT_PENDING} from './push.js'
import type {Session} from './session.js'
import {isPlain} from './view.js'

/** How many expired messages an append looks at: the rest is left to the next. */
const AT_ONCE = 1000

/** Of a row of `messages`: nobody has it in hand, or will be given it again. Others are never deleted. */
export const NOT_IN_FLIGHT = `
  NOT EXISTS (SELECT 1 FROM in_flight WHERE in_flight.channel_id = messages.channel_id AND in_flight.seq = messages.seq)
  AND ${NOT_PENDING}`

/** Deletes some of what has expired before something is appended, so that its keys and ids are free again. */
export function dropExpired(session: Session, log: Log, now: number): void {
  deleteExpired(session, log, now, {limit: AT_ONCE})
}

/** How many messages of a channel have expired and may go. A channel in which nothing expires isn't looked at. */
export const countExpired = ({connection}: Session, log: Log, now: number): number =>
  isPlain(log, log.firstSeq - 1) ? 0 : (connection.row(COUNT, {channel: log.id, now, limit: -1})?.[0] as number)

/**
 * Deletes expired messages, unless the clock can't be believed. Returns how many went; the caller saves the log.
 * @param limit how many to look at; default all
 */
export function deleteExpired(
  session: Session,
  log: Log,
  now: number,
  {limit = -1, trustClock = false}: {limit?: number; trustClock?: boolean} = {},
): number {
  const {connection} = session
  if (isPlain(log, log.firstSeq - 1)) return 0
  const expired = connection.rows(EXPIRED, {channel: log.id, now, limit}) as number[][]
  if (expired.length === 0 || !(trustClock || isBelievable(session, log.newestTime, now))) return 0
  const rows = JSON.stringify(expired.map(([row]) => row))
  connection.run(DELETE_REFERENCES, [rows])
  connection.run(DELETE_DELIVERIES, {channel: log.id, seqs: JSON.stringify(expired.map(([, seq]) => seq))})
  connection.run(DELETE, [rows])
  noteDeleted(
    session,
    log,
    expired.length,
    expired.reduce((highest, [, seq]) => Math.max(highest, seq!), 0),
  )
  return expired.length
}
const EXPIRED = `
  SELECT row, seq
    FROM (SELECT row, channel_id, seq FROM messages INDEXED BY messages_expiry
           WHERE channel_id = :channel AND expires_at <= :now ORDER BY expires_at LIMIT :limit + 0) AS messages
   WHERE ${NOT_IN_FLIGHT}`
const COUNT = `SELECT count(*) FROM (${EXPIRED})`
const DELETE = 'DELETE FROM messages WHERE row IN (SELECT value FROM json_each(?))'
const DELETE_DELIVERIES = `
  DELETE FROM deliveries
   WHERE EXISTS (SELECT 1 FROM deliveries WHERE channel_id = :channel)
     AND channel_id = :channel AND seq IN (SELECT value FROM json_each(:seqs))`
const DELETE_REFERENCES = `
  DELETE FROM message_references
   WHERE EXISTS (SELECT 1 FROM message_references) AND row IN (SELECT value FROM json_each(?))`

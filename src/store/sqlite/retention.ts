import type {Seq} from '../../model/message.js'
import type {Pruned, PruneOptions} from '../store.js'
import {isBelievable} from './clock-doubt.js'
import {countExpired, deleteExpired, NOT_IN_FLIGHT} from './expiry.js'
import {type Log, logOf, noteDeleted, saveLog} from './log.js'
import {NOT_AWAITED} from './push.js'
import type {Session} from './session.js'
import {firstAtOrAfter} from './times.js'
import {firstUnread} from './unread.js'

/** What goes: whatever is older than the newest `keep`, or was stored before `before`, but nothing behind `upTo`. */
interface Limits {
  keep?: number | undefined
  before?: number | undefined
  upTo: Seq
}

/**
 * Deletes what a channel's retention doesn't keep, inside the transaction of an append.
 * @param newestTime of the log before the append: a clock that jumped must not empty the channel
 */
export function applyRetention(session: Session, log: Log, now: number, newestTime: number): void {
  const {maxAge, maxMessages} = log
  if (maxAge === undefined && (maxMessages === undefined || log.count <= maxMessages)) return
  const believed = newestTime === 0 || isBelievable(session, newestTime, now)
  deleteOutside(session, log, {
    keep: maxMessages,
    before: maxAge === undefined || !believed ? undefined : now - maxAge,
    upTo: log.lastSeq,
  })
}

/** Deletes oldest messages as the options, or the channel's own retention, say. @throws NOT_FOUND */
export function prune(session: Session, name: string, options: PruneOptions): Pruned {
  const {connection, clock} = session
  const {keep, before, retention = keep === undefined && before === undefined, dryRun = false} = options
  const work = (): Pruned => {
    const log = logOf(session, name)
    const now = clock()
    const {maxAge, maxMessages} = retention ? log : {}
    const expired = countExpired(session, log, now)
    const byClock = log.count > 0 && (maxAge !== undefined || expired > 0)
    const doubted = byClock && !options.trustClock && !isBelievable(session, log.newestTime, now)
    const limits = {
      keep: lower(keep, maxMessages),
      before: higher(before, maxAge === undefined || doubted ? undefined : now - maxAge),
      upTo: options.keepUnread ? readByAll(session, log, now) : log.lastSeq,
    }
    const {count} = log
    const doomed = doubted ? 0 : expired
    if (dryRun)
      log.count -= doomed + countOutside(session, {...log, count: count - doomed}, limits, doomed > 0 ? now : 0)
    else {
      if (doomed > 0) deleteExpired(session, log, now, {trustClock: true})
      deleteOutside(session, log, limits)
      if (log.count < count) saveLog(session, log)
    }
    return {channel: log.name, deleted: count - log.count, kept: log.count, clockDoubted: doubted}
  }
  return dryRun ? connection.read(work) : connection.write(work)
}

const lower = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
const higher = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

/** The last seq that every reader of a channel is done with. */
function readByAll(session: Session, log: Log, now: number): Seq {
  const behind = session.connection.rows(READERS, [log.id]).map(([nameId, cursor]) => {
    const unread = firstUnread(session, log, cursor as number, nameId as number, now)
    return unread === undefined ? log.lastSeq : unread - 1
  })
  return Math.min(log.lastSeq, ...behind)
}
const READERS = `SELECT name_id, cursor FROM consumers WHERE channel_id = ? AND kind = 'reader'`

/** The bounds of what goes: all up to `surplus`, and what is older than `before` in front of `aged`. */
function bounds(session: Session, log: Log, {keep, before = 0, upTo}: Limits, expired = 0) {
  const surplus = keep === undefined || log.count <= keep ? 0 : nthSeq(session, log, log.count - keep, expired)
  const aged = before === 0 ? 0 : (firstRisingAt(session, log, before) ?? log.lastSeq + 1) - 1
  return {channel: log.id, surplus: Math.min(surplus, upTo), aged: Math.min(aged, upTo), before}
}

/** Behind the last set-back of the clock times only rise: the first at `time` ends what can be older. */
const firstRisingAt = (session: Session, log: Log, time: number): Seq | undefined =>
  firstAtOrAfter(session, log, time, log.backSeq)

/** The seq of the nth message of a channel, without those that go because they had expired at `expired`. */
function nthSeq({connection}: Session, log: Log, n: number, expired: number): Seq {
  const row =
    expired === 0
      ? connection.row(NTH, [log.id, n - 1])
      : connection.row(NTH_LEFT, {channel: log.id, expired, offset: n - 1})
  return row?.[0] as number
}
const NTH = 'SELECT seq FROM messages WHERE channel_id = ? ORDER BY seq LIMIT 1 OFFSET ? + 0'
const NTH_LEFT = `
  SELECT seq FROM messages
   WHERE channel_id = :channel AND (expires_at IS NULL OR expires_at > :expired OR NOT (${NOT_IN_FLIGHT}))
   ORDER BY seq LIMIT 1 OFFSET :offset + 0`

/** How many would go besides those that had expired at `expired`. */
function countOutside(session: Session, log: Log, limits: Limits, expired: number): number {
  return session.connection.row(COUNT, {...bounds(session, log, limits, expired), expired})?.[0] as number
}

/** Returns how many went; the caller saves the log. */
function deleteOutside(session: Session, log: Log, limits: Limits): number {
  const {connection} = session
  const range = bounds(session, log, limits)
  // Where the clock was set back, or something is in flight, what goes needn't be in one piece.
  const highest = Math.max(range.surplus, range.aged)
  if (highest < log.firstSeq) return 0
  connection.run(DELETE_REFERENCES, range)
  connection.run(DELETE_DELIVERIES, range)
  const deleted = connection.run(DELETE, range)
  if (deleted > 0) noteDeleted(session, log, deleted, highest)
  return deleted
}
const OUTSIDE = `
  channel_id = :channel AND seq <= max(:surplus, :aged) AND (seq <= :surplus OR (seq <= :aged AND time < :before))
     AND ${NOT_IN_FLIGHT} AND ${NOT_AWAITED}`
const COUNT = `SELECT count(*) FROM messages WHERE ${OUTSIDE} AND (expires_at IS NULL OR expires_at > :expired)`
const DELETE = `DELETE FROM messages WHERE ${OUTSIDE}`
const DELETE_DELIVERIES = `
  DELETE FROM deliveries
   WHERE EXISTS (SELECT 1 FROM deliveries WHERE channel_id = :channel)
     AND channel_id = :channel AND seq IN (SELECT seq FROM messages WHERE ${OUTSIDE})`
const DELETE_REFERENCES = `
  DELETE FROM message_references
   WHERE EXISTS (SELECT 1 FROM message_references)
     AND row IN (SELECT row FROM messages WHERE ${OUTSIDE} AND refs IS NOT NULL)`

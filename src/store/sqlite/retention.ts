import {CLOCK_DOUBT} from '../../model/channel.js'
import type {Seq} from '../../model/message.js'
import type {Pruned, PruneOptions} from '../store.js'
import {type Log, logOf, saveLog} from './log.js'
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
    const doubted =
      maxAge !== undefined && !options.trustClock && log.count > 0 && !isBelievable(session, log.newestTime, now)
    const limits = {
      keep: lower(keep, maxMessages),
      before: higher(before, maxAge === undefined || doubted ? undefined : now - maxAge),
      upTo: options.keepUnread ? readByAll(session, log, now) : log.lastSeq,
    }
    const deleted = dryRun ? countOutside(session, log, limits) : deleteOutside(session, log, limits)
    if (deleted > 0 && !dryRun) saveLog(session, log)
    return {channel: log.name, deleted, kept: log.count - (dryRun ? deleted : 0), clockDoubted: doubted}
  }
  return dryRun ? connection.read(work) : connection.write(work)
}

/** A clock near the newest time of the channel, or else of the whole store: a quiet channel is no reason for doubt. */
const isBelievable = ({connection}: Session, newestTime: number, now: number): boolean =>
  now - newestTime <= CLOCK_DOUBT || now - (connection.row(NEWEST_TIME)?.[0] as number) <= CLOCK_DOUBT
const NEWEST_TIME = 'SELECT max(newest_time) FROM counters'

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
function bounds(session: Session, log: Log, {keep, before = 0, upTo}: Limits) {
  const surplus = keep === undefined || log.count <= keep ? 0 : nthSeq(session, log, log.count - keep)
  const aged = before === 0 ? 0 : (firstRisingAt(session, log, before) ?? log.lastSeq + 1) - 1
  return {channel: log.id, surplus: Math.min(surplus, upTo), aged: Math.min(aged, upTo), before}
}

/** Behind the last set-back of the clock times only rise: the first at `time` ends what can be older. */
const firstRisingAt = (session: Session, log: Log, time: number): Seq | undefined =>
  firstAtOrAfter(session, log, time, log.backSeq)

function nthSeq({connection}: Session, log: Log, n: number): Seq {
  return connection.row(NTH, [log.id, n - 1])?.[0] as number
}
const NTH = 'SELECT seq FROM messages WHERE channel_id = ? ORDER BY seq LIMIT 1 OFFSET ?'

function countOutside(session: Session, log: Log, limits: Limits): number {
  return session.connection.row(COUNT, bounds(session, log, limits))?.[0] as number
}

/** Returns how many went; the caller saves the log. */
function deleteOutside(session: Session, log: Log, limits: Limits): number {
  const {connection} = session
  const range = bounds(session, log, limits)
  if (range.surplus < log.firstSeq && range.aged < log.firstSeq) return 0
  connection.run(DELETE_REFERENCES, range)
  const deleted = connection.run(DELETE, range)
  if (deleted === 0) return 0
  log.count -= deleted
  log.firstSeq = (connection.row(FIRST, [log.id])?.[0] as number | null | undefined) ?? log.lastSeq + 1
  // Where the clock was set back, what went by age needn't have been in one piece.
  if (Math.max(range.surplus, range.aged) > log.firstSeq) log.holeSeq = Math.max(log.holeSeq, range.surplus, range.aged)
  return deleted
}
const OUTSIDE =
  'channel_id = :channel AND seq <= max(:surplus, :aged) AND (seq <= :surplus OR (seq <= :aged AND time < :before))'
const COUNT = `SELECT count(*) FROM messages WHERE ${OUTSIDE}`
const DELETE = `DELETE FROM messages WHERE ${OUTSIDE}`
const DELETE_REFERENCES = `
  DELETE FROM message_references
   WHERE EXISTS (SELECT 1 FROM message_references)
     AND row IN (SELECT row FROM messages WHERE ${OUTSIDE} AND refs IS NOT NULL)`
const FIRST = 'SELECT min(seq) FROM messages WHERE channel_id = ?'

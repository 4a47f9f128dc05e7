import {LeatError} from '../../model/errors.js'
import type {Place} from '../../model/message.js'
import type {SearchQuery} from '../store.js'
import {findLog, type Log, logsOf} from './log.js'
import {lastRow} from './search-index.js'
import {FEW} from './search-match.js'
import type {Session} from './session.js'
import {firstAtOrAfter} from './times.js'

/** Rows to look at: at or behind `low`, in front of `below`. */
export interface Stretch {
  low: number
  below: number
}

/** The rows between which a search can find anything. @throws INVALID */
export function stretchOf(session: Session, {channels, after, inFrontOf, filter = {}}: SearchQuery): Stretch {
  const begin = after !== undefined ? positionOf(after) : inFrontOf ? rowOf(session, inFrontOf) : lastRow(session) + 1
  const {since, until} = filter
  if (since === undefined && until === undefined) return {low: 1, below: begin}
  const names = channels.map(({name}) => name)
  const logs = [...logsOf(session, names).values()]
  const low = since === undefined ? 1 : firstRowSince(session, logs, since)
  // The page before has begun in front of it.
  const end = until === undefined || after !== undefined ? begin : lastRowUntil(session, logs, until) + 1
  return {low, below: Math.min(begin, end)}
}

/** The first row of some channels that may be as late as `since`. */
function firstRowSince(session: Session, logs: readonly Log[], since: number): number {
  let first = lastRow(session) + 1
  const around = aroundTime(session, logs, since, LAST_OF_EACH)
  for (const log of logs) {
    if (log.newestTime < since) continue
    const before = around?.each.get(log.id)
    const isBefore = before !== undefined && before.time < since
    first = Math.min(first, isBefore ? around!.row : rowAt(session, log, firstAtOrAfter(session, log, since)))
  }
  return first
}

/** The last row of some channels that may be earlier than `until`; 0: there is none. */
function lastRowUntil(session: Session, logs: readonly Log[], until: number): number {
  if (logs.every(({newestTime}) => newestTime < until)) return lastRow(session)
  let last = 0
  const around = aroundTime(session, logs, until, FIRST_OF_EACH)
  // Behind the last set-back of the clock times only rise: from the first that is too late on, all are.
  for (const log of logs) {
    const from = around?.each.get(log.id)
    const isTooLate = from !== undefined && from.seq > log.backSeq && from.time >= until
    const tooLate = isTooLate || log.newestTime < until ? undefined : firstAtOrAfter(session, log, until, log.backSeq)
    last = Math.max(last, isTooLate ? around!.row - 1 : rowUpTo(session, log, tooLate))
  }
  return last
}

/** Rows that are looked at, for each channel: with most of them one is there, and the others are halved. */
const ROWS_OF_EACH = 4

/**
 * Of many channels not each is halved: where the clock was never set back a time stands at one row in all of them. What a
 * channel has next to that row proves it, for that channel alone. By number of channel.
 */
function aroundTime(
  session: Session,
  logs: readonly Log[],
  time: number,
  ofEach: string,
): {row: number; each: ReadonlyMap<number, {seq: number; time: number}>} | undefined {
  if (logs.length <= FEW) return undefined
  const {connection} = session
  let low = 1
  let high = lastRow(session) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row, its] = connection.row(TIME_FROM, [middle]) as number[]
    if (its! >= time) high = middle
    else low = row! + 1
  }
  const rows = connection.rows(ofEach, {row: low, count: ROWS_OF_EACH * logs.length}) as number[][]
  return {row: low, each: new Map(rows.map(([channel, seq, its]) => [channel!, {seq: seq!, time: its!}]))}
}
const TIME_FROM = 'SELECT row, time FROM messages WHERE row >= ? ORDER BY row LIMIT 1'
/** In front of a row, with the highest time so far. SQLite takes it from the row that has the highest seq. */
const LAST_OF_EACH = `
  SELECT channel_id, max(seq), coalesce(time_high, time) FROM messages
   WHERE row >= :row - :count AND row < :row GROUP BY channel_id`
/** At a row and behind it. */
const FIRST_OF_EACH = `
  SELECT channel_id, min(seq), time FROM messages WHERE row >= :row AND row < :row + :count GROUP BY channel_id`

/** @throws INVALID */
function positionOf(next: string): number {
  const row = Number(next)
  if (/^\d+$/.test(next) && Number.isSafeInteger(row)) return row
  throw new LeatError('INVALID', `${JSON.stringify(next)} is not where a search goes on`)
}

/** The row of a place; if it is gone, of the next one in its channel. @throws INVALID there is no such place */
function rowOf(session: Session, {channel, seq}: Place): number {
  const log = findLog(session, channel)
  if (log && seq > 0 && seq <= log.lastSeq) return rowAt(session, log, seq)
  throw new LeatError('INVALID', `${channel} has no place ${seq}`, {hint: 'begin again without it'})
}

/** The row of the first message at or behind a seq; without one, behind all rows. */
function rowAt(session: Session, log: Log, seq: number | undefined): number {
  const row =
    seq === undefined ? undefined : (session.connection.row(ROW_FROM, [log.id, seq])?.[0] as number | undefined)
  return row ?? lastRow(session) + 1
}
const ROW_FROM = 'SELECT row FROM messages WHERE channel_id = ? AND seq >= ? ORDER BY seq LIMIT 1'

/** The row of the last message in front of a seq; without one, of the last of the channel. 0: there is none. */
const rowUpTo = ({connection}: Session, {id, lastSeq}: Log, seq = lastSeq + 1): number =>
  (connection.row(ROW_UP_TO, [id, seq])?.[0] as number | undefined) ?? 0
const ROW_UP_TO = 'SELECT row FROM messages WHERE channel_id = ? AND seq < ? ORDER BY seq DESC LIMIT 1'

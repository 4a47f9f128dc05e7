import type {Seq} from '../../model/message.js'
import {findLog, type Log} from './log.js'
import type {Session} from './session.js'

/** The first stored seq of a channel with a time at or after `time`. */
export function firstSince(session: Session, channel: string, time: number): Seq | undefined {
  const log = findLog(session, channel)
  if (!log) return undefined
  const from = firstAtOrAfter(session, log, time)
  if (from === undefined) return undefined
  // The highest time up to there may be one of a message that is gone.
  return session.connection.row(FIRST_FROM, [log.id, from, time])?.[0] as number | undefined
}
const FIRST_FROM = 'SELECT seq FROM messages WHERE channel_id = ? AND seq >= ? AND time >= ? ORDER BY seq LIMIT 1'

/**
 * The first stored seq behind `after` where the highest time so far reaches `time`: nothing in front of it is as late.
 * Found by halving the seqs, since that highest time never falls; so times need no index, which every append would pay.
 */
export function firstAtOrAfter({connection}: Session, log: Log, time: number, after: Seq = 0): Seq | undefined {
  let low = Math.max(after + 1, log.firstSeq)
  let high = log.lastSeq + 1
  let found: Seq | undefined
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [seq, highest] = (connection.row(AT, [log.id, middle, high - 1]) ?? []) as number[]
    if (seq === undefined) high = middle
    else if (highest! >= time) {
      found = seq
      high = middle
    } else low = seq + 1
  }
  return found
}
const AT = `
  SELECT seq, coalesce(time_high, time) FROM messages
   WHERE channel_id = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT 1`

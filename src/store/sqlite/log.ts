import type {ChannelState} from '../../model/channel.js'
import {LeatError} from '../../model/errors.js'
import type {Seq} from '../../model/message.js'
import type {Raw} from './connection.js'
import type {Session} from './session.js'

/** What appending, reading and counting need of a channel: its state, retention and counters, not its settings. */
export interface Log {
  id: number
  name: string
  state: ChannelState
  maxAge: number | undefined
  maxMessages: number | undefined
  lastSeq: Seq
  /** Of what is stored; lastSeq + 1 if nothing is. */
  firstSeq: Seq
  count: number
  /** The highest seq with a recipient or an expiry. */
  specialSeq: Seq
  /** The highest seq missing between stored ones. */
  holeSeq: Seq
  /** Milliseconds since 1970. */
  newestTime: number
  /** The highest seq stored with a time before `newestTime`. */
  backSeq: Seq
}

/** The log of a channel, or undefined. */
export function findLog({connection}: Session, name: string): Log | undefined {
  const row = connection.row(LOG_BY_NAME, [name])
  // The index takes names that differ in case for the same, the port doesn't.
  return row && row[1] === name ? toLog(row) : undefined
}
const COLUMNS = `channels.id, name, state, max_age, max_messages,
  last_seq, first_seq, message_count, special_seq, hole_seq, newest_time, back_seq`
const LOG_BY_NAME = `
  SELECT ${COLUMNS} FROM channels JOIN counters ON channel_id = channels.id WHERE name = ? AND deleted_at IS NULL`

/** @throws NOT_FOUND */
export function logOf(session: Session, name: string): Log {
  const log = findLog(session, name)
  if (log) return log
  throw new LeatError('NOT_FOUND', `no channel "${name}" in ${session.label}`, {hint: `leat channel create ${name}`})
}

export function logById({connection}: Session, id: number): Log {
  return toLog(connection.row(LOG_BY_ID, [id])!)
}
const LOG_BY_ID = `SELECT ${COLUMNS} FROM channels JOIN counters ON channel_id = channels.id WHERE channels.id = ?`

/** The logs of those names that are channels, in one statement. */
export function logsOf(session: Session, names: readonly string[]): Map<string, Log> {
  const logs =
    names.length === 1
      ? [findLog(session, names[0]!)].filter((log) => log !== undefined)
      : session.connection.rows(LOGS_BY_NAMES, [JSON.stringify(names)]).map(toLog)
  return new Map(logs.map((log) => [log.name, log]))
}
const LOGS_BY_NAMES = `
  SELECT ${COLUMNS} FROM json_each(?) AS wanted
   CROSS JOIN channels ON name = wanted.value AND name = wanted.value COLLATE BINARY AND deleted_at IS NULL
    JOIN counters ON channel_id = channels.id`

/** The last seqs of those names that are channels. */
export function lastSeqs({connection}: Session, names: readonly string[]): Map<string, Seq> {
  const found =
    names.length === 1
      ? connection.rows(LAST_SEQ, [names[0]!])
      : names.length === 0
        ? []
        : connection.rows(LAST_SEQS, [JSON.stringify(names)])
  return new Map(found as [string, Seq][])
}
const LAST_SEQ = `
  SELECT name, last_seq FROM channels JOIN counters ON channel_id = channels.id WHERE name = ? AND deleted_at IS NULL`
const LAST_SEQS = `
  SELECT name, last_seq FROM json_each(?) AS wanted
   CROSS JOIN channels ON name = wanted.value AND deleted_at IS NULL
    JOIN counters ON channel_id = channels.id`

/** A row of `COLUMNS`, whatever stands behind them. */
export function toLog(row: Raw): Log {
  const [id, name, state, maxAge, maxMessages, ...counters] = row
  const [lastSeq, firstSeq, count, specialSeq, holeSeq, newestTime, backSeq] = counters as number[]
  return {
    id: id as number,
    name: name as string,
    state: state as ChannelState,
    maxAge: (maxAge as number | null) ?? undefined,
    maxMessages: (maxMessages as number | null) ?? undefined,
    lastSeq: lastSeq!,
    firstSeq: firstSeq!,
    count: count!,
    specialSeq: specialSeq!,
    holeSeq: holeSeq!,
    newestTime: newestTime!,
    backSeq: backSeq!,
  }
}

/** Puts the counters right after messages were deleted, the last of them at `highest`. The caller saves them. */
export function noteDeleted({connection}: Session, log: Log, deleted: number, highest: Seq): void {
  log.count -= deleted
  log.firstSeq = (connection.row(FIRST, [log.id])?.[0] as number | null | undefined) ?? log.lastSeq + 1
  if (highest > log.firstSeq) log.holeSeq = Math.max(log.holeSeq, highest)
}
const FIRST = 'SELECT min(seq) FROM messages WHERE channel_id = ?'

/** Writes the counters back. */
export function saveLog({connection}: Session, log: Log): void {
  connection.run(SAVE, [
    log.lastSeq,
    log.firstSeq,
    log.count,
    log.specialSeq,
    log.holeSeq,
    log.newestTime,
    log.backSeq,
    log.id,
  ])
}
const SAVE = `
  UPDATE counters
     SET last_seq = ?, first_seq = ?, message_count = ?, special_seq = ?, hole_seq = ?, newest_time = ?, back_seq = ?
   WHERE channel_id = ?`

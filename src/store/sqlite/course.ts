import type {Seq} from '../../model/message.js'
import type {Log} from './log.js'
import type {Session} from './session.js'
import {firstAtOrAfter} from './times.js'
import {isPlain, LIVE, MATCHES, type View, visibleIf} from './view.js'

/** A message found, its content not read yet. */
export interface Found {
  row: number
  seq: Seq
}

/** The seqs to look at: behind `after` and in front of `before`. */
export interface Stretch {
  after?: Seq | undefined
  before?: Seq | undefined
}

/** Seqs looked at in one step when a filter may let few through. */
const WINDOW = 5_000

/**
 * One channel on the way of a scan, forward or backward. Each `advance` finds a few more messages; `reached` says how
 * far everything has been looked at, in seqs and in rows, so that channels can be merged before they are read to the end.
 */
export class Course {
  readonly log: Log
  readonly found: Found[] = []
  /** Everything up to this seq was looked at (forward: it and those in front of it; backward: it and those behind it). */
  reached: Seq
  /** The row of the last message looked at. */
  reachedRow: number
  finished = false
  readonly #session: Session
  readonly #view: View
  readonly #forward: boolean
  /** The last seq to look at. */
  readonly #bound: Seq
  /** Where to go on when nothing is left: what a filter by time leaves out is passed over too. */
  readonly #end: Seq

  constructor(
    session: Session,
    log: Log,
    view: View,
    forward: boolean,
    {after = 0, before = log.lastSeq + 1}: Stretch,
  ) {
    this.log = log
    this.#session = session
    this.#view = view
    this.#forward = forward
    const {low, high} = limits(session, log, view)
    const [first, last] = [Math.max(low, after + 1), Math.min(high, before - 1)]
    this.reached = forward ? first - 1 : last + 1
    this.#bound = forward ? last : first
    this.reachedRow = forward ? -Infinity : Infinity
    this.#end = forward ? Math.max(after, Math.min(log.lastSeq, before - 1)) : Math.min(before, after + 1)
    if (first > last) this.#finish()
  }

  /** Where everything stands that is still to be looked at, if all of it is to be shown; forward only. */
  get wholeRange(): {after: Seq; upTo: Seq} | undefined {
    const {filtered, parameters} = this.#view
    // Who manages the channel sees all, and at the beginning of time nothing has expired.
    const seesAll = parameters.all === 1 && parameters.now === 0
    if (!this.#forward || this.finished || filtered || !(seesAll || isPlain(this.log, this.reached))) return undefined
    return {after: this.reached, upTo: this.#bound}
  }

  /** Finds up to `count` more; with a filter perhaps none, but gets on. */
  advance(count: number): void {
    const plain = !this.#view.filtered && isPlain(this.log, this.#forward ? this.reached : 0)
    const edge = this.#view.filtered ? this.#windowEnd() : this.#bound
    const range = {channel: this.log.id, after: this.reached, edge, count}
    const statements = this.#forward ? FORWARD : BACKWARD
    const {connection} = this.#session
    const rows = plain
      ? connection.rows(statements.plain, range)
      : connection.rows(this.#view.filtered ? statements.filtered : statements.visible, {
          ...this.#view.parameters,
          ...range,
        })
    for (const [row, seq] of rows) this.found.push({row: row as number, seq: seq as number})
    const last = this.found.at(-1)
    if (rows.length === count && last) {
      this.reached = last.seq
      this.reachedRow = last.row
    } else if (edge === this.#bound) this.#finish()
    else this.#reach(edge)
  }

  /** Whether a seq is still to be looked at. */
  isAhead(seq: Seq): boolean {
    const {reached} = this
    return this.#forward ? seq > reached && seq <= this.#bound : seq < reached && seq >= this.#bound
  }

  /** Whether the viewer may see what that sender sent to that recipient. */
  mayShow(sender: number, recipient: number | null | undefined): boolean {
    const {actor, all} = this.#view.parameters
    return all === 1 || recipient === null || recipient === undefined || recipient === actor || sender === actor
  }

  /** Where to go on when nothing is left. */
  get end(): Seq {
    return this.#end
  }

  /** A row in front of (forward) or behind (backward) all that are still to be looked at. */
  startRow(): number {
    const {reached, log} = this
    if (this.#forward ? reached < log.firstSeq : reached > log.lastSeq)
      return this.#forward ? 0 : Number.MAX_SAFE_INTEGER
    const at = {channel: log.id, seq: reached}
    const row = this.#session.connection.row(this.#forward ? ROW_UP_TO : ROW_FROM, at)?.[0] as number | undefined
    return row ?? (this.#forward ? 0 : Number.MAX_SAFE_INTEGER)
  }

  #windowEnd(): Seq {
    return this.#forward
      ? Math.min(this.#bound, Math.max(this.reached, this.log.firstSeq - 1) + WINDOW)
      : Math.max(this.#bound, Math.min(this.reached, this.log.lastSeq + 1) - WINDOW)
  }

  #reach(seq: Seq): void {
    const {forward, at} = {forward: this.#forward, at: {channel: this.log.id, seq}}
    this.reached = seq
    const row = this.#session.connection.row(forward ? ROW_UP_TO : ROW_FROM, at)?.[0] as number | undefined
    this.reachedRow = row ?? this.reachedRow
  }

  #finish(): void {
    this.finished = true
    this.reached = this.#end
    this.reachedRow = this.#forward ? Infinity : -Infinity
  }
}

/** The seqs between which a filter by time can let anything through. */
function limits(session: Session, log: Log, {filter: {since, until}}: View): {low: Seq; high: Seq} {
  const first = since === undefined ? log.firstSeq : (firstAtOrAfter(session, log, since) ?? log.lastSeq + 1)
  // Behind the last set-back of the clock times only rise: from the first that is too late on, all are.
  const tooLate = until === undefined ? undefined : firstAtOrAfter(session, log, until, log.backSeq)
  return {low: Math.max(first, log.firstSeq), high: tooLate === undefined ? log.lastSeq : tooLate - 1}
}

const ROW_UP_TO = 'SELECT row FROM messages WHERE channel_id = :channel AND seq <= :seq ORDER BY seq DESC LIMIT 1'
const ROW_FROM = 'SELECT row FROM messages WHERE channel_id = :channel AND seq >= :seq ORDER BY seq LIMIT 1'

const SHOWN = visibleIf(':all', ':sender')
const FORWARD = {
  plain: `
  SELECT row, seq FROM messages
   WHERE channel_id = :channel AND seq > :after AND seq <= :edge ORDER BY seq LIMIT :count + 0`,
  visible: `
  SELECT row, seq FROM messages
   WHERE channel_id = :channel AND seq > :after AND seq <= :edge AND ${LIVE} AND ${SHOWN} ORDER BY seq LIMIT :count + 0`,
  filtered: `
  SELECT row, seq FROM messages
   WHERE channel_id = :channel AND seq > :after AND seq <= :edge AND ${LIVE} AND ${SHOWN}
     AND ${MATCHES} ORDER BY seq LIMIT :count + 0`,
}
const BACKWARD = {
  plain: `
  SELECT row, seq FROM messages
   WHERE channel_id = :channel AND seq < :after AND seq >= :edge ORDER BY seq DESC LIMIT :count + 0`,
  visible: `
  SELECT row, seq FROM messages
   WHERE channel_id = :channel AND seq < :after AND seq >= :edge AND ${LIVE} AND ${SHOWN} ORDER BY seq DESC LIMIT :count + 0`,
  filtered: `
  SELECT row, seq FROM messages
   WHERE channel_id = :channel AND seq < :after AND seq >= :edge AND ${LIVE} AND ${SHOWN}
     AND ${MATCHES} ORDER BY seq DESC LIMIT :count + 0`,
}

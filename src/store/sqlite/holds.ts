import {setTimeout as pause} from 'node:timers/promises'
import type {Batch} from '../../model/consumer.js'
import {LeatError} from '../../model/errors.js'
import type {Message, Seq} from '../../model/message.js'
import type {ReaderKey, TakeOptions} from '../store.js'
import type {Value} from './connection.js'
import {Course} from './course.js'
import {type Holder, isAlive, isGone, thisProcess} from './holder.js'
import {isOver} from './leases.js'
import {findLog, type Log, logOf} from './log.js'
import {messagesBetween, messagesWithin} from './rows.js'
import type {Session} from './session.js'
import {viewOf} from './view.js'

/** Milliseconds that a hold lasts without `extend`. */
export const LEASE = 30_000

/** Milliseconds between two looks at a reader that another holds: from, up to. */
const RETRY = [5, 50] as const

/** A row of `consumers`. */
export type ConsumerRow = Record<string, Value>

/**
 * Law 7: takes a reader's next messages under a hold, looking again until another holder lets go or `wait` ms are over.
 * @param attempt runs one try as a step of the store (what fell due stored, errors mapped, a busy store waited for)
 * @throws NOT_FOUND, BUSY
 */
export async function take(
  session: Session,
  attempt: <T>(work: () => T) => Promise<T>,
  reader: ReaderKey,
  options: TakeOptions,
): Promise<Batch> {
  // Real time, not the injected clock: this is how long the caller sits there.
  const deadline = performance.now() + options.wait
  for (let delay: number = RETRY[0]; ; delay = Math.min(delay * 1.5, RETRY[1])) {
    const result = await attempt(() => tryTake(session, reader, options))
    if ('messages' in result) return result
    const left = deadline - performance.now()
    if (left <= 0)
      throw new LeatError('BUSY', `process ${result.pid} is reading ${reader.channel} as ${reader.reader}`, {
        hint: 'wait for it, or read with a --reader of your own',
      })
    await pause(Math.min(left, delay * (0.5 + Math.random())))
  }
}

/** A batch, or who holds the reader. */
function tryTake(session: Session, reader: ReaderKey, options: TakeOptions): Batch | Holder {
  const {connection, names, clock, ids} = session
  // A power cut ends the process, and with it the hold: undone, the messages are given again as they would be anyway.
  return connection.writeUnsynced(() => {
    const log = logOf(session, reader.channel)
    const nameId = names.intern(reader.reader)
    const known = connection.get(CONSUMER, [log.id, nameId])
    const holder = known && holderOf(known, clock())
    if (holder) return holder

    const after = (known?.['cursor'] as number | undefined) ?? 0
    const {messages, upTo, end, pruned} = look(session, log, after, options)
    const token = messages.length > 0 ? ids() : ''
    const now = clock()
    const held = token !== ''
    const moves = !held && upTo > after
    // Nothing new: nothing is written, so a reader may look as often as it likes.
    if (!known || held || moves)
      connection.run(PUT, {
        channel: log.id,
        name: nameId,
        cursor: held ? after : upTo,
        created: (known?.['created_at'] as number | undefined) ?? now,
        moved: known && !moves ? known['moved_at']! : now,
        token: held ? token : null,
        process: held ? JSON.stringify(thisProcess()) : null,
        until: held ? now + LEASE : null,
        from: messages[0]?.seq ?? null,
        to: messages.at(-1)?.seq ?? null,
        upTo: held ? upTo : null,
      })
    if (held) session.holds.set(token, reader)
    return {hold: token, messages, after, upTo, end, created: known === undefined, pruned}
  })
}
const CONSUMER = `SELECT * FROM consumers WHERE channel_id = ? AND kind = 'reader' AND name_id = ?`
const PUT = `
  INSERT OR REPLACE INTO consumers (
    channel_id, kind, name_id, cursor, created_at, moved_at,
    hold_token, hold_process, hold_until, hold_from, hold_to, hold_up_to)
  VALUES (:channel, 'reader', :name, :cursor, :created, :moved, :token, :process, :until, :from, :to, :upTo)`

/** What a reader gets next. A batch that isn't full passes over all that the reader doesn't see. */
function look(session: Session, log: Log, after: Seq, {actor, limit, filter}: TakeOptions) {
  const course = new Course(session, log, viewOf(session, actor, filter), true, {after})
  const whole = course.wholeRange
  if (whole) return lookAtAll(session, log, after, messagesBetween(session, {log, ...whole, limit}))
  while (!course.finished && course.found.length <= limit) course.advance(limit + 1 - course.found.length)
  const messages = messagesWithin(
    session,
    course.found.slice(0, limit).map(({row}) => row),
  )
  const end = course.found.length <= messages.length
  const upTo = end ? Math.max(after, log.lastSeq) : (messages.at(-1)?.seq ?? after)
  const first = session.connection.row(FIRST_BEHIND, [log.id, after])?.[0] as number | undefined
  return {messages, upTo, end, pruned: prunedBehind(log, after, first)}
}

/** The same where the reader sees all that is there. */
function lookAtAll(session: Session, log: Log, after: Seq, messages: Message[]) {
  const last = messages.at(-1)?.seq ?? after
  const end = session.connection.row(FIRST_BEHIND, [log.id, last]) === undefined
  return {
    messages,
    upTo: end ? Math.max(after, log.lastSeq) : last,
    end,
    pruned: prunedBehind(log, after, messages[0]?.seq),
  }
}

/** How many messages behind a seq are not there any more. @param first the first that is */
const prunedBehind = (log: Log, after: Seq, first: Seq | undefined): number =>
  Math.max(0, (first ?? log.lastSeq + 1) - after - 1)
const FIRST_BEHIND = 'SELECT seq FROM messages WHERE channel_id = ? AND seq > ? ORDER BY seq LIMIT 1'

/** Who holds a reader now: undefined when nobody does, its lease is over, or its process is gone. */
export function holderOf(row: ConsumerRow, now: number): Holder | undefined {
  const until = row['hold_until'] as number
  if (row['hold_token'] === null || until <= now) return undefined
  const holder = JSON.parse(row['hold_process'] as string) as Holder
  return isGone(holder) || isOver(until, now, isAlive(holder)) ? undefined : holder
}

/** Law 8: moves the cursor forward inside a held batch; at its end the hold ends. @throws STALE_CLAIM */
export function commit(session: Session, reader: ReaderKey, token: string, seq: Seq): void {
  const {connection, clock} = session
  connection.write(() => {
    const {log, nameId, row} = ownHold(session, reader, token)
    const upTo = row['hold_up_to'] as number
    if (seq > upTo)
      throw new LeatError('INVALID', `${reader.channel}/${seq} is behind the batch, which ends at ${upTo}`)
    const now = clock()
    const cursor = row['cursor'] as number
    if (seq > cursor) connection.run(MOVE, [seq, now, now + LEASE, log.id, nameId])
    if (seq < upTo) return
    connection.run(LET_GO, [log.id, nameId, token])
    connection.whenKept(() => session.holds.delete(token))
  })
}
const MOVE = `
  UPDATE consumers SET cursor = ?, moved_at = ?, hold_until = ? WHERE channel_id = ? AND kind = 'reader' AND name_id = ?`
const LET_GO = `
  UPDATE consumers
     SET hold_token = NULL, hold_process = NULL, hold_until = NULL, hold_from = NULL, hold_to = NULL, hold_up_to = NULL
   WHERE channel_id = ? AND kind = 'reader' AND name_id = ? AND hold_token = ?`

/** Renews the lease of a hold. @throws STALE_CLAIM */
export function extend(session: Session, reader: ReaderKey, token: string): void {
  session.connection.write(() => {
    const {log, nameId} = ownHold(session, reader, token)
    session.connection.run(EXTEND, [session.clock() + LEASE, log.id, nameId])
  })
}
const EXTEND = `UPDATE consumers SET hold_until = ? WHERE channel_id = ? AND kind = 'reader' AND name_id = ?`

/** Gives a hold up; one that is lost already is no error. */
export function release(session: Session, reader: ReaderKey, token: string): void {
  const {connection, names} = session
  connection.write(() => {
    const log = findLog(session, reader.channel)
    if (log) connection.run(LET_GO, [log.id, names.idOf(reader.reader), token])
    connection.whenKept(() => session.holds.delete(token))
  })
}

function ownHold(session: Session, {channel, reader}: ReaderKey, token: string) {
  const log = findLog(session, channel)
  const nameId = session.names.idOf(reader)
  const row = log && session.connection.get(CONSUMER, [log.id, nameId])
  if (log && row?.['hold_token'] === token && (row['hold_until'] as number) > session.clock()) return {log, nameId, row}
  session.holds.delete(token)
  throw new LeatError('STALE_CLAIM', `${reader} has lost its hold on ${channel}`, {hint: 'read again'})
}

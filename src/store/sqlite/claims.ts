import type {Claim, ClaimBatch, GroupKey} from '../../model/claim.js'
import type {DeadLetter} from '../../model/dead-letter.js'
import type {Filter} from '../../model/filter.js'
import type {Message, Seq} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import type {ClaimOptions} from '../store.js'
import {Course, type Found} from './course.js'
import {bury} from './dead-letters.js'
import {closeIfDrained} from './draining.js'
import {frontierOf, putFrontier} from './groups.js'
import {furthest} from './leases.js'
import {type Log, logOf} from './log.js'
import {forgetProcess, othersOf, type Process, processId} from './processes.js'
import {messagesWithin} from './rows.js'
import type {Session} from './session.js'
import {newNonce, tokenOf} from './tokens.js'
import {groupViewOf} from './view.js'

/** Milliseconds between two looks at whether other processes that have messages in hand are still there. */
const WATCH = 500
/** What one transaction looks at, at most: windows of new messages, and messages that are ready again. */
const WINDOWS = 10
const READY_ROWS = 1_000

/**
 * Law 7: gives a worker messages, first what is ready again, then what is new. A filter may have to pass over much, or
 * much may have to be given up: that goes piece by piece, and others can write in between.
 * @param attempt runs one piece as a step of the store (what fell due stored, errors mapped, a busy store waited for)
 * @throws NOT_FOUND
 */
export async function claim(
  session: Session,
  attempt: <T>(work: () => T) => Promise<T>,
  group: GroupKey,
  options: ClaimOptions,
): Promise<ClaimBatch> {
  let created = false
  for (;;) {
    const batch = await attempt(() => claimSome(session, group, options))
    created ||= batch.created
    const isLast = batch.end && batch.readyIn !== 0
    if (isLast || batch.claims.length > 0 || batch.buried.length > 0) return {...batch, created}
  }
}

function claimSome(session: Session, group: GroupKey, options: ClaimOptions): ClaimBatch {
  // Looking costs no write lock: workers may do it as often as they like.
  const {connection} = session
  const nothing = connection.read(() => nothingToGive(session, group))
  if (nothing) return nothing
  const work = (): ClaimBatch => give(session, group, options)
  // A power cut ends the process, and with it the claim: undone, the message is given again as it would be anyway.
  return options.bound ? connection.writeUnsynced(work) : connection.write(work)
}

/** What there is to say when a group has been given all; undefined when there may be something. */
function nothingToGive(session: Session, {channel, group}: GroupKey): ClaimBatch | undefined {
  const log = logOf(session, channel)
  const nameId = session.names.idOf(group)
  const frontier = frontierOf(session, log.id, nameId)
  if (frontier === undefined || frontier < log.lastSeq) return undefined
  const now = session.clock()
  const others = othersOf(session, log.id, nameId)
  const {count, next, ready} = standing(session, log.id, nameId, now)
  if (others.gone.length > 0 || ready) return undefined
  return {
    claims: [],
    buried: [],
    inFlight: count,
    end: true,
    seen: frontier,
    ...readyIn(others.alive.length > 0, next, now),
    created: false,
  }
}

/** How many messages of a group are in flight, whether any is ready, and when the next of the others will be. */
function standing({connection}: Session, channelId: number, nameId: number, now: number) {
  const far = furthest(now)
  const [count, first, last, next] = connection.row(STANDING, {channel: channelId, name: nameId, now, far}) as (
    | number
    | null
  )[]
  const ready = first !== null && (first! <= now || last! > far)
  return {count: count!, ready, next: next ?? undefined}
}
const STANDING = `
  SELECT (SELECT count(*) FROM in_flight WHERE channel_id = :channel AND name_id = :name),
         (SELECT min(until) FROM in_flight WHERE channel_id = :channel AND name_id = :name),
         (SELECT max(until) FROM in_flight WHERE channel_id = :channel AND name_id = :name),
         (SELECT min(until) FROM in_flight WHERE channel_id = :channel AND name_id = :name AND until > :now AND until <= :far)`

function readyIn(watching: boolean, next: number | undefined, now: number): {readyIn?: number} {
  if (next === undefined && !watching) return {}
  return {readyIn: Math.min(next === undefined ? Infinity : next - now, watching ? WATCH : Infinity)}
}

function give(session: Session, {channel, group}: GroupKey, options: ClaimOptions): ClaimBatch {
  const {names, clock} = session
  const now = clock()
  const log = logOf(session, channel)
  const nameId = names.intern(group)
  const known = frontierOf(session, log.id, nameId)
  const others = othersOf(session, log.id, nameId)
  const found = standing(session, log.id, nameId, now)
  const mayFree = found.ready || others.gone.length > 0
  if (mayFree) free(session, log.id, nameId, others, now)
  const again = mayFree ? takeReady(session, log, nameId, options, now) : {ready: [], buried: [], more: false}
  const fresh = findFresh(session, log, known ?? 0, group, options.limit - again.ready.length, options.filter)
  const before = mayFree ? standing(session, log.id, nameId, now) : found

  const candidates = [...again.ready, ...fresh.found]
  const messages = messagesWithin(
    session,
    candidates.map(({row}) => row),
  )
  const oldOnes = Math.min(messages.length, again.ready.length)
  const newOnes = messages.length - oldOnes
  const left = again.more || messages.length < again.ready.length
  const frontier = newOnes < fresh.found.length ? fresh.found[newOnes]!.seq - 1 : fresh.reached
  const mark = marking(session, log.id, nameId, {channel, group}, options, now)
  const claims = messages.map((message, index) => mark(message, (again.ready[index]?.attempt ?? 0) + 1))
  if (known === undefined || frontier > known) putFrontier(session, log.id, nameId, frontier, now)
  return {
    claims,
    buried: again.buried,
    inFlight: before.count - oldOnes,
    end: fresh.end && newOnes === fresh.found.length,
    seen: frontier,
    ...(left ? {readyIn: 0} : readyIn(others.alive.length > 0, before.next, now)),
    created: known === undefined,
  }
}

/** Lets go of what nobody holds any more: the lease is over, or the process gone. */
function free(
  session: Session,
  channelId: number,
  nameId: number,
  {gone, alive}: {gone: readonly Process[]; alive: readonly Process[]},
  now: number,
): void {
  for (const process of gone) forgetProcess(session, process)
  const place = {channel: channelId, name: nameId, reason: LEASE_OVER}
  session.connection.run(FREE_ENDED, {...place, from: 1, to: now, running: '[]'})
  const self = session.self()
  const own = session.connection.row('SELECT id FROM processes WHERE holder = ?', [JSON.stringify(self)]) ?? []
  const here = alive.filter(({holder}) => holder.machine === self.machine).map(({id}) => id)
  const running = JSON.stringify([...own, ...here])
  session.connection.run(FREE_ENDED, {...place, from: furthest(now) + 1, to: Number.MAX_SAFE_INTEGER, running})
}
/** Zero gathers all that is ready, in the order of seqs, in one place of the index. */
const FREE_ENDED = `
  UPDATE in_flight
     SET until = 0, lost = nonce IS NOT NULL, reason = CASE WHEN nonce IS NULL THEN reason ELSE :reason END,
         nonce = NULL, actor_id = NULL, process_id = NULL
   WHERE channel_id = :channel AND name_id = :name AND until BETWEEN :from AND :to
     AND coalesce(process_id, 0) NOT IN (SELECT value FROM json_each(:running))`
export const LEASE_OVER = 'its lease ran out'

interface Ready extends Found {
  attempt: number
}

/**
 * Messages that are ready again, by seq. Those that expired meanwhile are dropped, and those that nobody settled as
 * often as it may be tried are buried.
 */
function takeReady(session: Session, log: Log, nameId: number, {limit, maxAttempts}: ClaimOptions, now: number) {
  const ready: Ready[] = []
  const buried: DeadLetter[] = []
  let dropped = 0
  let after: Seq = 0
  let more = true
  for (let looked = 0; more && ready.length <= limit && looked < READY_ROWS; ) {
    const count = limit + 1 - ready.length
    const rows = session.connection.rows(READY, {channel: log.id, name: nameId, after, count})
    for (const [seq, attempt, lost, reason, row, expiresAt] of rows) {
      const entry = {channelId: log.id, nameId, seq: seq as number, attempts: attempt as number}
      after = entry.seq
      const isLive = row !== null && (expiresAt === null || (expiresAt as number) > now)
      if (isLive && !(lost === 1 && entry.attempts >= maxAttempts)) {
        ready.push({row: row as number, seq: entry.seq, attempt: entry.attempts})
        continue
      }
      const letter = isLive ? bury(session, {...entry, reason: reason as string}) : undefined
      if (letter) buried.push(letter)
      session.connection.run(DROP, [log.id, entry.seq, nameId])
      dropped++
    }
    looked += rows.length
    more = rows.length === count
  }
  if (dropped > 0) closeIfDrained(session, log.id)
  return {ready: ready.slice(0, limit), buried, more}
}
// Left to itself SQLite walks along the primary key, past what all other groups have in flight.
const READY = `
  SELECT in_flight.seq, attempt, lost, reason, messages.row, expires_at
    FROM in_flight INDEXED BY in_flight_ready LEFT JOIN messages ON messages.channel_id = in_flight.channel_id AND messages.seq = in_flight.seq
   WHERE in_flight.channel_id = :channel AND name_id = :name AND until = 0 AND in_flight.seq > :after
   ORDER BY in_flight.seq LIMIT :count + 0`
const DROP = 'DELETE FROM in_flight WHERE channel_id = ? AND seq = ? AND name_id = ?'

/**
 * Up to `count` messages that a group wasn't given yet, and one more if there is one: that says whether it was the end.
 * `reached`: everything up to there was looked at.
 */
function findFresh(session: Session, log: Log, frontier: Seq, group: string, count: number, filter?: Filter) {
  const course = new Course(session, log, groupViewOf(session, group, filter), true, {after: frontier})
  for (let windows = 0; !course.finished && course.found.length <= count && windows < WINDOWS; windows++)
    course.advance(count + 1 - course.found.length)
  const next = course.found[count]
  const reached = next ? next.seq - 1 : course.finished ? course.end : course.reached
  return {found: course.found.slice(0, count), end: course.finished && !next, reached: Math.max(frontier, reached)}
}

/** Writes down that messages are in a worker's hands. */
function marking(
  session: Session,
  channelId: number,
  nameId: number,
  group: GroupKey,
  {actor, lease, bound}: ClaimOptions,
  now: number,
): (message: Message, attempt: number) => Claim {
  const {connection, names, claims} = session
  const until = now + lease
  let holder: {actor: number; process: number | null} | undefined
  return (message, attempt) => {
    holder ??= {actor: names.intern(actor), process: bound ? processId(session) : null}
    const {seq} = message
    const nonce = newNonce(session)
    connection.run(MARK, {channel: channelId, seq, name: nameId, attempt, until, nonce, ...holder})
    const token = tokenOf(session, {channelId, nameId, seq, nonce})
    if (bound) claims.add(token)
    return {...group, token, message, attempt, until: isoTime(until)}
  }
}
const MARK = `
  INSERT INTO in_flight (channel_id, seq, name_id, attempt, until, nonce, actor_id, process_id)
  VALUES (:channel, :seq, :name, :attempt, :until, :nonce, :actor, :process)
      ON CONFLICT DO UPDATE
     SET attempt = :attempt, until = :until, nonce = :nonce, actor_id = :actor, process_id = :process, lost = 0`

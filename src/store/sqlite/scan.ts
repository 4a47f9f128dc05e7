import type {Seq} from '../../model/message.js'
import type {Page, ScanQuery} from '../store.js'
import {Course, type Found} from './course.js'
import {keyOf, scanByKey} from './keyed-scan.js'
import {logsOf} from './log.js'
import {messagesBetween, messagesWithin} from './rows.js'
import type {Session} from './session.js'
import {type View, viewOf} from './view.js'

/** Steps that a filtered scan takes only to say whether its page was the last. */
const LOOK_AHEAD = 2

/** A page of some channels, each by seq, merged in the order of storage. */
export function scan(session: Session, query: ScanQuery): Page {
  const {actor, limit, filter} = query
  const forward = query.order === 'forward'
  return session.connection.read(() => {
    const seen = viewOf(session, actor, filter)
    // At the beginning of time nothing has expired.
    const view = query.expired ? {...seen, parameters: {...seen.parameters, now: 0}} : seen
    const logs = logsOf(
      session,
      query.channels.map(({name}) => name),
    )
    const courses = query.channels.flatMap(({name, all = false, after, before}) => {
      const log = logs.get(name)
      return log ? [new Course(session, log, all ? asManager(view) : view, forward, {after, before})] : []
    })
    const [only] = courses
    const whole = courses.length === 1 && limit > 0 ? only?.wholeRange : undefined
    if (only && whole) return wholePage(session, only, {...whole, limit})
    const key = keyOf(view.filter)
    if (key) return scanByKey(session, courses, query, view, key)
    const end = advanceAll(courses, forward, limit, view.filtered)
    const candidates = nearest(courses, forward).slice(0, limit)
    const messages = messagesWithin(
      session,
      candidates.map(({row}) => row),
    )
    drop(courses, forward, candidates[messages.length - 1])
    const left = courses.some(({found}) => found.length > 0)
    const next = courses.map((course): [string, Seq] => [course.log.name, goOn(course, forward)])
    return {messages, next: Object.fromEntries(next), end: end && !left}
  })
}

/** A page of one channel in which nothing is passed over: along the seqs, without a look ahead at each row. */
function wholePage(
  session: Session,
  {log, end}: Course,
  {after, upTo, limit}: {after: Seq; upTo: Seq; limit: number},
): Page {
  const messages = messagesBetween(session, {log, after, upTo, limit})
  const last = messages.at(-1)?.seq
  if (last !== undefined && last < upTo && session.connection.row(MORE, [log.id, last, upTo]))
    return {messages, next: {[log.name]: last}, end: false}
  return {messages, next: {[log.name]: end}, end: true}
}
const MORE = 'SELECT 1 FROM messages WHERE channel_id = ? AND seq > ? AND seq <= ? LIMIT 1'

const asManager = (view: View): View => ({...view, parameters: {...view.parameters, all: 1}})

/** Advances courses until `limit` messages are known to be the next ones. Returns whether every course is at its end. */
function advanceAll(courses: readonly Course[], forward: boolean, limit: number, filtered: boolean): boolean {
  const running = (): Course[] => courses.filter(({finished}) => !finished)
  const chunk = courses.length === 1 ? limit + 1 : Math.max(4, Math.ceil((2 * limit) / courses.length))
  let spare = filtered ? LOOK_AHEAD : Infinity
  for (let open = running(); open.length > 0; open = running()) {
    const horizon = horizonOf(open, forward)
    const total = courses.reduce((sum, {found}) => sum + found.length, 0)
    const safe = total < limit ? total : countSafe(courses, forward, horizon)
    if (safe >= limit && (total > limit || spare-- <= 0)) return false
    // Those that are behind hold all others up. With a full page everyone only shows whether there is more.
    for (const course of open) if (course.reachedRow === horizon) course.advance(chunk)
  }
  return true
}

const horizonOf = (courses: readonly Course[], forward: boolean): number =>
  courses.reduce(
    (row, {reachedRow}) => (forward ? Math.min(row, reachedRow) : Math.max(row, reachedRow)),
    forward ? Infinity : -Infinity,
  )

/** How many of the found can't be preceded by one that isn't found yet. */
const countSafe = (courses: readonly Course[], forward: boolean, horizon: number): number =>
  courses.reduce((sum, {found}) => sum + found.filter(({row}) => (forward ? row <= horizon : row >= horizon)).length, 0)

/** What the courses found, in the order of storage. */
const nearest = (courses: readonly Course[], forward: boolean): Found[] =>
  courses.flatMap(({found}) => found).sort((a, b) => (forward ? a.row - b.row : b.row - a.row))

/** Takes what was given, up to `last`, out of what the courses found. */
function drop(courses: readonly Course[], forward: boolean, last: Found | undefined): void {
  if (!last) return
  for (const {found} of courses)
    found.splice(0, found.filter(({row}) => (forward ? row <= last.row : row >= last.row)).length)
}

/** Where a course goes on: in front of the first that it found and didn't give, else where it got to. */
function goOn({found: [first], reached}: Course, forward: boolean): Seq {
  if (!first) return reached
  return forward ? first.seq - 1 : first.seq + 1
}

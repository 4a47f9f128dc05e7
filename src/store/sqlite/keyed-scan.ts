import type {Filter} from '../../model/filter.js'
import type {Seq} from '../../model/message.js'
import type {Page, ScanQuery} from '../store.js'
import type {Course, Found} from './course.js'
import {messagesWithin} from './rows.js'
import type {Session} from './session.js'
import {LIVE, MATCHES, type View} from './view.js'

/** Rows looked at in one step. */
const CHUNK = 500

type Key = 'replyTo' | 'correlation' | 'thread' | 'recipient' | 'conversation'

/** The part of a filter that an index of its own answers, in the order of storage: the one that lets least through. */
export function keyOf({replyTo, correlationId, thread, recipient, conversation}: Filter): Key | undefined {
  if (replyTo !== undefined) return 'replyTo'
  if (correlationId !== undefined) return 'correlation'
  if (thread !== undefined) return 'thread'
  if (recipient !== undefined) return 'recipient'
  return conversation === undefined ? undefined : 'conversation'
}

/** A page of a filter with a key: along its index instead of along the channels. */
export function scanByKey(
  session: Session,
  courses: readonly Course[],
  {order, limit}: ScanQuery,
  view: View,
  key: Key,
): Page {
  const forward = order === 'forward'
  const given = find(session, courses, forward, limit + 1, view, key)
  const messages = messagesWithin(
    session,
    given.slice(0, limit).map(({row}) => row),
  )
  const end = given.length <= messages.length
  const last = given[messages.length - 1]
  const next = courses.map((course): [string, Seq] => [
    course.log.name,
    end ? course.end : last ? reachedBy(session, course, forward, last.row) : course.reached,
  ])
  return {messages, next: Object.fromEntries(next), end}
}

function find(
  {connection}: Session,
  courses: readonly Course[],
  forward: boolean,
  count: number,
  view: View,
  key: Key,
): Found[] {
  const {keyed, matching} = forward ? STATEMENTS[key].forward : STATEMENTS[key].backward
  const open = new Map(courses.filter(({finished}) => !finished).map((course) => [course.log.id, course]))
  const given: Found[] = []
  let at = startOf(open, forward)
  while (open.size > 0 && given.length < count) {
    const rows = connection.rows(keyed, {key: view.parameters[key]!, at, count: CHUNK}).map(([row]) => row as number)
    const found = connection.rows(matching, {...view.parameters, rows: JSON.stringify(rows)})
    for (const [row, channel, seq, sender, recipient] of found as number[][]) {
      const course = open.get(channel!)
      if (!course?.isAhead(seq!) || !course.mayShow(sender!, recipient)) continue
      given.push({row: row!, seq: seq!})
      if (given.length === count) break
    }
    const last = rows.at(-1)
    if (rows.length < CHUNK || last === undefined) break
    at = last
  }
  return given
}

/** The row that no channel is behind yet: a later page needn't begin at the start of its index. */
function startOf(open: ReadonlyMap<number, Course>, forward: boolean): number {
  const rows = [...open.values()].map((course) => course.startRow())
  return forward ? Math.min(...rows) : Math.max(...rows)
}

/** How far a channel was looked at when everything up to a row was. Rows rise with seqs, so halving finds it. */
function reachedBy({connection}: Session, {log, reached}: Course, forward: boolean, row: number): Seq {
  let low = forward ? Math.max(reached + 1, log.firstSeq) : log.firstSeq
  let high = (forward ? log.lastSeq : Math.min(reached - 1, log.lastSeq)) + 1
  // The first seq whose row is behind `row` (forward), or at it or behind it (backward).
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [seq, itsRow] = (connection.row(AT, [log.id, middle, high - 1]) ?? []) as number[]
    if (seq === undefined || (forward ? itsRow! > row : itsRow! >= row)) high = middle
    else low = seq + 1
  }
  return forward ? Math.max(reached, low - 1) : Math.min(reached, low)
}
const AT = 'SELECT seq, row FROM messages WHERE channel_id = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT 1'

interface Way {
  /** The rows of the key, behind `at`. */
  keyed: string
  /** What of some rows the whole filter lets through. */
  matching: string
}

const MATCHING = `
  SELECT row, channel_id, seq, sender_id, recipient_id FROM messages
   WHERE row IN (SELECT value FROM json_each(:rows)) AND ${LIVE} AND ${MATCHES}`
const FORWARD = `${MATCHING} ORDER BY row`
const BACKWARD = `${MATCHING} ORDER BY row DESC`

const along = (condition: string): {forward: Way; backward: Way} => ({
  forward: {
    keyed: `SELECT row FROM messages WHERE ${condition} AND row > :at ORDER BY row LIMIT :count + 0`,
    matching: FORWARD,
  },
  backward: {
    keyed: `SELECT row FROM messages WHERE ${condition} AND row < :at ORDER BY row DESC LIMIT :count + 0`,
    matching: BACKWARD,
  },
})

const ROOT = 'substr(id, 14, 3) = substr(:key, 14, 3) AND id = :key AND thread IS NULL'

const STATEMENTS: Readonly<Record<Key, {forward: Way; backward: Way}>> = {
  replyTo: along('reply_to = :key'),
  correlation: along('correlation_id = :key'),
  recipient: along('recipient_id = :key'),
  conversation: along('conversation_id = :key'),
  thread: {
    forward: {
      keyed: `
        SELECT row FROM messages WHERE ${ROOT} AND row > :at
         UNION ALL
        SELECT row FROM messages WHERE thread = :key AND row > :at
         ORDER BY row LIMIT :count + 0`,
      matching: FORWARD,
    },
    backward: {
      keyed: `
        SELECT row FROM messages WHERE ${ROOT} AND row < :at
         UNION ALL
        SELECT row FROM messages WHERE thread = :key AND row < :at
         ORDER BY row DESC LIMIT :count + 0`,
      matching: BACKWARD,
    },
  },
}

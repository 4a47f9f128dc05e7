/** Counts by halving and subtraction; who sent what by a look at the newest rows, content left where it is. */
import type {Makeup, Share, Traffic} from '../../model/statistics.js'
import {isoTime} from '../../model/time.js'
import type {BacklogQuery, MakeupQuery, Statistics, TrafficQuery} from '../store.js'
import {backlogOf} from './backlog.js'
import type {Raw} from './connection.js'
import {toId} from './ids.js'
import {type Log, logsOf} from './log.js'
import type {Session} from './session.js'
import type {Steps} from './steps.js'
import {firstAtOrAfter} from './times.js'
import {countBetween} from './unread.js'
import {LIVE, VISIBLE, type View, viewOf} from './view.js'

export const statistics = (session: Session, {look}: Steps): Statistics => ({
  traffic: (query) => look(() => ofEach(session, query, (log, view) => traffic(session, log, view, query))),
  makeup: (query) => look(() => ofEach(session, query, (log, view) => makeup(session, log, view, query))),
  backlog: (query) => look(() => ofEach(session, query, (log, view) => backlogOf(session, log, view, query.actor))),
})

/** One answer for each channel that exists, all of one moment. */
function ofEach<T>(session: Session, {channels, actor}: BacklogQuery, answer: (log: Log, view: View) => T): T[] {
  return session.connection.read(() => {
    const view = viewOf(session, actor)
    const managing = {...view, parameters: {...view.parameters, all: 1}}
    const logs = logsOf(
      session,
      channels.map(({name}) => name),
    )
    return channels.flatMap(({name, all = false}) => {
      const log = logs.get(name)
      return log ? [answer(log, all ? managing : view)] : []
    })
  })
}

function traffic(session: Session, log: Log, view: View, {points}: TrafficQuery): Traffic {
  let from = 0
  const starts = points.map((point) => {
    from = startAt(session, log, point, from)
    return from
  })
  const counts = starts.slice(1).map((end, at) => countBetween(session, log, starts[at]! - 1, end - 1, view))
  const {actor, now, all} = view.parameters
  const last = session.connection.row(LAST, {channel: log.id, actor, now, all})?.[0]
  return {channel: log.name, counts, ...(typeof last === 'number' && {last: isoTime(last)})}
}
const LAST = `
  SELECT time FROM messages WHERE channel_id = :channel AND ${LIVE} AND ${VISIBLE} ORDER BY seq DESC LIMIT 1`

/** The first seq, at or behind `from`, of what counts for `time` or later; behind the last if there is none. */
const startAt = (session: Session, log: Log, time: number, from: number): number =>
  (time > log.newestTime ? undefined : firstAtOrAfter(session, log, time, Math.max(0, from - 1))) ?? log.lastSeq + 1

function makeup(session: Session, log: Log, view: View, {since, until, limit, threads}: MakeupQuery): Makeup {
  const from = startAt(session, log, since, 0)
  const upTo = startAt(session, log, until, from) - 1
  const {actor, now, all} = view.parameters
  const rows = session.connection.rows(MAKEUP, {channel: log.id, from, upTo, actor, now, all, limit, threads})
  const of = (kind: string): Raw[] => rows.filter(([what]) => what === kind)
  const shares = (kind: string, nameOf: (value: Raw[number]) => string): Share[] =>
    of(kind)
      .map(([, value, messages, bytes]) => ({
        name: nameOf(value),
        messages: messages as number,
        bytes: bytes as number,
      }))
      .sort((a, b) => b.messages - a.messages || (a.name < b.name ? -1 : 1))
  const [[, oldest, looked, bytes] = []] = of('all')
  return {
    channel: log.name,
    messages: countBetween(session, log, from - 1, upTo, view),
    looked: looked as number,
    ...(typeof oldest === 'number' && {from: isoTime(oldest)}),
    bytes: (bytes as number | null) ?? 0,
    senders: shares('sender', (id) => session.names.nameOf(id as number)),
    types: shares('type', (type) => type as string),
    threads: of('thread')
      .map(([, root, messages]) => ({thread: toId(root as Buffer), messages: messages as number}))
      .sort((a, b) => b.messages - a.messages || (a.thread < b.thread ? -1 : 1)),
  }
}
// Materialized, so that the rows are looked at once; octet_length reads no page of content.
const MAKEUP = `
  WITH looked AS MATERIALIZED (
    SELECT coalesce(time_high, time) AS time, sender_id, type, octet_length(content) AS bytes, coalesce(thread, id) AS root
      FROM messages
     WHERE channel_id = :channel AND seq BETWEEN :from AND :upTo AND ${LIVE} AND ${VISIBLE}
     ORDER BY seq DESC LIMIT :limit + 0)
  SELECT 'all', min(time), count(*), sum(bytes) FROM looked
   UNION ALL
  SELECT 'sender', sender_id, count(*), sum(bytes) FROM looked GROUP BY sender_id
   UNION ALL
  SELECT 'type', type, count(*), sum(bytes) FROM looked GROUP BY type
   UNION ALL
  SELECT * FROM (SELECT 'thread', root, count(*), sum(bytes) FROM looked
                  GROUP BY root HAVING count(*) > 1 ORDER BY count(*) DESC, root LIMIT :threads + 0)`

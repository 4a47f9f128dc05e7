import type {Filter} from '../../model/filter.js'
import type {Seq} from '../../model/message.js'
import type {Log} from './log.js'
import type {Session} from './session.js'
import {isPlain, LIVE, MATCHES, VISIBLE, type View, viewOf} from './view.js'

/**
 * How many messages behind `after`, up to `upTo`, a viewer would be given. Seqs are subtracted where they can be, and
 * what the viewer doesn't get (others' direct messages, expired ones) is counted in its own indexes.
 */
export function countBetween(session: Session, log: Log, after: Seq, upTo: Seq, view: View): number {
  const {connection} = session
  if (upTo <= after || upTo < log.firstSeq) return 0
  const range = {...view.parameters, channel: log.id, after, upTo}
  if (view.filtered) return connection.row(COUNT_FILTERED, range)?.[0] as number
  const stored = countStored(session, log, after, upTo)
  if (isPlain(log, after)) return stored
  const {actor, now, all} = view.parameters
  const hidden = connection.row(COUNT_HIDDEN, {channel: log.id, after, upTo, actor, now, all})?.[0] as number
  return stored - hidden
}
const COUNT_FILTERED = `
  SELECT count(*) FROM messages
   WHERE channel_id = :channel AND seq > :after AND seq <= :upTo AND ${LIVE} AND ${VISIBLE} AND ${MATCHES}`

function countStored({connection}: Session, log: Log, after: Seq, upTo: Seq): number {
  if (after < log.firstSeq && upTo >= log.lastSeq) return log.count
  if (after >= log.holeSeq) return Math.min(upTo, log.lastSeq) - Math.max(after, log.firstSeq - 1)
  return connection.row(COUNT_STORED, {channel: log.id, after, upTo})?.[0] as number
}
const COUNT_STORED = 'SELECT count(*) FROM messages WHERE channel_id = :channel AND seq > :after AND seq <= :upTo'
/** Others' direct messages, and of the rest what is expired: each counted once. */
const COUNT_HIDDEN = `
  SELECT (SELECT count(*) FROM messages INDEXED BY messages_direct
           WHERE channel_id = :channel AND seq > :after AND seq <= :upTo
             AND recipient_id IS NOT NULL AND NOT ${VISIBLE})
       + (SELECT count(*) FROM messages INDEXED BY messages_expiry
           WHERE channel_id = :channel AND expires_at <= :now AND seq > :after AND seq <= :upTo AND ${VISIBLE})`

/** How many messages `take` would give in all. */
export function countUnread(session: Session, log: Log, cursor: Seq, actor: string, filter?: Filter): number {
  return countBetween(session, log, cursor, log.lastSeq, viewOf(session, actor, filter))
}

/** The first message that a reader, known by its number, hasn't read. */
export function firstUnread(
  {connection}: Session,
  log: Log,
  cursor: Seq,
  nameId: number,
  now: number,
): Seq | undefined {
  return connection.row(FIRST_UNREAD, {channel: log.id, cursor, actor: nameId, now, all: 0})?.[0] as number | undefined
}
const FIRST_UNREAD = `
  SELECT seq FROM messages
   WHERE channel_id = :channel AND seq > :cursor AND ${LIVE} AND ${VISIBLE} ORDER BY seq LIMIT 1`

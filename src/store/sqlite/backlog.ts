import type {ConsumerKind} from '../../model/consumer.js'
import type {Seq} from '../../model/message.js'
import type {Backlog, Standing} from '../../model/statistics.js'
import {isoTime} from '../../model/time.js'
import {listInFlight} from './in-flight.js'
import type {Log} from './log.js'
import type {Session} from './session.js'
import {countBetween} from './unread.js'
import {LIVE, VISIBLE, type View, viewOf} from './view.js'

/** What is still to be done in a channel, as a viewer sees it. */
export function backlogOf(session: Session, log: Log, view: View, actor: string): Backlog {
  const {connection, names} = session
  const inFlight = listInFlight(session, {channel: log.name})
  const all = view.parameters.all === 1
  const consumers = connection.rows(CONSUMERS, {channel: log.id}).map(([kind, id, name, cursor]): Standing => {
    const who = {id: id as number, cursor: cursor as Seq}
    // Whoever manages the channel sees what waits for others as they do.
    const theirs = all ? viewOf(session, name as string) : view
    const one = {kind: kind as ConsumerKind, name: name as string}
    if (kind === 'reader') return {...one, ...behind(session, log, who.cursor, theirs)}
    if (kind === 'push') return {...one, ...pushed(session, log, who, theirs)}
    const seqs = inFlight.filter(({group}) => group === name).map(({seq}) => seq)
    return {...one, ...worked(session, log, {...who, id: all ? who.id : 0}, seqs)}
  })
  const viewer = {channel: log.id, all: Number(all), actor: names.idOf(actor)}
  const claimed = inFlight.filter(({state}) => state === 'claimed').length
  return {
    channel: log.name,
    consumers,
    claimed,
    retrying: inFlight.length - claimed,
    deadLetters: connection.row(DEAD_LETTERS, viewer)?.[0] as number,
    scheduled: connection.row(SCHEDULED, viewer)?.[0] as number,
  }
}
const CONSUMERS = `
  SELECT kind, name_id, names.name, cursor FROM consumers JOIN names ON names.id = name_id
   WHERE channel_id = :channel ORDER BY kind, names.name`
// As `isLetterVisible` has it.
const DEAD_LETTERS = `
  SELECT count(*) FROM dead_letters
   WHERE channel_id = :channel
     AND (:all OR CASE WHEN subscriber_id IS NOT NULL THEN subscriber_id = :actor
                  ELSE recipient_id IS NULL OR recipient_id = name_id OR recipient_id = :actor OR sender_id = :actor END)`
const SCHEDULED = 'SELECT count(*) FROM scheduled WHERE channel_id = :channel AND (:all OR sender_id = :actor)'

type Waiting = Pick<Standing, 'waiting' | 'oldest'>

/** What a reader hasn't read. */
function behind(session: Session, log: Log, cursor: Seq, view: View): Waiting {
  const waiting = countBetween(session, log, cursor, log.lastSeq, view)
  return {waiting, ...(waiting > 0 && oldestOf(session, log, [firstBehind(session, log, cursor, view)]))}
}

function firstBehind({connection}: Session, log: Log, cursor: Seq, {parameters}: View): Seq | undefined {
  const {actor, now, all} = parameters
  return connection.row(FIRST_BEHIND, {channel: log.id, cursor, actor, now, all})?.[0] as Seq | undefined
}
const FIRST_BEHIND = `
  SELECT seq FROM messages
   WHERE channel_id = :channel AND seq > :cursor AND ${LIVE} AND ${VISIBLE} ORDER BY seq LIMIT 1`

/** What a subscriber hasn't got, as far as the view goes. */
function pushed(session: Session, log: Log, {id, cursor}: {id: number; cursor: Seq}, view: View): Waiting {
  const {actor, all} = view.parameters
  const [pending, first] = session.connection.row(PENDING, {channel: log.id, subscriber: id, actor, all})!
  const fresh = behind(session, log, cursor, view)
  const waiting = (pending as number) + fresh.waiting
  const firsts = [first as Seq | null, fresh.waiting > 0 ? firstBehind(session, log, cursor, view) : undefined]
  return {waiting, ...(waiting > 0 && oldestOf(session, log, firsts))}
}
const PENDING = `
  SELECT count(*), min(deliveries.seq)
    FROM deliveries INDEXED BY deliveries_pending
    JOIN messages ON messages.channel_id = deliveries.channel_id AND messages.seq = deliveries.seq
   WHERE deliveries.channel_id = :channel AND subscriber_id = :subscriber AND deliveries.state = 'pending' AND ${VISIBLE}`

/** What a group has in flight, and what it was not given yet. @param id whom direct messages count for; 0: nobody */
function worked(
  session: Session,
  log: Log,
  {id, cursor}: {id: number; cursor: Seq},
  inFlight: readonly Seq[],
): Waiting {
  const range = {channel: log.id, cursor, group: id, now: session.clock()}
  // A group sees less than anyone: nothing is its own because an actor of its name sent it.
  const broad = countBetween(session, log, cursor, log.lastSeq, {
    ...NOBODY,
    parameters: {...NOBODY.parameters, now: range.now},
  })
  const direct = id === 0 ? 0 : (session.connection.row(DIRECT, range)?.[0] as number)
  const waiting = inFlight.length + broad + direct
  const first =
    broad + direct > 0 ? (session.connection.row(FIRST_FOR_GROUP, range)?.[0] as Seq | undefined) : undefined
  return {waiting, ...(waiting > 0 && oldestOf(session, log, [inFlight[0], first]))}
}
const NOBODY: View = {filtered: false, filter: {}, parameters: {actor: 0, sender: 0, now: 0, all: 0}}
const DIRECT = `
  SELECT count(*) FROM messages INDEXED BY messages_direct
   WHERE channel_id = :channel AND seq > :cursor AND recipient_id = :group AND ${LIVE}`
const FIRST_FOR_GROUP = `
  SELECT seq FROM messages
   WHERE channel_id = :channel AND seq > :cursor AND ${LIVE} AND (recipient_id IS NULL OR recipient_id = :group)
   ORDER BY seq LIMIT 1`

/** When the first of some messages was stored. */
function oldestOf(
  {connection}: Session,
  log: Log,
  seqs: readonly (Seq | null | undefined)[],
): Pick<Standing, 'oldest'> {
  const known = seqs.filter((seq) => typeof seq === 'number')
  const time = known.length === 0 ? undefined : connection.row(TIME, [log.id, Math.min(...known)])?.[0]
  return typeof time === 'number' ? {oldest: isoTime(time)} : {}
}
const TIME = 'SELECT time FROM messages WHERE channel_id = ? AND seq = ?'

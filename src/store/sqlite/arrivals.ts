import type {Message, Seq} from '../../model/message.js'
import type {Arrivals, ArrivalsQuery, ChannelAccess, Page} from '../store.js'
import {CHANNEL_COLUMNS, toChannel} from './channels.js'
import {heldOn} from './grants.js'
import {messagesBetween} from './rows.js'
import {scan} from './scan.js'
import type {Session} from './session.js'

/**
 * A page of what is new, and who may have it, of one moment: inside of a transaction.
 * @param mark names that moment
 */
export function arrivals(session: Session, query: ArrivalsQuery, mark: string): Arrivals {
  const {channels, actor, limit} = query
  const access: ChannelAccess[] = []
  let last: Seen | undefined
  for (const {name} of channels) {
    const found = seen(session, name, actor)
    if (!found) continue
    access.push(found.access)
    last = found
  }
  const only = channels.length === 1 ? last : undefined
  const page = only && wholePage(session, only, {after: channels[0]!.after, limit})
  const {messages, next, end} = page ?? scan(session, {channels, actor, limit, order: 'forward'})
  return {messages, next, end, access, mark}
}

interface Seen {
  access: ChannelAccess
  id: number
  /** The highest seq with a recipient or an expiry. */
  specialSeq: Seq
}

function seen(session: Session, name: string, actor: string): Seen | undefined {
  const row = session.connection.row(SEEN, [name])
  // The index takes names that differ in case for the same, the port doesn't.
  if (!row || row[1] !== name) return undefined
  const id = row[0] as number
  const [specialSeq, isGranted] = row.slice(-2) as [Seq, number]
  const held = isGranted === 0 ? [] : heldOn(session, session.names.idOf(actor), id)
  return {access: {channel: toChannel(row), held}, id, specialSeq}
}
// Most channels are open, and nobody holds anything on them.
const SEEN = `
  SELECT ${CHANNEL_COLUMNS}, special_seq, EXISTS (SELECT 1 FROM grants WHERE channel_id IN (0, channels.id)) FROM channels JOIN counters ON channel_id = channels.id
   WHERE channels.name = ? AND deleted_at IS NULL`

/** What a wake mostly is: something new in one channel, for all, and little of it. Else undefined. */
function wholePage(
  session: Session,
  {access, id, specialSeq}: Seen,
  {after, limit}: {after: Seq; limit: number},
): Page | undefined {
  const {name, lastSeq} = access.channel
  if (specialSeq > after || lastSeq - after > limit) return undefined
  const messages = newest(session, {id, name}, after, lastSeq)
  return isWhole(messages, lastSeq) ? {messages, next: {[name]: Math.max(after, lastSeq)}, end: true} : undefined
}

const newest = (session: Session, log: {id: number; name: string}, after: Seq, upTo: Seq): Message[] =>
  after >= upTo ? [] : messagesBetween(session, {log, after, upTo, limit: upTo - after})

/** A page ends where it has content enough, and in front of what was deleted at the end. */
const isWhole = (messages: readonly Message[], lastSeq: Seq): boolean =>
  messages.length === 0 || messages.at(-1)!.seq === lastSeq

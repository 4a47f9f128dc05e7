import type {Message, Seq} from '../../model/message.js'
import type {Arrivals, ArrivalsQuery, ChannelAccess, Page} from '../store.js'
import {CHANNEL_COLUMNS, toChannel} from './channels.js'
import {heldOn} from './grants.js'
import {messagesBetween} from './rows.js'
import {scan} from './scan.js'
import type {Session} from './session.js'

/** A page of what is new, and who may have it, of one moment. */
export function arrivals(session: Session, query: ArrivalsQuery): Omit<Arrivals, 'mark'> {
  const {channels, actor, limit} = query
  return session.connection.read(() => {
    const actorId = session.names.idOf(actor)
    const found = channels.flatMap(({name}) => seen(session, name, actorId) ?? [])
    const access = found.map(({channel, held}) => ({channel, held}))
    const page = wholePage(session, found, query) ?? scan(session, {channels, actor, limit, order: 'forward'})
    return {...page, access}
  })
}

interface Seen extends ChannelAccess {
  id: number
  /** The highest seq with a recipient or an expiry. */
  specialSeq: Seq
}

function seen(session: Session, name: string, actorId: number): Seen | undefined {
  const row = session.connection.row(SEEN, [name])
  // The index takes names that differ in case for the same, the port doesn't.
  if (!row || row[1] !== name) return undefined
  const id = row[0] as number
  return {id, channel: toChannel(row), held: heldOn(session, actorId, id), specialSeq: row.at(-1) as Seq}
}
const SEEN = `
  SELECT ${CHANNEL_COLUMNS}, special_seq FROM channels JOIN counters ON channel_id = channels.id
   WHERE channels.name = ? AND deleted_at IS NULL`

/** What a wake mostly is: something new in one channel, for all, and little of it. Else undefined. */
function wholePage(session: Session, [one]: readonly Seen[], {channels, limit}: ArrivalsQuery): Page | undefined {
  const [asked, ...others] = channels
  if (!one || !asked || others.length > 0 || one.specialSeq > asked.after) return undefined
  const {name, lastSeq} = one.channel
  if (lastSeq - asked.after > limit) return undefined
  const messages = newest(session, {id: one.id, name}, asked.after, lastSeq)
  return isWhole(messages, lastSeq) ? {messages, next: {[name]: Math.max(asked.after, lastSeq)}, end: true} : undefined
}

const newest = (session: Session, log: {id: number; name: string}, after: Seq, upTo: Seq): Message[] =>
  after >= upTo ? [] : messagesBetween(session, {log, after, upTo, limit: upTo - after})

/** A page ends where it has content enough, and in front of what was deleted at the end. */
const isWhole = (messages: readonly Message[], lastSeq: Seq): boolean =>
  messages.length === 0 || messages.at(-1)!.seq === lastSeq

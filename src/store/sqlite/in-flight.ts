import type {InFlight} from '../../model/claim.js'
import type {Seq} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import {LEASE_OVER} from './claims.js'
import type {Raw} from './connection.js'
import {type Holder, isAlive, isGone} from './holder.js'
import {toId} from './ids.js'
import {isOver} from './leases.js'
import {findLog} from './log.js'
import {lostWith} from './processes.js'
import type {Session} from './session.js'
import {tokenOf} from './tokens.js'
import {holderName} from './workers.js'

/** What groups aren't done with, by channel, group and seq. */
export function listInFlight(
  session: Session,
  {channel, group, seq}: {channel?: string; group?: string; seq?: Seq},
): InFlight[] {
  const {connection, names, clock} = session
  return connection.read(() => {
    const log = channel === undefined ? undefined : findLog(session, channel)
    if (channel !== undefined && !log) return []
    const name = group === undefined ? null : names.idOf(group)
    const parameters = {channel: log?.id ?? null, name, seq: seq ?? null}
    const statement = log ? (seq === undefined ? OF_CHANNEL : AT_PLACE) : ALL
    const now = clock()
    return connection.rows(statement, parameters).map((row) => toInFlight(session, row, now))
  })
}
const SELECT = `
  SELECT in_flight.channel_id, in_flight.seq, in_flight.name_id, channels.name, messages.id, attempt, until, nonce, actor_id,
         holder, reason
    FROM channels CROSS JOIN in_flight ON in_flight.channel_id = channels.id
    JOIN names ON names.id = in_flight.name_id
    JOIN messages ON messages.channel_id = in_flight.channel_id AND messages.seq = in_flight.seq
    LEFT JOIN processes ON processes.id = in_flight.process_id`
const WANTED = `
   AND (:name IS NULL OR in_flight.name_id = :name) AND (:seq IS NULL OR in_flight.seq = :seq)
   ORDER BY channels.name COLLATE BINARY, names.name, in_flight.seq`
const ALL = `${SELECT} WHERE :channel IS NULL ${WANTED}`
const OF_CHANNEL = `${SELECT} WHERE channels.id = :channel ${WANTED}`
const AT_PLACE = `${SELECT} WHERE channels.id = :channel AND in_flight.seq = :seq ${WANTED}`

function toInFlight(session: Session, row: Raw, now: number): InFlight {
  const [channelId, seq, nameId, channel, id, attempt, , nonce, actorId, holderJson, reason] = row
  const until = row[6] as number
  const place = {channelId: channelId as number, nameId: nameId as number, seq: seq as Seq}
  const holder = holderJson === null ? undefined : (JSON.parse(holderJson as string) as Holder)
  const lost = nonce === null ? undefined : lossOf(session, until, holder, now)
  const claimed = nonce !== null && lost === undefined
  const why = lost ?? reason
  const isReady = until === 0 || (lost !== undefined && until > now)
  return {
    channel: channel as string,
    group: session.names.nameOf(place.nameId),
    seq: place.seq,
    id: toId(id as Buffer),
    state: claimed ? 'claimed' : 'waiting',
    attempt: attempt as number,
    until: isoTime(isReady ? now : until),
    ...(claimed && {
      by: session.names.nameOf(actorId as number),
      ...(holder && {holder: holderName(holder)}),
      token: tokenOf(session, {...place, nonce: nonce as string}),
    }),
    ...(typeof why === 'string' && {reason: why}),
  }
}

/** Why a claim is one no more: whoever claims next writes it down, those who look know it already. */
function lossOf(session: Session, until: number, holder: Holder | undefined, now: number): string | undefined {
  const isHeld = holder !== undefined && isAlive(holder, session.self().machine)
  if (isOver(until, now, isHeld)) return LEASE_OVER
  return holder && isGone(holder, session.self().machine) ? lostWith(holder) : undefined
}

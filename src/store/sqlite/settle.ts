import type {Claim, Settled, Settlement} from '../../model/claim.js'
import {LeatError} from '../../model/errors.js'
import {isoTime} from '../../model/time.js'
import type {Outgoing} from '../store.js'
import {append} from './append.js'
import type {Raw} from './connection.js'
import {bury} from './dead-letters.js'
import {closeIfDrained} from './draining.js'
import {MESSAGE_COLUMNS, toMessages} from './rows.js'
import type {Session} from './session.js'
import {parseToken, type Token} from './tokens.js'

/** Ends claims, each for itself, and stores what came of the work. @throws NOT_FOUND a token of another store; as `append` */
export function settle(
  session: Session,
  settlements: readonly Settlement[],
  results: readonly Outgoing[] = [],
): Settled[] {
  const tokens = settlements.map(({token}) => parseToken(session, token))
  const settled = session.connection.write(() => {
    if (results.length > 0) append(session, results)
    const now = session.clock()
    const all = settlements.map((settlement, index) => settleOne(session, tokens[index]!, settlement, now))
    for (const channelId of new Set(tokens.map((token) => token.channelId))) closeIfDrained(session, channelId)
    return all
  })
  session.connection.whenKept(() => {
    for (const {token} of settlements) session.claims.delete(token)
  })
  return settled
}

function settleOne(session: Session, token: Token, settlement: Settlement, now: number): Settled {
  const {connection} = session
  const {channelId, seq, nameId} = token
  const attempt = attemptOf(session, token, now)
  if (attempt === undefined) return 'stale'
  const key = {channel: channelId, seq, name: nameId}
  if (settlement.as === 'done') connection.run(REMOVE, key)
  else if (settlement.as === 'released') connection.run(WAIT, {...key, attempt: attempt - 1, until: 0, reason: null})
  else if (settlement.dead) {
    const {reason, detail} = settlement
    bury(session, {channelId, nameId, seq, attempts: attempt, reason, detail})
    connection.run(REMOVE, key)
  } else connection.run(WAIT, {...key, attempt, until: now + settlement.delay, reason: settlement.reason})
  return 'settled'
}
const REMOVE = 'DELETE FROM in_flight WHERE channel_id = :channel AND seq = :seq AND name_id = :name'
const WAIT = `
  UPDATE in_flight
     SET attempt = :attempt, until = :until, reason = coalesce(:reason, reason), nonce = NULL, actor_id = NULL, process_id = NULL
   WHERE channel_id = :channel AND seq = :seq AND name_id = :name`

/** The attempt that a token's claim is; undefined when the claim was lost: a lease that is over is, whoever has the message. */
function attemptOf({connection}: Session, {channelId, seq, nameId, nonce}: Token, now: number): number | undefined {
  return connection.row(HELD, {channel: channelId, seq, name: nameId, nonce, now})?.[0] as number | undefined
}
const IS_HELD = 'channel_id = :channel AND seq = :seq AND name_id = :name AND nonce = :nonce AND until > :now'
const HELD = `SELECT attempt FROM in_flight WHERE ${IS_HELD}`

/** Renews the lease of a claim. Returns its end. @throws STALE_CLAIM, NOT_FOUND */
export function extendClaim(session: Session, token: string, lease: number): string {
  const {channelId, seq, nameId, nonce} = parseToken(session, token)
  return session.connection.write(() => {
    const now = session.clock()
    const until = now + lease
    const parameters = {channel: channelId, seq, name: nameId, nonce, now, until}
    if (session.connection.run(EXTEND, parameters) === 0) throw lost(token)
    return isoTime(until)
  })
}
const EXTEND = `UPDATE in_flight SET until = :until WHERE ${IS_HELD}`

/** The claim of a token with its message. @throws STALE_CLAIM, NOT_FOUND */
export function getClaim(session: Session, token: string): Claim {
  const {connection, names, clock} = session
  const {channelId, seq, nameId, nonce} = parseToken(session, token)
  return connection.read(() => {
    const row = connection.row(CLAIM, {channel: channelId, seq, name: nameId, nonce, now: clock()})
    if (!row) throw lost(token)
    const [attempt, until, ...columns] = row as [number, number, ...Raw]
    const message = toMessages(session, [columns])[0]!
    return {channel: message.channel, group: names.nameOf(nameId), token, message, attempt, until: isoTime(until)}
  })
}
const CLAIM = `
  SELECT attempt, until, ${MESSAGE_COLUMNS}
    FROM in_flight JOIN messages USING (channel_id, seq)
   WHERE in_flight.channel_id = :channel AND in_flight.seq = :seq AND name_id = :name AND nonce = :nonce AND until > :now`

function lost(token: string): LeatError {
  return new LeatError('STALE_CLAIM', `the claim ${token} was lost: its lease ran out, or it was settled before`, {
    hint: 'claim again',
  })
}

/** Gives up the claims that end with this handle, uncounted. Returns how many there were. */
export function releaseOwn(session: Session): number {
  const own = [...session.claims].map((token): Settlement => ({token, as: 'released'}))
  return own.length === 0 ? 0 : settle(session, own).filter((settled) => settled === 'settled').length
}

import type {Settled} from '../../model/claim.js'
import {attemptOf, type DeliveryOutcome} from '../../model/delivery.js'
import {LeatError} from '../../model/errors.js'
import {isoTime} from '../../model/time.js'
import {bury} from './dead-letters.js'
import {withAttempt} from './delivery-rows.js'
import {closeIfDrained} from './draining.js'
import type {Session} from './session.js'
import {parseToken, type Token} from './tokens.js'

/** Ends a claim. @throws NOT_FOUND a token of another store */
export function settleDelivery(session: Session, token: string, outcome: DeliveryOutcome): Settled {
  const parsed = parseToken(session, token)
  const settled = session.connection.write(() => {
    const settled = settle(session, parsed, outcome, session.clock())
    if (settled === 'settled') closeIfDrained(session, parsed.channelId)
    return settled
  })
  session.connection.whenKept(() => session.deliveries.delete(token))
  return settled
}

function settle(session: Session, token: Token, outcome: DeliveryOutcome, now: number): Settled {
  const {connection} = session
  const held = connection.row(HELD, {...keyOf(token), now})
  if (!held) return 'stale'
  const [attempts, history] = held as [number, string]
  const place = placeOf(token)
  if (outcome.as === 'released') {
    const until = outcome.delay === 0 ? 0 : now + outcome.delay
    connection.run(END, {...place, state: 'pending', attempts: attempts - 1, until, history})
    return 'settled'
  }
  const state = outcome.as === 'retry' ? 'pending' : outcome.as
  const until = outcome.as === 'retry' ? now + outcome.delay : 0
  if (outcome.as === 'failed') {
    const {channelId, nameId: subscriberId, seq} = token
    bury(session, {channelId, subscriberId, seq, attempts, reason: outcome.error})
  }
  connection.run(END, {
    ...place,
    state,
    attempts,
    until,
    history: withAttempt(history, attemptOf(outcome, isoTime(now))),
  })
  return 'settled'
}
/** A lease that is over is lost, whoever has the message. */
const IS_HELD =
  'channel_id = :channel AND subscriber_id = :subscriber AND seq = :seq AND nonce = :nonce AND until > :now'
const HELD = `SELECT attempts, history FROM deliveries WHERE ${IS_HELD}`
const END = `
  UPDATE deliveries
     SET state = :state, attempts = :attempts, until = :until, history = :history, nonce = NULL, process_id = NULL
   WHERE channel_id = :channel AND subscriber_id = :subscriber AND seq = :seq`

const placeOf = ({channelId, nameId, seq}: Token) => ({channel: channelId, subscriber: nameId, seq})
const keyOf = (token: Token) => ({...placeOf(token), nonce: token.nonce})

/** Renews the lease of a claim. @throws STALE_CLAIM, NOT_FOUND */
export function extendDelivery(session: Session, token: string, lease: number): void {
  const key = keyOf(parseToken(session, token))
  session.connection.write(() => {
    const now = session.clock()
    if (session.connection.run(EXTEND, {...key, now, until: now + lease}) > 0) return
    throw new LeatError('STALE_CLAIM', `the delivery ${token} was lost: its lease ran out, or it was settled before`, {
      hint: 'leat delivery list',
    })
  })
}
const EXTEND = `UPDATE deliveries SET until = :until WHERE ${IS_HELD}`

/** Gives back what this handle has in hand, uncounted. Returns how many there were. */
export function releaseOwnDeliveries(session: Session): number {
  const own = [...session.deliveries]
  return own.filter((token) => settleDelivery(session, token, {as: 'released', delay: 0}) === 'settled').length
}

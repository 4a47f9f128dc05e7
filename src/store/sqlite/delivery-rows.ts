import type {Delivery, DeliveryAttempt, DeliveryState} from '../../model/delivery.js'
import {ATTEMPTS_KEPT} from '../../model/delivery.js'
import type {Seq} from '../../model/message.js'
import type {SubscriptionKey} from '../../model/subscription.js'
import {isoTime} from '../../model/time.js'
import type {Raw} from './connection.js'
import {type Holder, isAlive, isGone} from './holder.js'
import {toId} from './ids.js'
import {isOver} from './leases.js'
import type {Session} from './session.js'
import {holderName} from './workers.js'

/** The columns that `toDelivery` knows, and where they come from. */
export const DELIVERY_COLUMNS = `
  deliveries.id, deliveries.seq, messages.id, deliveries.state, attempts, until, nonce, holder, deliveries.created_at, history`
export const WITH_MESSAGE = `
  JOIN messages ON messages.channel_id = deliveries.channel_id AND messages.seq = deliveries.seq
  LEFT JOIN processes ON processes.id = process_id`

export function toDelivery(session: Session, {channel, subscriber}: SubscriptionKey, row: Raw, now: number): Delivery {
  const [id, seq, messageId, state, attempts, , nonce, holderJson, createdAt, history] = row
  const until = row[5] as number
  const holder = holderJson === null ? undefined : (JSON.parse(holderJson as string) as Holder)
  const held = nonce !== null && isHeld(session, {until, holder}, now)
  return {
    id: toId(id as Buffer),
    channel,
    subscriber,
    seq: seq as Seq,
    messageId: toId(messageId as Buffer),
    state: state as DeliveryState,
    attempts: attempts as number,
    // What was lost by its deliverer is ready again, whether or not somebody has noticed yet.
    ...(state === 'pending' && !held && {nextAt: isoTime(nonce === null && until > 0 ? until : now)}),
    ...(held && {held: {holder: holder ? holderName(holder) : '', until: isoTime(until)}}),
    createdAt: isoTime(createdAt as number),
    history: historyOf(history as string),
  }
}

/** Whether a message is in a deliverer's hands: the lease runs, and the process isn't known to be gone. */
export const isHeld = (
  session: Session,
  {until, holder}: {until: number; holder: Holder | undefined},
  now: number,
): boolean => {
  const {machine} = session.self()
  const runs = holder !== undefined && isAlive(holder, machine)
  return !isOver(until, now, runs) && !(holder && isGone(holder, machine))
}

const historyOf = (json: string): DeliveryAttempt[] => JSON.parse(json) as DeliveryAttempt[]

/** The history with one more attempt; the oldest go. */
export const withAttempt = (json: string, attempt: DeliveryAttempt): string =>
  JSON.stringify([...historyOf(json), attempt].slice(-ATTEMPTS_KEPT))

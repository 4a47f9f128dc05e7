import type {Message, Seq} from './message.js'
import type {SubscriptionKey} from './subscription.js'

/** `pending`: being delivered, or waiting for its next attempt. `failed`: given up; a dead letter has the message. */
export type DeliveryState = 'pending' | 'delivered' | 'failed'
export const DELIVERY_STATES: readonly DeliveryState[] = ['pending', 'delivered', 'failed']

/** One try to get a message to a subscription. */
export interface DeliveryAttempt {
  /** ISO 8601: when it ended. */
  at: string
  /** Milliseconds that it took. */
  ms: number
  transport: string
  /** What the endpoint answered, where transports have such a thing (HTTP). */
  status?: number
  /** Absent: it succeeded. */
  error?: string
}

/** A message on its way to one push subscription, from the first attempt on. */
export interface Delivery extends SubscriptionKey {
  /** UUID, the same at each attempt and in each process: that of the subscription and the place. */
  id: string
  seq: Seq
  messageId: string
  state: DeliveryState
  /** Attempts so far, the running one included. */
  attempts: number
  /** ISO 8601; pending and not in hand: when it is tried again. */
  nextAt?: string
  /** In hand: who delivers it, as far as the engine knows, and until when at least. ISO 8601. */
  held?: {holder: string; until: string}
  /** ISO 8601: the first attempt. */
  createdAt: string
  /** The newest ones, oldest first; at most `ATTEMPTS_KEPT`. */
  history: DeliveryAttempt[]
}

export const ATTEMPTS_KEPT = 10

/** A delivery in hand. */
export interface DeliveryClaim {
  /** Names it in `settle` and `extend`; means nothing in another store. */
  token: string
  delivery: Delivery
  message: Message
}

/** What one look for something to deliver brought. */
export interface DeliveryBatch {
  claim?: DeliveryClaim
  /** How far the subscription was looked at: what `changed` is asked to watch from. */
  seen: Seq
  /** Milliseconds until it is worth looking again though nothing changed; absent: only a change brings more. */
  readyIn?: number
}

/** How an attempt ended. Times in milliseconds. */
export type DeliveryOutcome =
  | ({as: 'delivered'} & Tried)
  /** Tried again after `delay`, before anything behind it. */
  | ({as: 'retry'; delay: number; error: string} & Tried)
  /** Given up: a dead letter. */
  | ({as: 'failed'; error: string} & Tried)
  /** It was no attempt (nobody is connected, the deliverer stops): tried again after `delay`, not counted. */
  | {as: 'released'; delay: number}

interface Tried {
  transport: string
  ms: number
  status?: number
}

/** An attempt as the history has it. @param at ISO 8601 @param outcome of one that counts */
export function attemptOf(outcome: Exclude<DeliveryOutcome, {as: 'released'}>, at: string): DeliveryAttempt {
  const {ms, transport, status} = outcome
  return {
    at,
    ms,
    transport,
    ...(status !== undefined && {status}),
    ...(outcome.as !== 'delivered' && {error: outcome.error}),
  }
}

/**
 * Milliseconds before the second, third, … attempt: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h (the retry
 * schedule of Standard Webhooks, https://www.standardwebhooks.com). After the last one it is given up.
 */
export const DELIVERY_SCHEDULE: readonly number[] = [
  5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000,
]

/**
 * How long a delivery waits for its next attempt, ±10 % so that what failed together doesn't come again together;
 * undefined when its attempts are used up.
 *
 * @param attempts   how many have failed, from 1
 * @param random     from 0 up to 1
 * @param retryAfter milliseconds that the endpoint asked for: it isn't tried again before
 */
export function deliveryDelay(attempts: number, random: number, retryAfter = 0): number | undefined {
  const delay = DELIVERY_SCHEDULE[attempts - 1]
  return delay === undefined ? undefined : Math.max(Math.round(delay * (0.9 + 0.2 * random)), retryAfter)
}

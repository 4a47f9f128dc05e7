/** Who wants a channel, and what is pushed to them. The laws by number stand in `../store.ts`. */
import type {Settled} from '../../model/claim.js'
import type {Delivery, DeliveryBatch, DeliveryOutcome} from '../../model/delivery.js'
import type {Seq} from '../../model/message.js'
import type {Subscription, SubscriptionKey, SubscriptionSettings} from '../../model/subscription.js'
import type {DeliveryQuery} from '../records.js'

export interface Subscriptions {
  /**
   * Subscribes, or changes what is there. A new subscriber that has no cursor gets one at `cursor` (default: the
   * channel's last seq); one that has a cursor keeps it unless `cursor` is given. The same goes for what is pushed: set
   * back, it is delivered again, under the same ids.
   * @throws NOT_FOUND no such channel
   */
  put(
    channel: string,
    subscriber: string,
    settings: SubscriptionSettings,
    by: string,
    cursor?: Seq,
  ): Promise<{subscription: Subscription; created: boolean}>

  list(query: {channel?: string; subscriber?: string}): Promise<Subscription[]>

  /** What deliveries of a subscription are signed with, the newest first. @throws NOT_FOUND */
  secrets(channel: string, subscriber: string): Promise<string[]>

  /** Puts a secret in front of the others, and keeps `keep` in all. With `ifNone` only where there is none. Returns them. @throws NOT_FOUND */
  addSecret(
    channel: string,
    subscriber: string,
    secret: string,
    options: {keep: number; ifNone?: boolean},
  ): Promise<string[]>

  /** Ends a subscription with its deliveries, and with `forget` the subscriber's cursor. Returns whether there was one. */
  remove(channel: string, subscriber: string, options?: {forget?: boolean}): Promise<boolean>
}

/**
 * What is pushed to subscribers. A push consumer (kind `push`, named by its subscriber) is there as long as its
 * subscription is one (`isPush`): it begins at the end of the channel when the subscription becomes one, or at the
 * `cursor` of `put`, and goes when it stops being one. Its cursor says up to where it was given messages. It is given
 * what the subscriber may see in the channel, its own messages too, of the types that the subscription wants; expired
 * ones are passed over. A message that is pending, or that it is still to be given while it isn't paused, waits for
 * delivery: retention leaves it alone. A draining channel stays open for what waits, but not for who is paused.
 */
export interface Deliveries {
  /**
   * Law 7. Hands the next message of a push subscription to one deliverer, for `lease` ms: of those that are pending the
   * lowest, else the next that it was not given. In order: nothing while one is in hand, nothing behind one that waits
   * for its next attempt, nothing while the subscription is paused. With nothing to give, the cursor moves past what isn't for it. The claim
   * ends with this process, where the engine can tell.
   * @throws NOT_FOUND no such channel or push subscription
   */
  take(key: SubscriptionKey, options: {lease: number}): Promise<DeliveryBatch>

  /**
   * Ends a claim. `stale`: it was lost before, and nothing changed. A draining channel is closed by its last one.
   * @throws NOT_FOUND a token of another store
   */
  settle(token: string, outcome: DeliveryOutcome): Promise<Settled>

  /** Renews the lease: it ends `lease` ms from now. @throws STALE_CLAIM, NOT_FOUND (a token of another store) */
  extend(token: string, lease: number): Promise<void>

  /** By channel, subscriber and seq. Those that were delivered or failed go with their message. */
  list(query: DeliveryQuery): Promise<Delivery[]>

  /**
   * Pending ones are tried again now, failed ones again with all their attempts, their dead letters being gone; what is
   * in hand, delivered, expired or gone is passed over. Returns how many there were.
   * @param ids of deliveries
   */
  retry(ids: readonly string[]): Promise<number>
}

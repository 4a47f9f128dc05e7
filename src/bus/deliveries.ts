import type {Delivery, DeliveryState} from '../model/delivery.js'
import {LeatError} from '../model/errors.js'
import type {Sent} from '../model/message.js'
import type {Context} from './context.js'

/** Which deliveries: of a channel or all that the actor may see, of a subscriber, in a state, of one message. */
export interface DeliveryFilter {
  channel?: string
  subscriber?: string
  state?: DeliveryState
  /** A message, or the id of a delivery (or the end of either). */
  message?: string
}

/** How a message got on in one channel. */
export interface DeliverySummary {
  channel: string
  delivered: number
  failed: number
  pending: number
  /** `SUBSCRIBER: why`, of what failed or failed so far. */
  errors: string[]
}

const unmade = async (): Promise<never> => {
  throw new LeatError('INTERNAL', 'not made yet')
}

// biome-ignore lint/correctness/useYield: not made yet
export async function* deliveries(_ctx: Context, _filter?: DeliveryFilter): AsyncGenerator<Delivery> {
  await unmade()
}
/** Tries again now: what waits for its next attempt, and what failed. Returns how many. */
export const retryDeliveries: (ctx: Context, filter: DeliveryFilter) => Promise<number> = unmade
/** Waits until every push subscription of a message's channels has got it or given up, for `timeout` ms at most. */
export const waitForDelivery: (
  ctx: Context,
  sent: {id: string; sent: readonly Sent[]},
  options: {timeout: number; signal?: AbortSignal},
) => Promise<DeliverySummary[]> = unmade
/** A new secret of a subscription, told this once; the one before stays valid beside it. */
export const newSecret: (ctx: Context, channel: string, options?: {subscriber?: string}) => Promise<string> = unmade

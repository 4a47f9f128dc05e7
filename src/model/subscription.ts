export type SubscriberKind = 'user' | 'bot' | 'service' | 'system'
export const SUBSCRIBER_KINDS: readonly SubscriberKind[] = ['user', 'bot', 'service', 'system']

/** There is one subscription for each channel and subscriber. */
export interface SubscriptionKey {
  channel: string
  subscriber: string
}

/** A durable "this subscriber wants this channel", with how it is delivered. */
export interface Subscription extends SubscriptionKey {
  /** UUID; another one when it is made again. */
  id: string
  kind: SubscriberKind
  /** Name of the transport that pushes; absent: the channel's egress, else read or inbox. */
  transport?: string
  endpoint?: string
  /** The endpoint may be a private, loopback or link-local address. Absent: no. */
  allowPrivate?: boolean
  /** Limits inbox and push, not read. */
  types?: string[]
  /** Hidden from inbox and push. */
  paused: boolean
  /** ISO 8601. */
  createdAt: string
  createdBy: string
}

export interface SubscriptionSettings {
  kind?: SubscriberKind
  transport?: string | null
  endpoint?: string | null
  allowPrivate?: boolean
  types?: string[] | null
  paused?: boolean
}

/** Transports that deliver to an address; the others deliver to who is connected, or know where to by themselves. */
export const ADDRESSED_TRANSPORTS: readonly string[] = ['http', 'email', 'exec', 'channel']

/**
 * Whether messages are pushed to a subscription, as a consumer of kind `push`: it has a transport or an endpoint of its
 * own, or its channel has an egress that can do without an endpoint.
 * @param egress of the channel
 */
export const isPush = (
  {transport, endpoint}: Pick<Subscription, 'transport' | 'endpoint'>,
  egress: string | undefined,
): boolean =>
  transport !== undefined || endpoint !== undefined || (egress !== undefined && !ADDRESSED_TRANSPORTS.includes(egress))

/** Where messages go to, often an address with a secret in it, is for the subscriber and who manages the channel. */
export function shownTo(actor: string, subscription: Subscription, manages: boolean): Subscription {
  if (manages || subscription.subscriber === actor) return subscription
  const {endpoint: _, ...rest} = subscription
  return rest
}

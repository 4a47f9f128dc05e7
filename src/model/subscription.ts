export type SubscriberKind = 'user' | 'bot' | 'service' | 'system'
export const SUBSCRIBER_KINDS: readonly SubscriberKind[] = ['user', 'bot', 'service', 'system']

/** A durable "this subscriber wants this channel", with how it is delivered. */
export interface Subscription {
  channel: string
  subscriber: string
  kind: SubscriberKind
  /** Name of the transport that pushes; absent: read or inbox. */
  transport?: string
  endpoint?: string
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
  types?: string[] | null
  paused?: boolean
}

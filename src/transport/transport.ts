/**
 * The transport port: a way by which messages get to subscribers (egress), or from programs into channels (ingress). One
 * file each in this folder; plug-ins bring more.
 */
import type {Channel} from '../model/channel.js'
import type {Message} from '../model/message.js'
import type {Subscription} from '../model/subscription.js'

/** `in`: a door of `leat serve` takes messages by it. `out`: subscriptions are delivered by it. */
export type Direction = 'in' | 'out' | 'both'

/** A subscription that a message is for. */
export interface Recipient {
  subscription: Subscription
  /** UUID of the delivery: the same at each attempt. */
  deliveryId: string
  /** 1 for the first. */
  attempt: number
  /** What its deliveries are signed with, the newest first; made when first asked for. Never to be logged. */
  secrets(): Promise<readonly string[]>
}

/**
 * How a failure is to be taken. `retry` (default): on the schedule. `final`: never again, a dead letter. `gone`: the
 * subscriber wants nothing any more, its subscription is paused. `unreached`: nobody was there to deliver to; it waits,
 * and that was no attempt.
 */
export type Failure = 'retry' | 'final' | 'gone' | 'unreached'

export interface TransportResult {
  /** All of them got it. */
  success: boolean
  deliveredCount: number
  failedCount: number
  /** One line each, without secrets. */
  errors: string[]
  failure?: Failure
  /** Milliseconds that the other side asked to wait. */
  retryAfter?: number
  /** What it answered, where there is such a thing (HTTP). */
  status?: number
}

export interface Transport {
  readonly name: string
  /** Default `out`. */
  readonly direction?: Direction
  /** Whether it can work here and now. */
  isAvailable(): boolean | Promise<boolean>
  /** Why it is not available, and what to do. */
  unavailableBecause?(): string
  /** Why it can't deliver to a subscription (its endpoint is of another kind); undefined when it can. */
  refuses?(subscription: Subscription): string | undefined
  /** Delivers one message. Never throws for what the other side does; `signal` ends it early. */
  send(
    message: Message,
    channel: Channel,
    recipients: readonly Recipient[],
    options: {signal: AbortSignal},
  ): Promise<TransportResult>
  /** Told when a subscriber who could not be reached may be reached now. Returns how to stop. */
  onReachable?(listener: (subscriber: string) => void): () => void
  close?(): Promise<void>
}

/** All transports of a process, in the order in which they are tried where nobody chose one. */
export interface Transports {
  readonly all: readonly Transport[]
  get(name: string): Transport | undefined
  close(): Promise<void>
}

export const delivered = (count = 1): TransportResult => ({
  success: true,
  deliveredCount: count,
  failedCount: 0,
  errors: [],
})

export const notDelivered = (
  error: string,
  rest: Pick<TransportResult, 'failure' | 'retryAfter' | 'status'> = {},
): TransportResult => ({success: false, deliveredCount: 0, failedCount: 1, errors: [error], ...rest})

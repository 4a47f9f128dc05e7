import type {Delivery} from '../model/delivery.js'
import {LeatError} from '../model/errors.js'
import type {Transports} from '../transport/transport.js'
import type {Context} from './context.js'

export interface DeliverOptions {
  transports: Transports
  /** Deliver what can be delivered now, and end. Default false: until the signal. */
  once?: boolean
  /** Only subscriptions that are delivered by one of these transports. Default: by any. */
  only?: readonly string[]
  signal?: AbortSignal
  /** Called when it has begun to listen. */
  onReady?: () => void
  /** Told what happened, attempt by attempt. */
  onSettled?: (settled: DeliverySettled) => void
  /** From 0 up to 1, for the schedule; default `Math.random`. */
  random?: () => number
}

export interface DeliverySettled {
  delivery: Delivery
  /** `lost`: someone else took over; nothing was settled. */
  outcome: 'delivered' | 'retry' | 'failed' | 'released' | 'lost'
  transport: string
  error?: string
  /** Why another transport was taken than the subscription or the channel chose. */
  fallback?: string
}

export interface DeliverReport {
  delivered: number
  retried: number
  failed: number
}

const unmade = async (): Promise<never> => {
  throw new LeatError('INTERNAL', 'not made yet')
}

export const deliver: (ctx: Context, options: DeliverOptions) => Promise<DeliverReport> = unmade

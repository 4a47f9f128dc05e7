/** What an attempt's end means for the delivery. */
import {DELIVERY_SCHEDULE, type DeliveryClaim, type DeliveryOutcome, deliveryDelay} from '../model/delivery.js'
import type {TransportResult} from '../transport/transport.js'

/** Characters of an error that are kept. */
const ERROR_LENGTH = 1000

/** Attempts from which no deliverer came back, after which a message isn't given to yet another. */
const MOST_LOST = DELIVERY_SCHEDULE.length + 1

export interface Ending {
  outcome: DeliveryOutcome
  error?: string
  /** The subscriber wants nothing any more. */
  gone?: boolean
  /** Nobody was there to deliver to. */
  unreached?: boolean
}

/**
 * @param attempts so far, this one included
 * @param random   from 0 up to 1
 */
export function endingOf(
  result: TransportResult,
  {attempts, transport, ms, random}: {attempts: number; transport: string; ms: number; random: number},
): Ending {
  const tried = {transport, ms, ...(result.status !== undefined && {status: result.status})}
  if (result.success) return {outcome: {as: 'delivered', ...tried}}
  const error = errorOf(result)
  switch (result.failure ?? 'retry') {
    case 'unreached':
      return {outcome: {as: 'released', delay: 0}, error, unreached: true}
    case 'gone':
      // Ready at once, for when the subscription is resumed.
      return {outcome: {as: 'retry', delay: 0, error, ...tried}, error, gone: true}
    case 'final':
      return {outcome: {as: 'failed', error, ...tried}, error}
    case 'retry': {
      const delay = deliveryDelay(attempts, random, result.retryAfter)
      return {
        outcome: delay === undefined ? {as: 'failed', error, ...tried} : {as: 'retry', delay, error, ...tried},
        error,
      }
    }
  }
}

const errorOf = ({errors}: TransportResult): string =>
  (errors.join('; ') || 'it failed, without saying why').slice(0, ERROR_LENGTH).toWellFormed()

/** What brings its deliverers down, one after the other, is given up; undefined when there is no sign of that. */
export function poisonOf({delivery: {attempts, history}}: DeliveryClaim, transport: string): Ending | undefined {
  const lost = attempts - 1 - history.length
  if (lost < MOST_LOST) return undefined
  const error = `no deliverer came back from ${lost} attempts`
  return {outcome: {as: 'failed', error, transport, ms: 0}, error}
}

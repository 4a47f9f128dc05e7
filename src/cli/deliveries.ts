/** Which deliveries a command is about. */
import {Flags} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {DeliveryFilter} from '../bus/deliveries.js'
import type {DeliverySummary} from '../bus/delivery-wait.js'
import {DELIVERY_STATES} from '../model/delivery.js'
import {LeatError} from '../model/errors.js'
import type {Receipt} from '../model/message.js'
import {isName} from '../model/names.js'
import {parseMessageRef} from '../model/reference.js'
import {duration} from './flags.js'

export const toSubscriber = Flags.string({description: 'Only to this subscriber.', helpValue: 'NAME'})

export const state = Flags.option({options: DELIVERY_STATES})({description: 'Only those in this state.'})

/**
 * What words and `--all` name, all of it looked up before the first is touched.
 * @throws USAGE nothing is named, or more than one channel; NOT_FOUND, FORBIDDEN, INVALID what is named is not there
 */
export async function namedDeliveries(
  bus: Bus,
  names: readonly string[] = [],
  {all, subscriber}: {all: boolean; subscriber?: string},
): Promise<DeliveryFilter[]> {
  const [channel, another] = names
  if (all && another !== undefined) throw new LeatError('USAGE', `--all is for one channel, not for "${another}" too`)
  if (all) return [{channel, subscriber}]
  if (channel === undefined)
    throw new LeatError('USAGE', 'which deliveries?', {hint: 'name messages, or --all; leat delivery list shows them'})
  for (const name of names) checkNamesMessage(name)
  const filters = [...new Set(names)].map((message) => ({message, subscriber}))
  for (const filter of filters) for await (const _ of bus.deliveries(filter)) break
  return filters
}

/** A channel alone would be everything in it, which has to be said. @throws INVALID, with what was probably meant */
function checkNamesMessage(text: string): void {
  try {
    parseMessageRef(text)
  } catch (error) {
    if (!(error instanceof LeatError) || !isName(text)) throw error
    throw new LeatError(error.code, error.message, {
      hint: `--all ${text} for all of that channel, else CHANNEL/SEQ or an id`,
    })
  }
}

/** Deliveries that failed at least once, and are to be tried again: one a subscription, as what is behind it waits. */
export async function countFailing(bus: Bus): Promise<number> {
  let count = 0
  for await (const {history} of bus.deliveries({state: 'pending'})) if (history.at(-1)?.error !== undefined) count++
  return count
}

/** `send --wait-delivery`. */
export const waitDelivery = duration({
  description: 'Wait so long for those it is pushed to; exit 7 if a delivery failed, 4 if one is still pending.',
  exclusive: ['lines', 'jsonl'],
})

/** How a message that was sent got on. @throws as `bus.waitForDelivery` */
export const deliveriesOf = (
  bus: Bus,
  receipt: Receipt,
  timeout: number,
  signal: AbortSignal,
): Promise<DeliverySummary[]> => bus.waitForDelivery(receipt, {timeout, signal})

/** @throws PARTIAL a delivery failed; TIMEOUT one is still pending */
export function checkDelivered({sent}: Receipt, summaries: readonly DeliverySummary[]): void {
  const count = (what: 'failed' | 'pending'): number => summaries.reduce((sum, one) => sum + one[what], 0)
  const where = sent.map(({channel}) => channel).join(', ')
  if (count('failed') > 0)
    throw new LeatError('PARTIAL', `${where}: ${count('failed')} not delivered`, {
      hint: 'leat delivery list --state failed',
    })
  if (count('pending') > 0)
    throw new LeatError('TIMEOUT', `${where}: ${count('pending')} still to be delivered`, {
      hint: 'is leat serve or leat deliver running? leat delivery list --state pending',
    })
}

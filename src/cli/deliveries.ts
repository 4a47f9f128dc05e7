/** Which deliveries a command is about. */
import {Flags} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {DeliveryFilter} from '../bus/deliveries.js'
import {DELIVERY_STATES} from '../model/delivery.js'
import {namedBy} from './named-messages.js'

export const toSubscriber = Flags.string({description: 'Only to this subscriber.', helpValue: 'NAME'})

export const state = Flags.option({options: DELIVERY_STATES})({description: 'Only those in this state.'})

/** What words and `--all` name. @throws as `namedBy` */
export const namedDeliveries = (
  bus: Bus,
  names: readonly string[] = [],
  {all, subscriber}: {all: boolean; subscriber?: string},
): Promise<DeliveryFilter[]> => {
  const kept = {what: 'deliveries', list: 'leat delivery list', find: bus.deliveries}
  return namedBy(kept, names, all, {subscriber})
}

/** Deliveries that failed at least once, and are to be tried again: one a subscription, as what is behind it waits. */
export async function countFailing(bus: Bus): Promise<number> {
  let count = 0
  for await (const {history} of bus.deliveries({state: 'pending'})) if (history.at(-1)?.error !== undefined) count++
  return count
}

/** Which deliveries a command is about. */
import {Flags} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {DeliveryFilter} from '../bus/deliveries.js'
import {DELIVERY_STATES} from '../model/delivery.js'
import {LeatError} from '../model/errors.js'
import {isName} from '../model/names.js'
import {parseMessageRef} from '../model/reference.js'

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

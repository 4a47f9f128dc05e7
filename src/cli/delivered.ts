/** How a message that was sent gets on with those that it is pushed to: `send --wait-delivery`. */
import type {Bus} from '../bus/bus.js'
import type {DeliverySummary} from '../bus/delivery-wait.js'
import {LeatError} from '../model/errors.js'
import type {Receipt} from '../model/message.js'
import type {Output} from './output/output.js'
import {sentLine} from './output/sent.js'

/**
 * Waits for the deliveries, and tells what became of them.
 * @param timeout milliseconds
 * @throws PARTIAL a delivery failed; TIMEOUT one is still pending; as `bus.waitForDelivery`
 */
export async function reportDeliveries(
  receipt: Receipt,
  timeout: number,
  {bus, out, interrupted: signal}: {bus: Bus; out: Output; interrupted: AbortSignal},
): Promise<void> {
  if (!out.json) sentLine(out, receipt)
  const deliveries = await bus.waitForDelivery(receipt, {timeout, signal})
  if (out.json) sentLine(out, {...receipt, deliveries})
  else noteSummaries(out, deliveries)
  checkDelivered(receipt, deliveries)
}

/** How a message got on, a line a channel, and one for each that has trouble. */
function noteSummaries(out: Output, summaries: readonly DeliverySummary[]): void {
  for (const {channel, delivered, failed, pending, errors} of summaries) {
    if (delivered + failed + pending === 0) out.note(`${channel}: there is nobody to push it to`)
    else out.note(`${channel}: ${delivered} delivered, ${failed} failed, ${pending} pending`)
    for (const error of errors) out.note(`  ${error}`)
  }
}

/** @throws PARTIAL a delivery failed; TIMEOUT one is still pending */
function checkDelivered({sent}: Receipt, summaries: readonly DeliverySummary[]): void {
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

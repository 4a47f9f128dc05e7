/** What `deliver` is told, and what it says about it. */

import {Flags} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {DeliverOptions, DeliverReport, DeliverySettled} from '../bus/deliver.js'
import {counted} from '../model/counted.js'
import {LeatError} from '../model/errors.js'
import {placeName} from '../model/reference.js'
import type {Output} from './output/output.js'
import type {Telling} from './output/telling.js'

export const deliverFlags = {
  once: Flags.boolean({description: 'Deliver what can be delivered now, and end; exit 7 if an attempt failed.'}),
  channel: Flags.string({description: 'Only what this channel pushes.', helpValue: 'NAME'}),
}

export interface DeliverFlags {
  once: boolean
  channel?: string
}

/** Delivers until there is a reason to end. @throws PARTIAL with `--once`: an attempt failed; what `bus.deliver` throws */
export async function deliverWith(
  flags: DeliverFlags,
  {
    bus,
    out,
    telling,
    transports,
    interrupted,
  }: {
    bus: Bus
    out: Output
    telling: Telling
    transports: DeliverOptions['transports']
    interrupted: AbortSignal
  },
): Promise<void> {
  const {once, channel} = flags
  let stuck = false
  const report = await bus.deliver({
    transports,
    once,
    channel,
    signal: AbortSignal.any([interrupted, telling.gone]),
    onReady: () => {
      if (out.errorTerminal && !once) telling.note('delivering; end with Ctrl-C')
    },
    onSettled: (settled) => tellAttempt(telling, settled, once),
    onStuck: ({channel, subscriber, reason}) => {
      stuck = true
      telling.note(`${channel} to ${subscriber}: messages wait: ${reason}`)
    },
    onWaiting: ({message}) => telling.note(`${message}; going on when there is room`),
  })
  if (out.errorTerminal)
    telling.note(summaryOf(report) ?? (once && !stuck ? 'there was nothing to deliver' : 'nothing was delivered'))
  await telling.end()
  if (once && report.failed + report.retried > 0 && !interrupted.aborted) throw someFailed(report)
}

function tellAttempt(telling: Telling, settled: DeliverySettled, once: boolean): void {
  const {delivery, outcome, transport, error, fallback} = settled
  const {id, channel, subscriber, seq, messageId, attempts: attempt, nextAt, history} = delivery
  const status = outcome === 'released' || outcome === 'lost' ? undefined : history.at(-1)?.status
  telling.object({
    channel,
    seq,
    id,
    messageId,
    subscriber,
    attempt,
    outcome,
    transport,
    status,
    error,
    fallback,
    nextAt,
  })
  // Who isn't connected is no news, each half minute.
  if (outcome !== 'released' || once) telling.note(noteOn(settled))
}

function noteOn({delivery, outcome, transport, error, fallback}: DeliverySettled): string {
  const {subscriber, attempts, nextAt} = delivery
  const what = `${placeName(delivery)} to ${subscriber}`
  const instead = fallback === undefined ? '' : ` (${fallback})`
  switch (outcome) {
    case 'delivered':
      return `${what}: delivered by ${transport}${instead}`
    case 'retry':
      return `${what}: attempt ${attempts} by ${transport}${instead} failed: ${error}; next at ${nextAt}`
    case 'failed':
      return `${what}: given up after attempt ${attempts} by ${transport}${instead}: ${error}; leat delivery show ${placeName(delivery)}`
    case 'released':
      return `${what}: not delivered by ${transport}${instead}: ${error}`
    case 'lost':
      return `${what}: lost to another deliverer`
  }
}

/** Undefined where nothing was tried. */
function summaryOf({delivered, retried, failed}: DeliverReport): string | undefined {
  const counts = [
    [delivered, 'delivered'],
    [retried, 'failed and put off'],
    [failed, 'given up'],
  ] as const
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  return told.length === 0 ? undefined : told.join(', ')
}

function someFailed({retried, failed}: DeliverReport): LeatError {
  const count = retried + failed
  const hint = failed > 0 ? 'leat delivery list --state failed' : 'leat delivery list --state pending'
  return new LeatError('PARTIAL', `${counted(count, 'attempt')} failed`, {hint})
}

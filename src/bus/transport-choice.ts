import type {Channel} from '../model/channel.js'
import {needsOwnChoice} from '../model/endpoint.js'
import type {Subscription} from '../model/subscription.js'
import type {Transport, Transports} from '../transport/transport.js'
import {messageOf} from './work.js'

/** By what a subscription is delivered now. */
export interface Choice {
  transport: Transport
  /** Why it isn't the one that the subscription or the channel chose. */
  fallback?: string
}

/**
 * The subscription's transport, else the egress of its channel, else the first that is there and takes its endpoint. What
 * runs commands or opens other stores is taken only where the subscription itself says so.
 * @returns why there is none, in one line, where there is none
 */
export async function chooseTransport(
  subscription: Subscription,
  channel: Channel,
  transports: Transports,
): Promise<Choice | string> {
  const chosen = [subscription.transport, channel.egress].filter((name) => name !== undefined)
  const reasons: string[] = []
  for (const name of new Set(chosen)) {
    const why = await unusable(subscription, transports.get(name), name)
    if (why === undefined) return choice(transports.get(name)!, reasons)
    reasons.push(why)
  }
  for (const transport of transports.all)
    if (!chosen.includes(transport.name) && (await unusable(subscription, transport, transport.name)) === undefined)
      return choice(transport, reasons)
  return reasons.join('; ') || 'no transport takes its endpoint'
}

const choice = (transport: Transport, reasons: readonly string[]): Choice =>
  reasons.length === 0 ? {transport} : {transport, fallback: reasons.join('; ')}

/** Why a subscription can't be delivered by a transport now. */
async function unusable(
  subscription: Subscription,
  transport: Transport | undefined,
  name: string,
): Promise<string | undefined> {
  if (!transport) return `there is no transport ${name}`
  if (transport.direction === 'in') return `${name} only takes messages in`
  if (subscription.transport !== name && needsOwnChoice(name, subscription.endpoint))
    return `${name} is only for subscriptions that name it`
  const refusal = transport.refuses?.(subscription)
  if (refusal !== undefined) return `${name}: ${refusal}`
  try {
    if (await transport.isAvailable()) return undefined
    const because = transport.unavailableBecause?.()
    return because === undefined ? `${name} is not available` : `${name} is not available: ${because}`
  } catch (error) {
    return `${name} can't say whether it is available: ${messageOf(error)}` // a plug-in's own fault
  }
}

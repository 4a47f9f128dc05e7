/** Why a push subscriber has or hasn't got a message. */
import {counted} from '../model/counted.js'
import type {Delivery} from '../model/delivery.js'
import type {Message} from '../model/message.js'
import {placeName} from '../model/reference.js'
import {isPush, type Subscription} from '../model/subscription.js'
import {manages, requireChannel} from './access.js'
import type {Context} from './context.js'
import {deliveriesAt} from './deliveries.js'
import {isWanted} from './delivery-wait.js'
import type {Answer} from './why-group.js'

/**
 * How a message stands with what is pushed to a subscriber; undefined when nothing is to be said about that, because it
 * isn't pushed to, or was subscribed behind the message.
 */
export async function whyPush(ctx: Context, message: Message, subscription: Subscription): Promise<Answer | undefined> {
  const {channel: name, seq} = message
  const {subscriber} = subscription
  const channel = await requireChannel(ctx, name, 'subscribe')
  if (!isPush(subscription, channel.egress)) return undefined
  const consumer = await ctx.store.consumers.get({channel: name, kind: 'push', name: subscriber})
  const [delivery] = await ctx.store.deliveries.list({channel: name, subscriber, seq, limit: 1})
  if (delivery) {
    // What an endpoint answers is its subscriber's business.
    const tells = subscriber === ctx.actor || (await manages(ctx, channel))
    return standing(message, delivery, subscription, tells)
  }
  if (!consumer || consumer.cursor >= seq || !isWanted(message, subscription)) return undefined
  const place = placeName(message)
  if (subscription.paused) return paused(`${place} waits to be pushed to ${subscriber}`, subscription)
  return {
    state: 'pending',
    reason: `${place} waits to be pushed to ${subscriber}, who was given messages up to ${name}/${consumer.cursor}`,
    next: 'leat deliver --once',
  }
}

/** Where messages are still on their way to others, or were given up: a clause each, of those that the actor may see. */
export async function deliveriesInvolved(ctx: Context, message: Message): Promise<string[]> {
  const {channel} = message
  const [deliveries, subscriptions] = await Promise.all([
    deliveriesAt(ctx, [message]),
    ctx.store.subscriptions.list({channel}),
  ])
  return deliveries
    .filter(({state, subscriber}) => state !== 'delivered' && subscriber !== ctx.actor)
    .flatMap((delivery) => {
      const subscription = subscriptions.find(({subscriber}) => subscriber === delivery.subscriber)
      return subscription ? [standing(message, delivery, subscription, true).reason] : []
    })
}

function standing(message: Message, delivery: Delivery, subscription: Subscription, tells: boolean): Answer {
  const {state, attempts, history, held, nextAt, subscriber} = delivery
  const place = placeName(message)
  const last = history.at(-1)
  const whose = ` --subscriber ${subscriber}`
  const why = !tells || last?.error === undefined ? '' : ` with ${last.error}`
  if (state === 'delivered')
    return {
      state,
      reason: `${place} was delivered to ${subscriber}${last ? ` at ${last.at} by ${last.transport}` : ''}`,
      next: `leat delivery show ${place}`,
    }
  if (state === 'failed')
    return {
      state,
      reason: `${place} was given up after ${counted(attempts, 'attempt')} to deliver it to ${subscriber}${why}`,
      next: `leat delivery retry ${place}${whose}`,
    }
  if (held)
    return {
      state,
      reason: `${place} is being delivered to ${subscriber} by ${held.holder}, attempt ${attempts}`,
      next: `leat delivery show ${place}`,
    }
  const failed =
    attempts === 0
      ? `${place} waits to be pushed to ${subscriber}`
      : `attempt ${attempts} to deliver ${place} to ${subscriber} failed${why}`
  if (subscription.paused) return paused(failed, subscription)
  return {state, reason: `${failed}; next at ${nextAt}`, next: `leat delivery retry ${place}${whose}`}
}

const paused = (what: string, {channel, subscriber}: Subscription): Answer => ({
  state: 'paused',
  reason: `${what}, and the subscription is paused`,
  next: `leat subscription resume ${channel} --subscriber ${subscriber}`,
})

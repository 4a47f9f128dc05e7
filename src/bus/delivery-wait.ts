/** How a message gets on with those that it is pushed to. */
import type {Delivery} from '../model/delivery.js'
import {LeatError} from '../model/errors.js'
import {isLive, isVisible} from '../model/filter.js'
import type {Message, Sent} from '../model/message.js'
import type {Positions} from '../model/position.js'
import type {Subscription} from '../model/subscription.js'
import {mayUse, visible} from './access.js'
import {checkMillis} from './amounts.js'
import type {Context} from './context.js'
import {deadline} from './deadline.js'
import {Nap} from './nap.js'

/** How a message got on in one channel. */
export interface DeliverySummary {
  channel: string
  delivered: number
  failed: number
  pending: number
  /** `SUBSCRIBER: why`, of what failed or failed so far; none for who may not read the channel. */
  errors: string[]
}

/** What one look brought. */
interface Look {
  summaries: DeliverySummary[]
  /** Something is on its way, and not only to those that are paused. */
  isMoving: boolean
  seen: Positions
}

/**
 * Waits until every push subscription of a message's channels has got it or given up, for `timeout` ms at most. Who is
 * paused isn't waited for, but counts as pending.
 *
 * @throws NOT_FOUND no such message that the actor has sent or may see
 * @throws INVALID
 */
export async function waitForDelivery(
  ctx: Context,
  {id, sent}: {id: string; sent: readonly Sent[]},
  {timeout, signal}: {timeout: number; signal?: AbortSignal},
): Promise<DeliverySummary[]> {
  const end = deadline(checkMillis('timeout', timeout, 0), signal)
  let nap: Nap | undefined
  try {
    for (;;) {
      const isLast = end.passed || end.cancelled
      const {summaries, isMoving, seen} = await look(ctx, id, sent)
      if (!isMoving || isLast) return summaries
      // One more look between listening and sleeping: what came in between is not missed.
      if (!nap) nap = new Nap(ctx.store, seen)
      else {
        await nap.sleep(undefined, end.signal)
        nap = undefined
      }
    }
  } finally {
    nap?.wake()
    end.clear()
  }
}

async function look(ctx: Context, id: string, sent: readonly Sent[]): Promise<Look> {
  const places = await ctx.store.messages.find({by: 'id', id})
  const [first] = places
  if (first && first.sender !== ctx.actor && (await visible(ctx, places)).length === 0)
    throw new LeatError('NOT_FOUND', `no message "${id}" in ${ctx.store.label}`)
  const summaries: DeliverySummary[] = []
  const seen: Record<string, number> = {}
  let isMoving = false
  for (const one of sent) {
    const place = places.find(({channel}) => channel === one.channel)
    const found = place ? await standingsOf(ctx, place) : await standingsBefore(ctx, one)
    isMoving ||= found.some(({state, isPaused}) => state === 'pending' && !isPaused)
    const channel = await ctx.store.channels.get(one.channel)
    seen[one.channel] = channel?.lastSeq ?? 0
    const tells = channel !== undefined && (await mayUse(ctx, channel, 'subscribe'))
    summaries.push(summaryOf(one.channel, found, tells))
  }
  return {summaries, isMoving, seen}
}

/** How one subscriber stands with the message. */
interface Standing {
  subscriber: string
  state: Delivery['state']
  isPaused: boolean
  error?: string
}

async function standingsOf(ctx: Context, message: Message): Promise<Standing[]> {
  const {channel, seq} = message
  // The cursors first: what is behind one by then has left its delivery already, if it was for the subscriber.
  const consumers = await ctx.store.consumers.list({channel, kind: 'push'})
  const [subscriptions, deliveries] = await Promise.all([
    ctx.store.subscriptions.list({channel}),
    ctx.store.deliveries.list({channel, seq, limit: MOST}),
  ])
  const bySubscriber = new Map(deliveries.map((one) => [one.subscriber, one]))
  return consumers.flatMap(({name, cursor}): Standing[] => {
    const subscription = subscriptions.find(({subscriber}) => subscriber === name)
    if (!subscription) return []
    const delivery = bySubscriber.get(name)
    if (delivery) return [standingOf(delivery, subscription)]
    const comes = cursor < seq && isLive(message, ctx.clock()) && isWanted(message, subscription)
    return comes ? [waiting(subscription)] : []
  })
}

/** Deliveries of one place, at most. */
const MOST = 1_000_000

/** A delayed message is still to come to all; one that was pruned meanwhile comes to nobody. */
async function standingsBefore(ctx: Context, sent: Sent): Promise<Standing[]> {
  if ('seq' in sent) return []
  const {channel} = sent
  const [consumers, subscriptions] = await Promise.all([
    ctx.store.consumers.list({channel, kind: 'push'}),
    ctx.store.subscriptions.list({channel}),
  ])
  const pushed = new Set(consumers.map(({name}) => name))
  return subscriptions.filter(({subscriber}) => pushed.has(subscriber)).map(waiting)
}

/** Whether a subscription is given a message at all. */
export const isWanted = (message: Message, {subscriber, types}: Subscription): boolean =>
  isVisible(message, {actor: subscriber}) && (types?.includes(message.type) ?? true)

const waiting = ({subscriber, paused}: Subscription): Standing => ({
  subscriber,
  state: 'pending',
  isPaused: paused,
  ...(paused && {error: 'paused'}),
})

function standingOf({state, history, subscriber}: Delivery, {paused}: Subscription): Standing {
  const failure = state === 'delivered' ? undefined : history.at(-1)?.error
  const error = failure ?? (paused && state === 'pending' ? 'paused' : undefined)
  return {subscriber, state, isPaused: paused, ...(error !== undefined && {error})}
}

function summaryOf(channel: string, standings: readonly Standing[], tells: boolean): DeliverySummary {
  const count = (wanted: Delivery['state']): number => standings.filter(({state}) => state === wanted).length
  const errors = standings.flatMap(({subscriber, error}) => (error === undefined ? [] : [`${subscriber}: ${error}`]))
  return {
    channel,
    delivered: count('delivered'),
    failed: count('failed'),
    pending: count('pending'),
    errors: tells ? errors : [],
  }
}

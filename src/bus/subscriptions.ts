import {checkTarget, isPrivateTarget, needsOwnChoice, reachesInside} from '../model/endpoint.js'
import {LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import {
  SUBSCRIBER_KINDS,
  type Subscription,
  type SubscriptionKey,
  type SubscriptionSettings,
  shownTo,
} from '../model/subscription.js'
import {existing, readableViews, requireChannel, requirePermission} from './access.js'
import type {Context} from './context.js'
import {checkNote, checkType} from './labels.js'
import {seqBehind} from './positions.js'

export interface SubscribeOptions extends SubscriptionSettings {
  /** Default: the actor. Someone else needs `manage`. */
  subscriber?: string
  /** Where the cursor goes, as `parsePosition` reads it; default for a new subscription: now. */
  from?: string
  /** Only change a subscription that is there. Default false. */
  existing?: boolean
}

/**
 * Subscribes, or changes the subscription that is there. A new subscriber without a cursor begins with what comes from
 * now on; a cursor that is there moves only if `from` says so.
 *
 * @throws FORBIDDEN the subscriber may not read the channel, or is someone else and the actor doesn't manage it
 * @throws NOT_FOUND no such channel; with `existing`, no such subscription
 * @throws FORBIDDEN through a door: what runs commands, or goes to another store or a private address
 * @throws INVALID   a setting or a position
 */
export async function subscribe(
  ctx: Context,
  name: string,
  options: SubscribeOptions = {},
): Promise<{subscription: Subscription; created: boolean}> {
  const {subscriber = ctx.actor, from, existing: mustExist = false, ...settings} = options
  const channel = await requireChannel(ctx, name, subscriber === ctx.actor ? 'subscribe' : 'manage')
  checkName('actor', subscriber)
  if (subscriber !== ctx.actor) await requirePermission(ctx, channel, 'subscribe', subscriber)
  const checked = checkSettings(settings)
  if (mustExist) await requireSubscription(ctx, name, subscriber)
  await checkDelivery(ctx, {channel: name, subscriber}, checked)
  const cursor =
    from === undefined ? undefined : await seqBehind(ctx, channel, from, {included: true, reader: subscriber})
  return ctx.store.subscriptions.put(name, subscriber, checked, ctx.actor, cursor)
}

/** How the subscription would be delivered then: whether that is possible, and whether the actor may say so. */
async function checkDelivery(ctx: Context, key: SubscriptionKey, settings: SubscriptionSettings): Promise<void> {
  const {transport, endpoint, allowPrivate} = settings
  if (transport === undefined && endpoint === undefined && allowPrivate === undefined) return
  const [before] = await ctx.store.subscriptions.list(key)
  const after = {
    transport: changed(transport, before?.transport),
    endpoint: changed(endpoint, before?.endpoint),
    allowPrivate: allowPrivate ?? before?.allowPrivate,
  }
  const goesInside = reachesInside(after) || isPrivateTarget(after) || (before !== undefined && reachesInside(before))
  if (ctx.door !== undefined && goesInside)
    throw new LeatError(
      'FORBIDDEN',
      `what runs commands, or goes to another store, a plug-in's address or a private one, can't be subscribed through ${ctx.door}`,
      {hint: 'leat subscribe, on the machine of the store'},
    )
  checkTarget(after)
  if (transport && endpoint === undefined) checkTakenOver(transport, before)
}

/** What stood there for another transport, and may have come in through a door, becomes no command. @throws INVALID */
function checkTakenOver(transport: string, before: Subscription | undefined): void {
  if (before?.endpoint === undefined || before.transport === transport) return
  if (!needsOwnChoice(transport, before.endpoint)) return
  throw new LeatError('INVALID', `${JSON.stringify(before.endpoint)} was not given for ${transport}`, {
    hint: `name the endpoint too: --transport ${transport} --endpoint …`,
  })
}

/** `null` takes a setting away, undefined leaves it. */
const changed = (change: string | null | undefined, before: string | undefined): string | undefined =>
  change === undefined ? before : (change ?? undefined)

/** @throws NOT_FOUND */
export async function requireSubscription(ctx: Context, channel: string, subscriber: string): Promise<void> {
  const found = await ctx.store.subscriptions.list({channel, subscriber})
  if (found.length > 0) return
  throw new LeatError('NOT_FOUND', `${subscriber} is not subscribed to "${channel}"`, {
    hint: `leat subscribe ${channel}${subscriber === ctx.actor ? '' : ` --subscriber ${subscriber}`}`,
  })
}

function checkSettings(settings: SubscriptionSettings): SubscriptionSettings {
  const {kind, transport, endpoint, types} = settings
  if (kind !== undefined && !SUBSCRIBER_KINDS.includes(kind))
    throw new LeatError('INVALID', `"${kind}" is not a kind of subscriber`, {
      hint: `one of ${SUBSCRIBER_KINDS.join(', ')}`,
    })
  if (transport) checkName('group', transport)
  if (endpoint) checkNote('an endpoint', endpoint)
  for (const type of types ?? []) checkType(type)
  // No types at all would be a subscription to nothing.
  return types?.length === 0 ? {...settings, types: null} : settings
}

/**
 * Ends a subscription; the cursor stays unless `forget`. Returns whether there was one. Also for who may not read the
 * channel any more.
 *
 * @throws FORBIDDEN someone else's, and the actor doesn't manage the channel
 * @throws NOT_FOUND no such channel
 */
export async function unsubscribe(
  ctx: Context,
  name: string,
  {subscriber = ctx.actor, forget = false}: {subscriber?: string; forget?: boolean} = {},
): Promise<boolean> {
  const channel = await existing(ctx, name)
  if (subscriber !== ctx.actor) await requirePermission(ctx, channel, 'manage')
  return ctx.store.subscriptions.remove(name, checkName('actor', subscriber), {forget})
}

/**
 * Subscriptions to channels that the actor may read, and its own, by channel and subscriber; endpoints as `shownTo`.
 * @throws NOT_FOUND, FORBIDDEN, INVALID
 */
export async function subscriptions(
  ctx: Context,
  query: {channel?: string; subscriber?: string} = {},
): Promise<Subscription[]> {
  if (query.channel !== undefined) await requireChannel(ctx, query.channel, 'subscribe')
  if (query.subscriber !== undefined) checkName('actor', query.subscriber)
  const [found, views] = await Promise.all([ctx.store.subscriptions.list(query), readableViews(ctx)])
  const byName = new Map(views.map((view) => [view.name, view]))
  return found
    .filter(({channel, subscriber}) => byName.has(channel) || subscriber === ctx.actor)
    .map((subscription) => shownTo(ctx.actor, subscription, byName.get(subscription.channel)?.all ?? false))
    .sort((a, b) => compare(a.channel, b.channel) || compare(a.subscriber, b.subscriber))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

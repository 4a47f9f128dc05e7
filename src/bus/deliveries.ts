/** What became of what is pushed to subscribers. */
import type {Delivery, DeliveryState} from '../model/delivery.js'
import {LeatError} from '../model/errors.js'
import type {Place} from '../model/message.js'
import {checkName} from '../model/names.js'
import {type MessageRef, parseMessageRef} from '../model/reference.js'
import type {DeliveryQuery} from '../store/store.js'
import {manages, readableViews, requireChannel, requireView} from './access.js'
import type {Context} from './context.js'
import {checkOneId} from './find.js'

/** Which deliveries: of a channel or all that the actor may see, of a subscriber, in a state, of one message. */
export interface DeliveryFilter {
  channel?: string
  subscriber?: string
  state?: DeliveryState
  /** A message, or the id of a delivery (or the end of either). */
  message?: string
}

/** Deliveries in memory at once. */
const PAGE = 200

/**
 * Deliveries by channel, subscriber and seq, page by page: all of a channel that the actor manages, else its own.
 *
 * @throws NOT_FOUND no such channel; no such message or delivery, or none that the actor may see
 * @throws FORBIDDEN the channel, or someone else's in a channel that the actor doesn't manage
 * @throws USAGE     several messages or deliveries end like this
 * @throws INVALID
 */
export async function* deliveries(ctx: Context, filter: DeliveryFilter = {}): AsyncGenerator<Delivery> {
  const {channel, subscriber, message} = filter
  if (subscriber !== undefined) checkName('actor', subscriber)
  if (channel !== undefined) await requireChannel(ctx, channel, ofOthers(ctx, subscriber) ? 'manage' : 'subscribe')
  if (message !== undefined) return yield* deliveriesOf(ctx, filter, parseMessageRef(message))
  yield* pages(ctx, filter)
}

const ofOthers = ({actor}: Context, subscriber: string | undefined): boolean =>
  subscriber !== undefined && subscriber !== actor

/**
 * Tries again now: what waits for its next attempt, and what was given up, with all attempts. Returns how many.
 * @throws as `deliveries`
 */
export async function retryDeliveries(ctx: Context, filter: DeliveryFilter): Promise<number> {
  const ids: string[] = []
  for await (const {id, state} of deliveries(ctx, filter)) if (state !== 'delivered') ids.push(id)
  return ids.length === 0 ? 0 : ctx.store.deliveries.retry(ids)
}

/** Those of the places of one message that the actor may see. */
export async function deliveriesAt(ctx: Context, places: readonly Place[]): Promise<Delivery[]> {
  const found: Delivery[] = []
  for (const {channel, seq} of places) for await (const one of pages(ctx, {channel}, {seq})) found.push(one)
  return found
}

async function* deliveriesOf(ctx: Context, filter: DeliveryFilter, ref: MessageRef): AsyncGenerator<Delivery> {
  const {channel, message} = filter
  const ofMessage = ref.by === 'place' ? await atPlace(ctx, filter, ref) : await ofId(ctx, filter, ref)
  if (ofMessage.length > 0) return yield* ofMessage
  if (ref.by !== 'place') {
    const idEnd = (ref.by === 'id' ? ref.id : ref.end).replaceAll('-', '')
    const named: Delivery[] = []
    for await (const one of pages(ctx, filter, {idEnd})) named.push(one)
    checkOne(filter, new Set(named.map(({id}) => id)))
    if (named.length > 0) return yield* named
  }
  const where = channel === undefined ? '' : ` in ${channel}`
  throw new LeatError(
    'NOT_FOUND',
    `no delivery of "${message}"${where} in ${ctx.store.label}, or none for you to see`,
    {
      hint: 'leat delivery list',
    },
  )
}

async function atPlace(ctx: Context, filter: DeliveryFilter, place: MessageRef & {by: 'place'}): Promise<Delivery[]> {
  if (filter.channel !== undefined && filter.channel !== place.channel) return []
  await requireView(ctx, place.channel)
  return seen(ctx, filter, [place])
}

async function ofId(
  ctx: Context,
  filter: DeliveryFilter,
  ref: Exclude<MessageRef, {by: 'place'}>,
): Promise<Delivery[]> {
  const found = await seen(ctx, filter, await ctx.store.messages.find(ref))
  checkOne(filter, new Set(found.map(({messageId}) => messageId)))
  return found
}

async function seen(ctx: Context, filter: DeliveryFilter, places: readonly Place[]): Promise<Delivery[]> {
  const wanted = places.filter(({channel}) => filter.channel === undefined || filter.channel === channel)
  const found: Delivery[] = []
  for (const {channel, seq} of wanted) for await (const one of pages(ctx, {...filter, channel}, {seq})) found.push(one)
  return found
}

const checkOne = ({message = ''}: DeliveryFilter, ids: ReadonlySet<string>): void => checkOneId(message, [...ids])

/** Those that the actor may see. The next page is there before one is given: who is given a delivery may change it. */
async function* pages(
  ctx: Context,
  {channel, subscriber, state}: DeliveryFilter,
  more: Pick<DeliveryQuery, 'seq' | 'idEnd'> = {},
): AsyncGenerator<Delivery> {
  const managed = await managedChannels(ctx, channel)
  const page = (after?: DeliveryQuery['after']) =>
    ctx.store.deliveries.list({channel, subscriber, state, after, ...more, limit: PAGE})
  for (let found = await page(); found.length > 0; ) {
    const next = found.length < PAGE ? [] : await page(found.at(-1))
    for (const one of found) if (one.subscriber === ctx.actor || managed.has(one.channel)) yield one
    found = next
  }
}

async function managedChannels(ctx: Context, channel: string | undefined): Promise<ReadonlySet<string>> {
  if (channel === undefined) return new Set((await readableViews(ctx)).filter(({all}) => all).map(({name}) => name))
  const found = await ctx.store.channels.get(channel)
  return new Set(found && (await manages(ctx, found)) ? [channel] : [])
}

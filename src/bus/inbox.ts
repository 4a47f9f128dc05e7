import type {ChannelSummary} from '../model/channel.js'
import type {Filter} from '../model/filter.js'
import type {Seq} from '../model/message.js'
import {checkName} from '../model/names.js'
import {readableViews} from './access.js'
import type {Context} from './context.js'
import {handOver} from './hand.js'
import {HOLD_WAIT, type InboxChannel, type InboxOptions, READ_LIMIT, READ_PAGE, type Taken} from './read.js'
import {type Look, lookUntilFound} from './waiting.js'

/** A channel of the inbox: what of it is wanted. */
interface Box {
  summary: ChannelSummary
  filter: Filter
}

/**
 * Gives the actor what is unread in everything that it subscribes to, channel by channel in the order of their names,
 * as `read` does. Left out: paused subscriptions, types that a subscription doesn't want, the actor's own messages.
 *
 * @throws TIMEOUT nothing came within `wait`
 * @throws BUSY    another holder kept a reader for `holdWait`
 */
export async function* inbox(ctx: Context, options: InboxOptions = {}): AsyncGenerator<Taken> {
  const {reader = ctx.actor, all = false, limit = all ? READ_PAGE : READ_LIMIT, holdWait = HOLD_WAIT, signal} = options
  checkName('reader', reader)
  const grows = options.limit === undefined
  yield* lookUntilFound(ctx, 'the inbox', options, async function* (): AsyncGenerator<Taken, Look> {
    let any = false
    const seen: Record<string, Seq> = {}
    for (const {summary, filter} of await boxes(ctx, reader)) {
      const {name: channel} = summary
      seen[channel] = summary.lastSeq
      // A hold is a write: none for the many channels where nothing is new.
      if (summary.unread === 0 || signal?.aborted) continue
      const looked = yield* handOver(ctx, {channel, reader}, {limit, all, grows, filter, holdWait, signal})
      seen[channel] = looked.seen
      any ||= looked.found
    }
    return {found: any, seen}
  })
}

/** How much `inbox` would give, a line for each channel that has something, by name. */
export async function inboxCounts(ctx: Context, {reader = ctx.actor}: {reader?: string} = {}): Promise<InboxChannel[]> {
  checkName('reader', reader)
  const counts: InboxChannel[] = []
  for (const {summary, filter} of await boxes(ctx, reader)) {
    if (summary.unread === 0) continue
    const channel = summary.name
    const unread = await ctx.store.consumers.unread({channel, reader}, {actor: ctx.actor, filter})
    if (unread > 0) counts.push({channel, unread, lastTime: await newestTime(ctx, channel, filter)})
  }
  return counts
}

/** Where something is unread, the newest that is wanted is unread. */
async function newestTime(ctx: Context, name: string, filter: Filter): Promise<string | undefined> {
  const query = {channels: [{name}], actor: ctx.actor, order: 'backward', limit: 1, filter} as const
  const {messages} = await ctx.store.messages.scan(query)
  return messages[0]?.time
}

async function boxes(ctx: Context, reader: string): Promise<Box[]> {
  const [views, subscriptions] = await Promise.all([
    readableViews(ctx),
    ctx.store.subscriptions.list({subscriber: ctx.actor}),
  ])
  const wanted = new Map(subscriptions.filter(({paused}) => !paused).map((one) => [one.channel, one]))
  const channels = views.filter(({name}) => wanted.has(name)).map(({name}) => ({name}))
  const summaries = await ctx.store.channels.summaries({channels, actor: ctx.actor, reader})
  return summaries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((summary) => ({summary, filter: {types: wanted.get(summary.name)?.types, notSender: ctx.actor}}))
}

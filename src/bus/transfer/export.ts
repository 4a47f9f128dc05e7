/** What is in channels, as the records of an export. */
import type {Channel} from '../../model/channel.js'
import {LeatError} from '../../model/errors.js'
import type {Filter} from '../../model/filter.js'
import type {Message, Seq} from '../../model/message.js'
import {globMatcher, isGlob} from '../../model/names.js'
import {type Positions, seqIn} from '../../model/position.js'
import {type Belonging, TRANSFER_VERSION, type TransferRecord} from '../../model/transfer.js'
import {existing, requirePermission, type View, visible} from '../access.js'
import {administers} from '../administration.js'
import type {Context} from '../context.js'
import {beginnings, historyFilter, type LogOptions, viewsOf} from '../log.js'
import {belongingsOf, delayedIn, rolesAndGrants} from './belongings.js'

export interface ExportOptions extends Pick<LogOptions, 'from' | 'after' | 'filter' | 'thread' | 'signal'> {
  /**
   * Everything: direct messages of others and expired ones, conversations, cursors and groups with what they aren't done
   * with, subscriptions, deliveries, dead letters, delayed messages, grants; of the whole store roles too. Never tokens
   * and secrets.
   */
  all?: boolean
}

/** Messages come in pages, everything else by itself. */
export type ExportPart = {messages: Message[]} | {record: TransferRecord}

/** Messages in memory at once. */
const PAGE = 250

/**
 * What the channels (names or globs; none: all that the actor may read) have now, in constant memory: first what they
 * are, then their messages in the order in which they were stored, then with `all` what belongs to them. What comes
 * while it runs is not in it.
 *
 * @throws NOT_FOUND, FORBIDDEN as `log`; with `all` it takes `manage` on each channel, or store administration
 * @throws USAGE, INVALID       as `log`
 */
export async function* exportChannels(
  ctx: Context,
  patterns: readonly string[],
  options: ExportOptions = {},
): AsyncGenerator<ExportPart> {
  const {all = false, signal} = options
  // Looked at before the channels are: what falls due meanwhile is a message too then, not neither.
  const delayed = all ? await delayedIn(ctx) : []
  const views = all ? await managedViews(ctx, patterns) : await viewsOf(ctx, patterns)
  const after = await beginnings(ctx, views, options)
  const filter = await historyFilter(ctx, options)
  yield {record: await headOf(ctx, all)}
  if (all && patterns.length === 0) for (const belonging of await rolesAndGrants(ctx)) yield {record: belonging}
  for (const {channel} of views) yield {record: {record: 'channel', channel}}
  if (all)
    for (const conversation of await ctx.store.transfer.conversations(namesOf(patterns, views)))
      yield {record: {record: 'conversation', conversation}}
  let messages = 0
  for await (const page of pages(ctx, views, {after, filter, expired: all})) {
    if (signal?.aborted) return
    messages += page.length
    yield {messages: page}
  }
  if (all)
    for (const {channel} of views) for await (const belonging of belongingsOf(ctx, channel)) yield {record: belonging}
  if (all) for (const belonging of scheduledIn(views, delayed)) yield {record: belonging}
  yield {record: {record: 'end', messages}}
}

const headOf = async (ctx: Context, all: boolean): Promise<TransferRecord> => ({
  record: 'export',
  version: TRANSFER_VERSION,
  id: ctx.ids(),
  exportedAt: new Date(ctx.clock()).toISOString(),
  epoch: (await ctx.store.info()).epoch,
  all,
})

const namesOf = (patterns: readonly string[], views: readonly View[]): string[] | undefined =>
  patterns.length === 0 ? undefined : views.map(({name}) => name)

/** The channels whose everything the actor may have. @throws NOT_FOUND, FORBIDDEN, INVALID */
async function managedViews(ctx: Context, patterns: readonly string[]): Promise<View[]> {
  if (!(await administers(ctx))) {
    const views = await viewsOf(ctx, patterns)
    for (const {channel} of views) await requirePermission(ctx, channel, 'manage')
    return views
  }
  const channels = await ctx.store.channels.all()
  const found = new Map<string, Channel>()
  for (const pattern of patterns) for (const one of await matching(ctx, channels, pattern)) found.set(one.name, one)
  const wanted = patterns.length === 0 ? channels : [...found.values()]
  return wanted.map((channel) => ({name: channel.name, channel, all: true}))
}

async function matching(ctx: Context, channels: readonly Channel[], pattern: string): Promise<readonly Channel[]> {
  if (!isGlob(pattern)) return [await existing(ctx, pattern)]
  const matches = globMatcher(pattern)
  const found = channels.filter(({name}) => matches(name))
  if (found.length > 0) return found
  throw new LeatError('NOT_FOUND', `no channel matches "${pattern}" in ${ctx.store.label}`, {hint: 'leat list'})
}

/** The messages up to the last seq that the channels had when they were looked at. */
async function* pages(
  ctx: Context,
  views: readonly View[],
  {after: start, filter, expired}: {after: Positions; filter: Filter; expired: boolean},
): AsyncGenerator<Message[]> {
  let after = start
  for (;;) {
    const page = await ctx.store.messages.scan({
      channels: views.map(({name, all, channel}) => ({name, all, ...between(seqIn(after, name), channel.lastSeq)})),
      actor: ctx.actor,
      order: 'forward',
      limit: PAGE,
      filter,
      expired,
    })
    // Asked after the look: a walk may be long, and a channel be closed to the actor meanwhile.
    const messages = expired ? page.messages : await visible(ctx, page.messages)
    if (messages.length > 0) yield messages
    if (page.end) return
    after = {...after, ...page.next}
  }
}

const between = (after: Seq | undefined, last: Seq): {after?: Seq; before: Seq} => ({
  ...(after !== undefined && {after}),
  before: last + 1,
})

const scheduledIn = (
  views: readonly View[],
  delayed: readonly Extract<Belonging, {record: 'scheduled'}>[],
): Belonging[] => delayed.filter(({scheduled: {message}}) => views.some(({name}) => name === message.channel))

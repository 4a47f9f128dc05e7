import type {Channel, ChannelSettings, ChannelState, ChannelSummary, SettingsChange} from '../model/channel.js'
import type {Consumer} from '../model/consumer.js'
import {TEXT} from '../model/content.js'
import {LeatError, type Violation} from '../model/errors.js'
import {END_TYPE} from '../model/message.js'
import {checkName, globMatcher, isGlob} from '../model/names.js'
import type {Grant} from '../model/permission.js'
import {seqIn} from '../model/position.js'
import {type Subscription, shownTo} from '../model/subscription.js'
import type {Outgoing, Pruned, PruneOptions} from '../store/store.js'
import {readableViews, requireChannel, requireView, type View} from './access.js'
import type {Context} from './context.js'
import {changeMembers, checkMembers, grantsOf, type MembersChange, membersOf} from './members.js'
import {violationsOf} from './schema.js'
import {checkSettings} from './settings.js'

export type {Pruned, PruneOptions} from '../store/store.js'

export type NewChannel = ChannelSettings & {members?: readonly string[]}

/** What `channel show` tells. */
export interface ChannelDetails extends Channel {
  messages: number
  unread: number
  members: string[]
  /** On it, and behind those, on all channels. */
  grants: Grant[]
  subscriptions: Subscription[]
  consumers: (Consumer & {
    /** Of a push consumer: how many seqs it is behind the channel, what is on its way counted as if it weren't there yet. */
    lag?: number
  })[]
}

export interface ChannelListOptions {
  /** Name or glob; default all that the actor may read. */
  pattern?: string
  /** Hidden ones too. */
  all?: boolean
  /** `name` (default), `last` (newest first), `unread` or `size` (most first). */
  sort?: 'last' | 'unread' | 'size' | 'name'
  /** Milliseconds: only channels whose last message (or, without one, creation) is longer ago. */
  idle?: number
  /** Whose cursor unread counts from. */
  reader?: string
}

/** A stored message that a schema refuses. */
export interface SchemaMisfit {
  channel: string
  seq: number
  id: string
  violations: Violation[]
}

/**
 * Makes a channel that its maker manages. Everyone may read and send until it is `restricted`: then only who manages it
 * and its members. A name that was used before goes on with its seqs.
 *
 * @throws EXISTS  the name is taken, be it in other case
 * @throws INVALID, TOO_LARGE a name or a setting is not what it has to be
 */
export async function createChannel(ctx: Context, name: string, settings: NewChannel = {}): Promise<Channel> {
  const {members, ...rest} = settings
  checkName('channel', name)
  const checked = await checkSettings(ctx.schemas, rest)
  return ctx.store.channels.create(name, checked, ctx.actor, grantsOf(checkMembers(members)))
}

/** Everything about one channel. Unread counts from the actor's cursor. @throws NOT_FOUND, FORBIDDEN, INVALID */
export async function channel(ctx: Context, name: string): Promise<ChannelDetails> {
  const view = await requireView(ctx, name)
  const [[summary], grants, everywhere, subscriptions, consumers] = await Promise.all([
    ctx.store.channels.summaries({channels: [{name, all: view.all}], actor: ctx.actor}),
    ctx.store.grants.list({channel: name}),
    ctx.store.grants.list({channel: null}),
    ctx.store.subscriptions.list({channel: name}),
    ctx.store.consumers.list({channel: name}),
  ])
  const {messages = 0, unread = 0} = summary ?? {}
  return {
    ...view.channel,
    messages,
    unread,
    members: membersOf(grants),
    grants: [...grants, ...everywhere],
    subscriptions: subscriptions.map((subscription) => shownTo(ctx.actor, subscription, view.all)),
    consumers: await Promise.all(consumers.map((consumer) => withLag(ctx, view.channel, consumer))),
  }
}

async function withLag(ctx: Context, {lastSeq}: Channel, consumer: Consumer): Promise<ChannelDetails['consumers'][0]> {
  const {channel, kind, name: subscriber, cursor} = consumer
  if (kind !== 'push') return consumer
  const [first] = await ctx.store.deliveries.list({channel, subscriber, state: 'pending', limit: 1})
  return {...consumer, lag: Math.max(0, lastSeq - Math.min(cursor, first ? first.seq - 1 : cursor))}
}

/**
 * Changes settings and members: a value sets, `null` takes away, what is absent stays. A schema is for what comes.
 * @throws NOT_FOUND, FORBIDDEN (needs manage), INVALID, TOO_LARGE
 */
export async function updateChannel(
  ctx: Context,
  name: string,
  change: SettingsChange & {members?: MembersChange},
): Promise<Channel> {
  const {members = {}, ...rest} = change
  const current = await requireChannel(ctx, name, 'manage')
  const checked = await checkSettings(ctx.schemas, rest, current)
  const checkedMembers = {add: checkMembers(members.add), remove: checkMembers(members.remove)}
  const updated = await ctx.store.channels.update(name, checked)
  await changeMembers(ctx, name, checkedMembers)
  return updated
}

/**
 * Which stored messages of a channel would not fit a schema (its source text), oldest first. Changes nothing.
 * @throws INVALID not a valid schema
 * @throws NOT_FOUND, FORBIDDEN (needs manage)
 */
export async function* misfits(ctx: Context, name: string, schema: string): AsyncGenerator<SchemaMisfit> {
  await requireChannel(ctx, name, 'manage')
  await ctx.schemas(schema)
  for (let after = 0; ; ) {
    const channels = [{name, all: true, after}]
    const page = await ctx.store.messages.scan({channels, actor: ctx.actor, order: 'forward', limit: PAGE})
    for (const message of page.messages) {
      if (message.redactedAt !== undefined) continue
      const violations = await violationsOf(ctx.schemas, schema, message)
      if (violations.length > 0) yield {channel: name, seq: message.seq, id: message.id, violations}
    }
    if (page.end) return
    after = seqIn(page.next, name) ?? after
  }
}

/** Messages in memory at once. */
const PAGE = 200

/**
 * Opens, drains or closes a channel.
 * @param notifyEnd send `leat.end` as its last message: it ends whoever follows
 * @throws NOT_FOUND, FORBIDDEN (needs manage)
 */
export async function setChannelState(
  ctx: Context,
  name: string,
  state: ChannelState,
  {notifyEnd = false}: {notifyEnd?: boolean} = {},
): Promise<Channel> {
  await requireChannel(ctx, name, 'manage')
  return ctx.store.channels.setState(name, state, notifyEnd ? endOf(ctx, name) : undefined)
}

const endOf = (ctx: Context, channel: string): Outgoing => ({
  id: ctx.ids(),
  channels: [channel],
  sender: ctx.actor,
  type: END_TYPE,
  body: '',
  contentType: TEXT,
})

/**
 * Gives a channel another name; everything in it goes along.
 * @throws NOT_FOUND, FORBIDDEN (needs manage), EXISTS, INVALID
 */
export async function renameChannel(ctx: Context, name: string, to: string): Promise<Channel> {
  await requireChannel(ctx, name, 'manage')
  return ctx.store.channels.rename(name, checkName('channel', to))
}

/**
 * Deletes a channel with all that is in it; returns how many messages went.
 * @throws NOT_FOUND, FORBIDDEN (needs manage)
 */
export async function deleteChannel(ctx: Context, name: string): Promise<number> {
  await requireChannel(ctx, name, 'manage')
  return ctx.store.channels.delete(name)
}

/**
 * Deletes the oldest messages: by `keep` and `before`, else by the channel's own retention.
 * @throws USAGE neither is given, and the channel has none
 * @throws NOT_FOUND, FORBIDDEN (needs manage), INVALID
 */
export async function pruneChannel(ctx: Context, name: string, options: PruneOptions = {}): Promise<Pruned> {
  const {keep, before} = options
  if (keep !== undefined && !(Number.isSafeInteger(keep) && keep >= 0))
    throw new LeatError('INVALID', `can't keep ${keep} messages`)
  if (before !== undefined && !Number.isSafeInteger(before)) throw new LeatError('INVALID', `${before} is not a time`)
  const {retention} = await requireChannel(ctx, name, 'manage')
  if (keep === undefined && before === undefined && Object.keys(retention).length === 0)
    throw new LeatError('USAGE', `"${name}" has no retention to prune by`, {hint: '--keep N or --before TIME'})
  return ctx.store.channels.prune(name, options)
}

/**
 * Channels as the actor sees them. Direct messages of others count, and are shown as the last, only where the actor
 * manages.
 *
 * @throws NOT_FOUND, FORBIDDEN a channel is named that is not there, or not for the actor; a glob may match none
 */
export async function channels(ctx: Context, options: ChannelListOptions = {}): Promise<ChannelSummary[]> {
  const {pattern, sort = 'name', idle, reader} = options
  if (reader !== undefined) checkName('reader', reader)
  const views = await listed(ctx, pattern, options.all ?? false)
  const query = {channels: views.map(({name, all}) => ({name, all})), actor: ctx.actor, reader}
  const summaries = await ctx.store.channels.summaries(query)
  const until = idle === undefined ? Infinity : ctx.clock() - idle
  return summaries.filter((summary) => idle === undefined || lastUse(summary) < until).sort(ORDERS[sort])
}

async function listed(ctx: Context, pattern: string | undefined, all: boolean): Promise<View[]> {
  if (pattern !== undefined && !isGlob(pattern)) return [await requireView(ctx, pattern)]
  const matches = pattern === undefined ? () => true : globMatcher(pattern)
  return (await readableViews(ctx)).filter(({name, channel: {hidden}}) => (all || !hidden) && matches(name))
}

const lastUse = ({last, createdAt}: ChannelSummary): number => Date.parse(last?.time ?? createdAt)

type Order = (a: ChannelSummary, b: ChannelSummary) => number
const byName: Order = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
const ORDERS: Readonly<Record<NonNullable<ChannelListOptions['sort']>, Order>> = {
  name: byName,
  last: (a, b) => Date.parse(b.last?.time ?? NEVER) - Date.parse(a.last?.time ?? NEVER) || byName(a, b),
  unread: (a, b) => b.unread - a.unread || byName(a, b),
  size: (a, b) => b.messages - a.messages || byName(a, b),
}
const NEVER = '1970-01-01T00:00:00.000Z'

/** Who may do what, decided once for every door. The rule itself is `decide` in the model. */
import {askedIn, type Channel, isAnsweredIn} from '../model/channel.js'
import {LeatError} from '../model/errors.js'
import {isVisible} from '../model/filter.js'
import type {Message} from '../model/message.js'
import {checkName} from '../model/names.js'
import {type Decision, decide, type HeldGrant, type Permission} from '../model/permission.js'
import type {ChannelAccess} from '../store/store.js'
import {administers} from './administration.js'
import type {Context} from './context.js'

const ACTS: Readonly<Record<Permission, string>> = {submit: 'send to', subscribe: 'read', manage: 'manage'}

/** A channel that the actor may read. `all`: it manages it, and sees direct messages of others in its history. */
export interface View {
  name: string
  all: boolean
  channel: Channel
}

/**
 * Whether an actor has a permission on a channel, and why.
 * @throws NOT_FOUND, INVALID (a name that can't be one)
 * @throws FORBIDDEN about someone else, where the actor neither reads the channel nor administers the store
 */
export async function can(ctx: Context, permission: Permission, name: string, actor = ctx.actor): Promise<Decision> {
  checkName('actor', actor)
  const channel = await existing(ctx, name)
  if (actor !== ctx.actor) await requireToAsk(ctx, channel)
  return decisionFor(ctx, channel, permission, actor)
}

/** @throws FORBIDDEN */
async function requireToAsk(ctx: Context, channel: Channel): Promise<void> {
  const {allowed, reason} = await decisionFor(ctx, channel, 'subscribe')
  if (allowed || (await administers(ctx))) return
  throw forbidden(channel, `${ctx.actor} may not ask who uses "${channel.name}": ${reason}`)
}

/**
 * The channel of a name that the actor may use so.
 *
 * @throws INVALID   no channel can have this name
 * @throws NOT_FOUND no such channel
 * @throws FORBIDDEN the actor has not the permission
 */
export async function requireChannel(ctx: Context, name: string, permission: Permission): Promise<Channel> {
  const channel = await existing(ctx, name)
  await requirePermission(ctx, channel, permission)
  return channel
}

/** @throws FORBIDDEN */
export async function requirePermission(
  ctx: Context,
  channel: Channel,
  permission: Permission,
  actor = ctx.actor,
): Promise<void> {
  const {allowed, reason} = await decisionFor(ctx, channel, permission, actor)
  if (allowed) return
  throw forbidden(channel, `${actor} may not ${ACTS[permission]} "${channel.name}": ${reason}`)
}

const forbidden = ({createdBy}: Channel, message: string): LeatError =>
  new LeatError('FORBIDDEN', message, {hint: `ask ${createdBy}, who manages it`})

/** The channel of a name, whoever may use it. @throws NOT_FOUND, INVALID */
export async function existing(ctx: Context, name: string): Promise<Channel> {
  const channel = await ctx.store.channels.get(checkName('channel', name))
  if (channel) return channel
  const {nearestName} = await import('./nearest.js')
  const near = nearestName(
    name,
    (await readableViews(ctx)).map((view) => view.name),
  )
  throw new LeatError('NOT_FOUND', `no channel "${name}" in ${ctx.store.label}`, {
    hint: `${near === undefined ? '' : `did you mean ${near}? else: `}leat channel create ${name}`,
  })
}

/** How the actor sees a channel that it named. @throws NOT_FOUND, FORBIDDEN, INVALID */
export async function requireView(ctx: Context, name: string): Promise<View> {
  const channel = await requireChannel(ctx, name, 'subscribe')
  return {name, channel, all: await manages(ctx, channel)}
}

/**
 * How the actor sees a channel, as the store just told; undefined where more has to be asked: it is not for the actor, or
 * for answers, which whoever uses another channel may see too.
 */
export function viewFrom({actor}: Context, {channel, held}: ChannelAccess): View | undefined {
  const rule = {...ruleOf(channel), held}
  if (askedIn(channel) !== undefined || !decide(actor, 'subscribe', rule).allowed) return undefined
  return {name: channel.name, channel, all: decide(actor, 'manage', rule).allowed}
}

/** How the actor sees a channel, undefined when it is not there or not for it. */
export async function readable(ctx: Context, name: string): Promise<View | undefined> {
  const channel = await ctx.store.channels.get(name)
  if (!channel || !(await mayUse(ctx, channel, 'subscribe'))) return undefined
  return {name, channel, all: await manages(ctx, channel)}
}

/** Every channel that the actor may read, by name. Two questions to the store, however many there are. */
export async function readableViews(ctx: Context): Promise<View[]> {
  const [channels, grants] = await Promise.all([ctx.store.channels.all(), ctx.store.grants.held(ctx.actor)])
  const everywhere = grants.filter(({channel}) => channel === undefined)
  const held = new Map<string | undefined, HeldGrant[]>()
  for (const grant of grants) held.set(grant.channel, [...(held.get(grant.channel) ?? everywhere), grant])
  const own = (channel: Channel, permission: Permission): boolean =>
    decide(ctx.actor, permission, {...ruleOf(channel), held: held.get(channel.name) ?? everywhere}).allowed
  const byName = new Map(channels.map((channel) => [channel.name, channel]))
  const may = (channel: Channel, permission: Permission): boolean => {
    if (own(channel, permission)) return true
    const source = byName.get(askedIn(channel) ?? '')
    return source !== undefined && isAnsweredIn(source, channel) && own(source, permission)
  }
  return channels
    .filter((channel) => may(channel, 'subscribe'))
    .map((channel) => ({name: channel.name, channel, all: may(channel, 'manage')}))
}

/** Those of some places that the actor may see: the channel is readable, and the message is not between others. */
export async function visible(ctx: Context, messages: readonly Message[]): Promise<Message[]> {
  const views = new Map<string, View | undefined>()
  for (const {channel} of messages) if (!views.has(channel)) views.set(channel, await readable(ctx, channel))
  return messages.filter((message) => {
    const view = views.get(message.channel)
    return view !== undefined && isVisible(message, {actor: ctx.actor, all: view.all})
  })
}

/** Whether an actor has a permission on a channel. */
export const mayUse = async (
  ctx: Context,
  channel: Channel,
  permission: Permission,
  actor = ctx.actor,
): Promise<boolean> => (await decisionFor(ctx, channel, permission, actor)).allowed

/** Whether the actor manages a channel. */
export const manages = (ctx: Context, channel: Channel): Promise<boolean> => mayUse(ctx, channel, 'manage')

/** A channel that leat made for answers is also for who may use the channel that is asked in, as that stands now. */
async function decisionFor(
  ctx: Context,
  channel: Channel,
  permission: Permission,
  actor = ctx.actor,
): Promise<Decision> {
  const own = await ownDecision(ctx, channel, permission, actor)
  const asked = own.allowed ? undefined : askedIn(channel)
  const source = asked === undefined ? undefined : await ctx.store.channels.get(asked)
  if (!source || !isAnsweredIn(source, channel)) return own
  const inherited = await ownDecision(ctx, source, permission, actor)
  return inherited.allowed ? inherited : own
}

/** Grants only ever add, so they are asked for only where the channel alone doesn't decide. */
async function ownDecision(ctx: Context, channel: Channel, permission: Permission, actor: string): Promise<Decision> {
  const withoutGrants = decide(actor, permission, {...ruleOf(channel), held: []})
  if (withoutGrants.allowed) return withoutGrants
  return decide(actor, permission, {...ruleOf(channel), held: await ctx.store.grants.held(actor, channel.name)})
}

const ruleOf = ({name, restricted, createdBy}: Channel) => ({channel: name, restricted, createdBy})

/** The channels that a message is on its way to. */
import {type Channel, checkAccepts} from '../model/channel.js'
import {LeatError} from '../model/errors.js'
import {LIMITS} from '../model/limits.js'
import {checkName} from '../model/names.js'
import {existing, requirePermission} from './access.js'
import type {Context} from './context.js'

export interface Target {
  name: string
  contentType?: string
  schema?: string
  /** Absent: it has to be made first. */
  channel?: Channel
}

/**
 * The channels of a send, each once, in the order given.
 * @param create whether one that is missing is to be made
 * @throws NOT_FOUND, FORBIDDEN (not for the actor, or not by its door), INVALID, TOO_LARGE, USAGE
 */
export async function targetsOf(
  ctx: Context,
  channels: string | readonly string[],
  {create = false} = {},
): Promise<Target[]> {
  const names = [...new Set(typeof channels === 'string' ? [channels] : channels)]
  if (names.length === 0) throw new LeatError('USAGE', 'no channel to send to')
  if (names.length > LIMITS.channels)
    throw new LeatError('TOO_LARGE', `${names.length} channels at once, the limit is ${LIMITS.channels}`)
  const targets: Target[] = []
  for (const name of names) targets.push(await targetOf(ctx, name, create))
  return targets
}

async function targetOf(ctx: Context, name: string, create: boolean): Promise<Target> {
  checkName('channel', name)
  const channel = create ? await ctx.store.channels.get(name) : await existing(ctx, name)
  if (!channel) return {name}
  await requirePermission(ctx, channel, 'submit')
  checkIngress(ctx, channel)
  return {name, channel, contentType: channel.contentType, schema: channel.schema}
}

/** A channel may take what comes through one door only; on this machine, without a door, anyone may send. @throws FORBIDDEN */
function checkIngress({door}: Context, {name, ingress}: Channel): void {
  if (door === undefined || ingress === undefined || ingress === door) return
  throw new LeatError('FORBIDDEN', `messages come into "${name}" by ${ingress}, not by ${door}`, {
    hint: `send it by ${ingress}, or leat channel update ${name} --ingress ''`,
  })
}

/**
 * Makes the channels that are missing; the sender manages them. Whether the others take the message is looked at first,
 * so that a refused message leaves no empty channel behind.
 * @throws EXISTS a name differs from another channel's only in case
 */
export async function makeMissing(
  ctx: Context,
  targets: readonly Target[],
  {isReply}: {isReply: boolean},
): Promise<void> {
  if (targets.every(({channel}) => channel)) return
  for (const {channel} of targets) if (channel) checkAccepts(channel, isReply)
  for (const target of targets) target.channel ??= await make(ctx, target.name)
}

async function make(ctx: Context, name: string): Promise<Channel> {
  try {
    return await ctx.store.channels.create(name, {}, ctx.actor)
  } catch (error) {
    // Made by someone else in between: then it is there, which is all that was wanted.
    const made = await ctx.store.channels.get(name)
    if (!made) throw error
    await requirePermission(ctx, made, 'submit')
    return made
  }
}

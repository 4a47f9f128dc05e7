/** Where answers to requests are expected. */
import {answersOf, type Channel, checkAccepts} from '../model/channel.js'
import {LeatError} from '../model/errors.js'
import {LIMITS} from '../model/limits.js'
import {checkName, isName} from '../model/names.js'
import {existing, mayUse, requirePermission} from './access.js'
import type {Context} from './context.js'

/** How long answers are kept in a reply channel that was made on demand, in milliseconds. */
const KEPT = 24 * 60 * 60 * 1000

/**
 * The name of the channel where a request's answers are expected.
 * @throws INVALID the channel's name is none, or too long to add `.replies`
 */
export function replyChannelOf(channel: string, given: string | undefined): string {
  if (given !== undefined) return given
  const name = answersOf(checkName('channel', channel))
  if (isName(name)) return name
  throw new LeatError(
    'INVALID',
    `${JSON.stringify(name)} is too long for a channel: more than ${LIMITS.name} characters`,
    {
      hint: 'name another with --reply-channel',
    },
  )
}

/**
 * Sees to it that answers can come: the channel is there, takes replies, and the actor may read it. The usual one of a
 * channel is made, with the same access, no schema, and out of sight.
 *
 * @throws NOT_FOUND a channel that was named isn't there
 * @throws FORBIDDEN the actor may not read it, or someone manages the usual one who may not read what is asked
 * @throws CHANNEL_CLOSED
 */
export async function prepareReplyChannel(ctx: Context, asked: Channel, name: string): Promise<void> {
  const isUsual = name === answersOf(asked.name)
  const channel = isUsual ? await usual(ctx, asked, name) : await existing(ctx, name)
  await requirePermission(ctx, channel, 'subscribe')
  if (isUsual) await requireOwn(ctx, asked, channel)
  checkAccepts(channel, true)
}

/**
 * Anybody can make a channel of that name, and would manage it, and see every answer.
 * @throws FORBIDDEN its maker may not read the channel that is asked in
 */
async function requireOwn(ctx: Context, asked: Channel, {name, createdBy}: Channel): Promise<void> {
  if (createdBy === asked.createdBy || (await mayUse(ctx, asked, 'subscribe', createdBy))) return
  throw new LeatError('FORBIDDEN', `answers would go to "${name}", and ${createdBy} made that, who may not read them`, {
    hint: `name another with --reply-channel, or ask ${asked.createdBy}, who manages "${asked.name}"`,
  })
}

async function usual(ctx: Context, {name: asked, restricted, createdBy}: Channel, name: string): Promise<Channel> {
  const {channels} = ctx.store
  const there = await channels.get(name)
  if (there) return there
  const settings = {
    restricted,
    hidden: true,
    retention: {maxAge: KEPT},
    description: `Answers to requests in ${asked}.`,
  }
  try {
    // Without grants: who may use the one may use the other, as long as they may (access.ts).
    return await channels.create(name, settings, createdBy)
  } catch (error) {
    // Made by someone else in between: then it is there, which is all that was wanted.
    const made = await channels.get(name)
    if (made) return made
    throw error
  }
}

/** Sending what came of a message that may be worked on twice. */
import {createHash} from 'node:crypto'
import type {Claim} from '../model/claim.js'
import {isRefusal} from '../model/errors.js'
import type {Draft} from '../model/message.js'
import type {Outgoing} from '../store/store.js'
import type {Context} from './context.js'
import {checkDraft} from './draft.js'
import {findPlaces} from './find.js'
import {targetsOf} from './targets.js'

export interface OnceOptions {
  /** What keys begin with: `leat.work`. */
  prefix: string
  /** The type is leat's own choice, so it may be a reserved one. */
  mayReserve?: boolean
}

/**
 * Sends what came of a claimed message, all or nothing, and only once however often the message is worked on: each draft
 * gets a key made from the group, the message and its number. What is there already under these keys stays.
 *
 * @throws as `send`
 */
export async function sendOnce(
  ctx: Context,
  channel: string,
  drafts: readonly Draft[],
  claim: Pick<Claim, 'group' | 'channel' | 'message'>,
  options: OnceOptions,
): Promise<void> {
  const outgoing = await preparedOnce(ctx, channel, drafts, claim, options)
  if (outgoing.length === 0) return
  try {
    await ctx.store.messages.append(outgoing)
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'CONFLICT' || (await hasForeignId(ctx, channel, outgoing))) throw error
    // The work came out otherwise, or was done by someone else, the time before: that was sent, and all of it.
  }
}

/** What `sendOnce` sends, checked, with its keys. @throws as `send` */
export async function preparedOnce(
  ctx: Context,
  channel: string,
  drafts: readonly Draft[],
  {group, channel: source, message}: Pick<Claim, 'group' | 'channel' | 'message'>,
  {prefix, mayReserve = false}: OnceOptions,
): Promise<Outgoing[]> {
  const targets = await targetsOf(ctx, channel)
  // The message is in hand, so it may be named even where it is addressed to the group and not to the worker.
  const resolve = async (ref: string) => (ref === message.id ? message : (await findPlaces(ctx, ref))[0]!)
  // A message has one id at several places, and each may be worked on by a group of the same name.
  const base = `${prefix}:${group}:${message.id}:${digest(source)}`
  const outgoing: Outgoing[] = []
  for (const [index, draft] of drafts.entries())
    outgoing.push(await checkDraft(ctx, targets, {...draft, key: `${base}:${index + 1}`}, {resolve, mayReserve}))
  return outgoing
}

/** Whether one of the ids is that of a message that has nothing to do with this. */
async function hasForeignId(ctx: Context, channel: string, outgoing: readonly Outgoing[]): Promise<boolean> {
  for (const {id, key} of outgoing)
    for (const place of await ctx.store.messages.find({by: 'id', id}))
      if (place.channel === channel && place.key !== key) return true
  return false
}

/** Long enough to tell channels apart, short enough for a key to hold two long names. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

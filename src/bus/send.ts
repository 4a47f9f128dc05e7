import type {Draft, Receipt} from '../model/message.js'
import type {Context} from './context.js'
import {checkDraft} from './draft.js'
import {findPlaces} from './find.js'
import {makeMissing, targetsOf} from './targets.js'

export interface SendOptions {
  /** Make channels that don't exist. Default false. */
  create?: boolean
}

/**
 * Stores a message in one channel or in several, in all or in none. Sent again with the same id or key, sender and
 * content it is stored once, and the first place is returned.
 *
 * @throws NOT_FOUND       no such channel, or no such message to answer or refer to
 * @throws FORBIDDEN       the actor may not send there
 * @throws CHANNEL_CLOSED  closed, or draining and this is not a reply
 * @throws SCHEMA          the content doesn't fit the channel's schema; every violation is named
 * @throws INVALID, TOO_LARGE a field is not what it has to be
 * @throws CONFLICT        the id or key is there with another sender or content
 */
export async function send(
  ctx: Context,
  channels: string | readonly string[],
  draft: Draft,
  {create = false, mayReserve = false}: SendOptions & {mayReserve?: boolean} = {},
): Promise<Receipt> {
  const targets = await targetsOf(ctx, channels, {create})
  const resolve = async (ref: string) => (await findPlaces(ctx, ref))[0]!
  const outgoing = await checkDraft(ctx, targets, draft, {resolve, mayReserve})
  await makeMissing(ctx, targets, {isReply: outgoing.replyTo !== undefined})
  const [receipt] = await ctx.store.messages.append([outgoing])
  return receipt!
}

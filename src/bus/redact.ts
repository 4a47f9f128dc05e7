import {LeatError} from '../model/errors.js'
import type {Message} from '../model/message.js'
import {readable, visible} from './access.js'
import type {Context} from './context.js'
import {findPlaces} from './find.js'

/**
 * Removes a message's content and headers at all its places, leaving that it was there. Again it changes nothing.
 * For its sender, and for who manages every channel that it is in. Returns the places that the actor sees.
 *
 * @throws FORBIDDEN
 * @throws NOT_FOUND, INVALID, USAGE
 */
export async function redact(ctx: Context, ref: string): Promise<Message[]> {
  const {id} = (await findPlaces(ctx, ref))[0]!
  const places = await ctx.store.messages.find({by: 'id', id})
  if (!isSender(ctx, places) && !(await managesAll(ctx, places)))
    throw new LeatError('FORBIDDEN', `${ctx.actor} may not redact "${ref}"`, {
      hint: 'its sender may, and who manages every channel that it is in',
    })
  return visible(ctx, await ctx.store.messages.redact(id, ctx.actor))
}

/** Who sent it first: sending a copy under the same id must not give power over the original. */
const isSender = ({actor}: Context, places: readonly Message[]): boolean => places[0]?.sender === actor

async function managesAll(ctx: Context, places: readonly Message[]): Promise<boolean> {
  for (const {channel} of places) {
    if ((await readable(ctx, channel))?.all !== true) return false
  }
  return true
}

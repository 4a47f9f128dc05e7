/** From what people call a message to the message. */
import {LeatError} from '../model/errors.js'
import {isVisible} from '../model/filter.js'
import type {Message} from '../model/message.js'
import {type MessageRef, parseMessageRef, placeName} from '../model/reference.js'
import {requireView, visible} from './access.js'
import type {Context} from './context.js'

/**
 * The places that a reference names and the actor may see, one message's: the one place for `CHANNEL/SEQ`, every place
 * for an id or its end. Never empty.
 *
 * @throws INVALID   the text can't name a message
 * @throws NOT_FOUND no such message; one that the actor may not see looks the same
 * @throws FORBIDDEN `CHANNEL/SEQ` of a channel that the actor may not read
 * @throws USAGE     several messages end like this
 */
export async function findPlaces(ctx: Context, text: string): Promise<Message[]> {
  const ref = parseMessageRef(text)
  const places = ref.by === 'place' ? await atPlace(ctx, ref) : await visible(ctx, await ctx.store.messages.find(ref))
  const ids = [...new Set(places.map(({id}) => id))]
  if (ids.length === 0) throw new LeatError('NOT_FOUND', `no message "${text}" in ${ctx.store.label}`)
  checkOneId(text, ids)
  return places
}

/** @param ids what a text may mean, each once @throws USAGE there are several */
export function checkOneId(text: string, ids: readonly string[]): void {
  if (ids.length > 1)
    throw new LeatError('USAGE', `"${text}" is the end of several ids`, {hint: `one of ${ids.join(', ')}`})
}

async function atPlace(ctx: Context, ref: MessageRef & {by: 'place'}): Promise<Message[]> {
  const {all} = await requireView(ctx, ref.channel)
  const found = await ctx.store.messages.find(ref)
  return found.filter(
    (message) =>
      message.channel === ref.channel && message.seq === ref.seq && isVisible(message, {actor: ctx.actor, all}),
  )
}

/**
 * One place, for who needs exactly one.
 * @throws USAGE the message has several places and `text` names none; and as `findPlaces`
 */
export async function findOne(ctx: Context, text: string): Promise<Message> {
  const [first, ...others] = await findPlaces(ctx, text)
  if (others.length === 0) return first!
  const places = [first!, ...others].map(placeName)
  throw new LeatError('USAGE', `"${text}" has ${places.length} places: ${places.join(', ')}`, {
    hint: `name one, like ${places[0]}`,
  })
}

/** The message that was asked for, and all its places that the actor may see. @throws as `findPlaces` */
export async function findEverywhere(ctx: Context, text: string): Promise<{asked: Message; places: Message[]}> {
  const named = await findPlaces(ctx, text)
  const asked = named[0]!
  if (parseMessageRef(text).by !== 'place') return {asked, places: named}
  return {asked, places: await visible(ctx, await ctx.store.messages.find({by: 'id', id: asked.id}))}
}

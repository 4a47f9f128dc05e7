import type {InFlight} from '../model/claim.js'
import type {Delivery} from '../model/delivery.js'
import type {Message, Place} from '../model/message.js'
import {visible} from './access.js'
import {withoutToken} from './claim-name.js'
import type {Context} from './context.js'
import {deliveriesAt} from './deliveries.js'
import {findEverywhere} from './find.js'

/** Another message as a link: what the actor may not read is only an id. */
export interface Link {
  id: string
  channel?: string
  seq?: number
  sender?: string
  type?: string
  /** First line of the content. */
  summary?: string
  /** The actor may not read it, or it is gone. */
  unreadable?: boolean
}

/** Everything about one message. */
export interface MessageDetails {
  message: Message
  places: Place[]
  replyTo?: Link
  /** The root of its thread; absent when it is that itself. */
  root?: Link
  references: Link[]
  referencedBy: Link[]
  replies: Link[]
  /** Readers of its channel and whether they have passed it. */
  readers: {channel: string; reader: string; read: boolean; held: boolean}[]
  /** Groups that have it in hand, or wait for its next attempt. */
  claims: Omit<InFlight, 'token'>[]
  /** What was pushed of it, as far as the actor may see that: all of a channel that it manages, else its own. */
  deliveries: Delivery[]
}

/** Characters of a summary. */
const SUMMARY = 200

/**
 * Everything about one message: its places, what it points at and what points at it, who has read it, who works on it.
 * An expired one too.
 *
 * @throws NOT_FOUND no such message; one that the actor may not see looks the same
 * @throws FORBIDDEN, INVALID, USAGE
 */
export async function show(ctx: Context, ref: string): Promise<MessageDetails> {
  const {asked, places} = await findEverywhere(ctx, ref)
  const {replies, referencedBy} = await ctx.store.messages.links(asked.id)
  return {
    message: asked,
    places: places.map(({channel, seq}) => ({channel, seq})),
    ...(asked.replyTo !== undefined && {replyTo: await linkTo(ctx, asked.replyTo)}),
    ...(asked.thread !== asked.id && {root: await linkTo(ctx, asked.thread)}),
    references: await Promise.all((asked.references ?? []).map((id) => linkTo(ctx, id))),
    // What points here and is not for the actor must not show that it exists.
    referencedBy: linksFrom(await visible(ctx, referencedBy)),
    replies: linksFrom(await visible(ctx, replies)),
    readers: (await Promise.all(places.map((place) => readersOf(ctx, place)))).flat(),
    claims: (await Promise.all(places.map((place) => claimsOf(ctx, place)))).flat(),
    deliveries: await deliveriesAt(ctx, places),
  }
}

/** Another message by its id, as far as the actor may see it. */
export async function linkTo(ctx: Context, id: string): Promise<Link> {
  const [place] = await visible(ctx, await ctx.store.messages.find({by: 'id', id}))
  return place ? linkOf(place) : {id, unreadable: true}
}

/** One link a message, however many places it has. */
const linksFrom = (places: readonly Message[]): Link[] =>
  [...new Map(places.map((place) => [place.id, place])).values()].map(linkOf)

function linkOf(message: Message): Link {
  const {id, channel, seq, sender, type} = message
  const summary = firstLine(message)
  return {id, channel, seq, sender, type, ...(summary !== undefined && {summary})}
}

/** Bytes and what was redacted have none. */
function firstLine({body, redactedAt}: Message): string | undefined {
  if (redactedAt !== undefined || typeof body !== 'string') return undefined
  return body.slice(0, SUMMARY).toWellFormed().split(/\r?\n/, 1)[0]
}

async function claimsOf(ctx: Context, {channel, seq}: Place): Promise<MessageDetails['claims']> {
  return (await ctx.store.claims.inFlight({channel, seq})).map(withoutToken)
}

async function readersOf(ctx: Context, {channel, seq}: Place): Promise<MessageDetails['readers']> {
  const consumers = await ctx.store.consumers.list({channel, kind: 'reader'})
  return consumers.map(({name, cursor, held}) => ({
    channel,
    reader: name,
    read: cursor >= seq,
    held: held !== undefined && cursor < seq && held.from <= seq && seq <= held.to,
  }))
}

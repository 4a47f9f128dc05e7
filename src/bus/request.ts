import {v5} from 'uuid'
import {type Channel, checkAccepts} from '../model/channel.js'
import {LeatError} from '../model/errors.js'
import type {Draft, Message} from '../model/message.js'
import {type MessageRef, parseMessageRef, placeName} from '../model/reference.js'
import {MAX_TIME} from '../model/time.js'
import type {Outgoing} from '../store/store.js'
import {readableViews, requireView} from './access.js'
import {type Asked, answers, answersTo, checkWait, type WaitOptions} from './answers.js'
import type {Context} from './context.js'
import {checkDraft} from './draft.js'
import {findPlaces} from './find.js'
import {prepareReplyChannel, replyChannelOf} from './reply-channel.js'
import {targetsOf} from './targets.js'

export type {WaitOptions} from './answers.js'

export interface RequestOptions {
  /** Milliseconds; default 30 s. The request expires with it. */
  timeout?: number
  /** Where answers are expected; default `CHANNEL.replies`, made on demand. Any other has to be there. */
  replyChannel?: string
  /** Answers wanted; default 1. */
  replies?: number
  /** Called when the request is stored, or found stored, or already answered (then without seq), with the same key. */
  onSent?: (request: {id: string; channel: string; seq?: number; duplicate: boolean}) => void
  signal?: AbortSignal
}

/** How long a request waits, in milliseconds. */
const REQUEST_TIMEOUT = 30_000

/**
 * Asks, and gives the answers as they come: sends a message with a fresh correlation id that expires with the timeout,
 * and waits, by index, for what answers it. With a `key` of the draft, asking again waits for the same request's answer.
 *
 * @throws NOT_FOUND no such channel
 * @throws TIMEOUT   not enough answers within `timeout`; says whether a responder was ever seen or is there now
 * @throws REMOTE    an error reply; what came before it was given
 * @throws FORBIDDEN the actor may not send there, or not read the reply channel: nothing was sent
 * @throws CHANNEL_CLOSED, SCHEMA, INVALID, TOO_LARGE, CONFLICT as `send`
 */
export async function* request(
  ctx: Context,
  channel: string,
  draft: Draft,
  options: RequestOptions = {},
): AsyncGenerator<Message> {
  const {timeout = REQUEST_TIMEOUT, replies = 1, onSent, signal} = options
  checkWait({timeout, replies})
  const outgoing = await prepared(ctx, channel, draft, {...options, timeout})
  const asked = (await answeredBefore(ctx, channel, outgoing, replies)) ?? (await sent(ctx, channel, outgoing))
  const {id, seq, duplicate, replyChannel} = asked
  onSent?.({id, channel, seq, duplicate})
  yield* answers(ctx, asked, async () => [await requireView(ctx, replyChannel)], {timeout, replies, signal})
}

type Request = Outgoing & {replyChannel: string}

/** A request that may be sent: everything is checked, and answers can come. */
async function prepared(
  ctx: Context,
  channel: string,
  draft: Draft,
  {timeout, ...options}: RequestOptions & {timeout: number},
): Promise<Request> {
  const replyChannel = replyChannelOf(channel, options.replyChannel ?? draft.replyChannel)
  const targets = await targetsOf(ctx, channel)
  const resolve = async (ref: string) => (await findPlaces(ctx, ref))[0]!
  const ends = {expiresAt: draft.expiresAt ?? Math.min(ctx.clock() + timeout, MAX_TIME)}
  // A short timeout may be over before everything is checked: that is no mistake of who asks.
  const given = draft.deliverAt === undefined ? draft : {...draft, ...ends}
  const checked = await checkDraft(ctx, targets, {...given, replyChannel}, {resolve})
  const outgoing = {...checked, expiresAt: checked.expiresAt ?? ends.expiresAt}
  const target = targets[0]!.channel as Channel
  checkAccepts(target, outgoing.replyTo !== undefined)
  await prepareReplyChannel(ctx, target, replyChannel)
  return {...outgoing, ...idsOf(ctx, channel, outgoing, draft), replyChannel}
}

/**
 * Id and correlation id. With a key both follow from the request, so that asking again, by another process and another
 * day, means the same one, also when it was pruned meanwhile.
 */
function idsOf(
  ctx: Context,
  channel: string,
  {key, sender, contentType, body, ...outgoing}: Outgoing,
  draft: Draft,
): Pick<Outgoing, 'id' | 'correlationId'> {
  const {correlationId} = outgoing
  if (key === undefined) return {id: outgoing.id, correlationId: correlationId ?? ctx.ids()}
  const who = Buffer.from(JSON.stringify([channel, sender, key, contentType]))
  const id = v5(Buffer.concat([who, typeof body === 'string' ? Buffer.from(body) : body]), REQUESTS)
  return {id: draft.id === undefined ? id : outgoing.id, correlationId: correlationId ?? id}
}

/** Namespace (RFC 9562, 5.5) of the ids of requests that have a key. */
const REQUESTS = '74f1d5c0-b40e-4a8f-a750-7134416e54d2'

interface Sent extends Asked {
  replyChannel: string
  seq?: number
  /** It was there already, or its answers are. */
  duplicate: boolean
}

/** The same request with all its answers, from before: it needn't be sent once more. Only a key can tell. */
async function answeredBefore(
  ctx: Context,
  channel: string,
  {id, key, correlationId, replyChannel}: Request,
  replies: number,
): Promise<Sent | undefined> {
  if (key === undefined) return undefined
  const filter = answersTo({id, correlationId})
  const query = {channels: [{name: replyChannel}], actor: ctx.actor, order: 'forward', limit: replies, filter} as const
  const {messages} = await ctx.store.messages.scan(query)
  if (messages.length < replies) return undefined
  return {name: id, id, channel, isRequest: true, correlationId, replyChannel, duplicate: true}
}

async function sent(ctx: Context, channel: string, outgoing: Request): Promise<Sent> {
  const {id, sent, duplicate = false} = (await ctx.store.messages.append([outgoing]))[0]!
  const seq = sent[0] && 'seq' in sent[0] ? sent[0].seq : undefined
  const name = seq === undefined ? id : placeName({channel, seq})
  // One that was there already says itself where its answers go.
  const places = duplicate ? await ctx.store.messages.find({by: 'id', id}) : []
  const {correlationId, replyChannel = outgoing.replyChannel} =
    places.find((place) => place.channel === channel) ?? outgoing
  return {name, id, channel, isRequest: true, correlationId, replyChannel, seq, duplicate}
}

/**
 * Waits for answers to a message sent earlier, those that are there already first. One that was pruned, or has expired,
 * is still known by its whole id from the answers that there are.
 *
 * @throws NOT_FOUND no such message that the actor may see, and no answer to it
 * @throws TIMEOUT, REMOTE, INVALID as `request`
 */
export async function* waitForReply(ctx: Context, message: string, options: WaitOptions = {}): AsyncGenerator<Message> {
  checkWait(options)
  yield* answers(ctx, await askedBy(ctx, message), () => readableViews(ctx), options)
}

/** The message that a reference names: stored, on its way, or known only by its answers. @throws NOT_FOUND, USAGE, INVALID */
async function askedBy(ctx: Context, text: string): Promise<Asked> {
  const ref = parseMessageRef(text)
  // Before it is looked for among those that are stored: it may fall due in between.
  const delayed = await delayedId(ctx, ref)
  try {
    const places = await findPlaces(ctx, text)
    const {id, channel, replyChannel} = places[0]!
    return {name: places.length === 1 ? placeName(places[0]!) : id, id, channel, isRequest: replyChannel !== undefined}
  } catch (error) {
    if (!(error instanceof LeatError) || error.code !== 'NOT_FOUND') throw error
    const id = delayed ?? (await answeredId(ctx, ref))
    if (id === undefined) throw error
    return {name: id, id, isRequest: false}
  }
}

async function delayedId(ctx: Context, ref: MessageRef): Promise<string | undefined> {
  if (ref.by === 'place') return undefined
  const own = (await ctx.store.messages.scheduled({message: ref})).filter(({message}) => message.sender === ctx.actor)
  const ids = new Set(own.map(({message}) => message.id))
  return ids.size === 1 ? [...ids][0] : undefined
}

async function answeredId(ctx: Context, ref: MessageRef): Promise<string | undefined> {
  if (ref.by !== 'id') return undefined
  const channels = (await readableViews(ctx)).map(({name, all}) => ({name, all}))
  const filter = answersTo(ref)
  const page = await ctx.store.messages.scan({channels, actor: ctx.actor, order: 'forward', limit: 1, filter})
  return page.messages.length > 0 ? ref.id : undefined
}

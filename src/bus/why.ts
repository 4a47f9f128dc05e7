import type {Consumer} from '../model/consumer.js'
import {LeatError} from '../model/errors.js'
import {isLive, isVisible} from '../model/filter.js'
import type {Message, Place} from '../model/message.js'
import {checkName} from '../model/names.js'
import {parsePlace, placeName} from '../model/reference.js'
import type {Subscription} from '../model/subscription.js'
import {can, requireChannel} from './access.js'
import type {Context} from './context.js'
import {findOne} from './find.js'
import {type Answer, groupsInvolved, whyGroup} from './why-group.js'
import {deliveriesInvolved, whyPush} from './why-push.js'

/** Why someone has or hasn't got a message. */
export interface Explanation {
  /** Empty when the message itself is gone. */
  id: string
  channel: string
  seq: number
  who: string
  /**
   * One of read, unread, held, addressed, filtered, paused, unsubscribed, expired, pruned, redacted, forbidden, own;
   * of who is pushed to: delivered, pending, failed; of a group of workers: queued, claimed, waiting, done, dead, addressed, expired.
   */
  state: string
  /** The answer in one line. */
  reason: string
  /** The next command to type. */
  next?: string
}

/** What an answer is made from. */
interface Case {
  ctx: Context
  message: Message
  who: string
  /** `ops/42`. */
  place: string
  /** For a command that someone else has to give: ` --as bob`. */
  as: string
  consumer?: Consumer
  subscription?: Subscription
}

/**
 * Why someone (default: the actor) has or hasn't got a message, and what to type next. A name that no reader or
 * subscriber of the channel has may be that of a group of workers. Where nobody is named, the reason also says which
 * groups have the message in hand or gave it up, and to whom it could not be delivered yet.
 *
 * @throws NOT_FOUND no such message, and no trace of one; one that the actor may not see looks the same
 * @throws USAGE     the message has several places and `ref` names none
 * @throws FORBIDDEN, INVALID
 */
export async function why(ctx: Context, ref: string, name?: string): Promise<Explanation> {
  const who = checkName('actor', name ?? ctx.actor)
  const message = await messageOrPlace(ctx, ref)
  const {channel, seq} = message
  if (!('id' in message)) return {id: '', channel, seq, who, ...pruned(message)}
  const found = await answer(ctx, message, who)
  const clauses =
    name === undefined ? [...(await groupsInvolved(ctx, message)), ...(await deliveriesInvolved(ctx, message))] : []
  return {id: message.id, channel, seq, who, ...found, reason: [found.reason, ...clauses].join('; ')}
}

/** The message, or where it was when it was pruned. @throws NOT_FOUND, and as `findOne` */
async function messageOrPlace(ctx: Context, ref: string): Promise<Message | Place> {
  try {
    return await findOne(ctx, ref)
  } catch (error) {
    const place = parsePlace(ref)
    if (!place || !(error instanceof LeatError) || error.code !== 'NOT_FOUND') throw error
    const {lastSeq} = await requireChannel(ctx, place.channel, 'subscribe')
    const first = (await ctx.store.messages.firstSince(place.channel, 0)) ?? lastSeq + 1
    // Only what is in front of all that is stored: a gap could also be a direct message between others.
    if (place.seq < first && place.seq <= lastSeq) return place
    throw error
  }
}

const pruned = (place: Place): Answer => ({
  state: 'pruned',
  reason: `${placeName(place)} was stored once and has been deleted since (pruned, or past the channel's retention)`,
  next: `leat channel show ${place.channel}`,
})

async function answer(ctx: Context, message: Message, who: string): Promise<Answer> {
  const {channel} = message
  const [consumer, group, [subscription]] = await Promise.all([
    ctx.store.consumers.get({channel, kind: 'reader', name: who}),
    ctx.store.consumers.get({channel, kind: 'workers', name: who}),
    ctx.store.subscriptions.list({channel, subscriber: who}),
  ])
  if (group && !consumer && !subscription) return whyGroup(ctx, message, group)
  const access = await can(ctx, 'subscribe', channel, who)
  if (!access.allowed)
    return {
      state: 'forbidden',
      reason: `${who} may not read ${channel}: ${access.reason}`,
      next: `leat channel show ${channel}`,
    }
  const as = who === ctx.actor ? '' : ` --as ${who}`
  const one: Case = {ctx, message, who, as, place: placeName(message), consumer, subscription}
  return (
    addressed(one) ?? (await pushed(one)) ?? expired(one) ?? redacted(one) ?? held(one) ?? read(one) ?? waiting(one)
  )
}

function addressed({message, who, place}: Case): Answer | undefined {
  if (isVisible(message, {actor: who})) return undefined
  return {
    state: 'addressed',
    reason: `${place} is a direct message from ${message.sender} to ${message.recipient}, so ${who} doesn't get it`,
    next: `leat show ${place}`,
  }
}

/** What is pushed to it, as far as that says something; an expired message isn't any more. */
async function pushed({ctx, message, subscription}: Case): Promise<Answer | undefined> {
  const answer = subscription && (await whyPush(ctx, message, subscription))
  const isOver = answer?.state === 'delivered' || answer?.state === 'failed'
  return isOver || isLive(message, ctx.clock()) ? answer : undefined
}

function expired({ctx, message, place}: Case): Answer | undefined {
  if (isLive(message, ctx.clock())) return undefined
  return {state: 'expired', reason: `${place} expired at ${message.expiresAt}`, next: `leat show ${place}`}
}

function redacted({message, place}: Case): Answer | undefined {
  if (message.redactedAt === undefined) return undefined
  const {redactedAt, redactedBy} = message
  return {
    state: 'redacted',
    reason: `${redactedBy} removed the content of ${place} at ${redactedAt}: it is given without content`,
    next: `leat show ${place}`,
  }
}

function held({message: {channel, seq}, who, place, consumer}: Case): Answer | undefined {
  const hold = consumer?.held
  if (!hold || seq <= consumer.cursor || seq < hold.from || seq > hold.to) return undefined
  return {
    state: 'held',
    reason: `${place} is being handed to ${who} by ${hold.holder}, until ${hold.until} at the latest`,
    next: `leat cursor show ${channel} --reader ${who}`,
  }
}

function read({message: {channel, seq}, who, place, as, consumer}: Case): Answer | undefined {
  if (!consumer || consumer.cursor < seq) return undefined
  return {
    state: 'read',
    reason: `${who} is past ${place}: the cursor is at ${channel}/${consumer.cursor} since ${consumer.movedAt}`,
    next: `leat read ${channel} --from ${seq} -n 1${as}`,
  }
}

/** Not read yet: why it isn't in the inbox, else how far it is. */
function waiting(one: Case): Answer {
  const {message, who, place, as, subscription} = one
  const {channel, sender, type} = message
  if (!subscription)
    return {
      state: 'unsubscribed',
      reason: `${whereReaderIs(one)}, and isn't subscribed to it: only read gives ${place}`,
      next: `leat subscribe ${channel} --from ${place}${as}`,
    }
  if (subscription.paused)
    return {
      state: 'paused',
      reason: `the subscription of ${who} to ${channel} is paused, so inbox leaves ${place} out`,
      next: `leat subscription resume ${channel}${as}`,
    }
  const {types} = subscription
  if (types && !types.includes(type))
    return {
      state: 'filtered',
      reason: `the subscription of ${who} to ${channel} wants ${types.join(', ')}, and ${place} is of type ${type}`,
      next: `leat read ${channel}${as}`,
    }
  if (sender === who)
    return {
      state: 'own',
      reason: `${who} sent ${place}, and inbox leaves one's own messages out`,
      next: `leat read ${channel}${as}`,
    }
  return {state: 'unread', reason: `${whereReaderIs(one)}, in front of ${place}`, next: `leat inbox${as}`}
}

function whereReaderIs({message: {channel}, who, consumer}: Case): string {
  if (!consumer) return `${who} has never read ${channel}`
  return consumer.cursor === 0 ? `${who} is at the start of ${channel}` : `${who} is at ${channel}/${consumer.cursor}`
}

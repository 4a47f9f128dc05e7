/** What a store has beside messages, as records of an export. Secrets and tokens are never among them. */
import type {Channel} from '../../model/channel.js'
import type {Consumer} from '../../model/consumer.js'
import type {Delivery} from '../../model/delivery.js'
import type {Belonging, SentDelivery, TransferConsumer} from '../../model/transfer.js'
import {administers} from '../administration.js'
import type {Context} from '../context.js'

/** Dead letters and deliveries in memory at once. */
const PAGE = 200

type Scheduled = Extract<Belonging, {record: 'scheduled'}>

/** Every delayed message. */
export async function delayedIn({store}: Context): Promise<Scheduled[]> {
  return (await store.messages.scheduled({})).map((scheduled) => ({record: 'scheduled', scheduled}))
}

/** Roles, and what is granted on all channels, for who administers the store. */
export async function rolesAndGrants(ctx: Context): Promise<Belonging[]> {
  if (!(await administers(ctx))) return []
  const [roles, grants] = await Promise.all([ctx.store.roles.list({}), ctx.store.grants.list({channel: null})])
  return [
    ...roles.map((role): Belonging => ({record: 'role', role})),
    ...grants.map((grant): Belonging => ({record: 'grant', grant})),
  ]
}

/**
 * What belongs to a channel. Positions are looked at before what isn't done: so what is handed out meanwhile is in front
 * of nobody, and what is done meanwhile is done.
 */
export async function* belongingsOf(ctx: Context, channel: Channel): AsyncGenerator<Belonging> {
  const {name} = channel
  for (const grant of await ctx.store.grants.list({channel: name})) yield {record: 'grant', grant}
  const consumers = await ctx.store.consumers.list({channel: name})
  for (const subscription of await ctx.store.subscriptions.list({channel: name}))
    yield {record: 'subscription', subscription}
  for (const consumer of consumers) yield {record: 'consumer', consumer: await withUnfinished(ctx, channel, consumer)}
  for (const {kind, name: subscriber, cursor} of consumers) {
    if (kind !== 'push') continue
    for await (const delivery of deliveriesTo(ctx, name, subscriber))
      if (delivery.state !== 'pending' && delivery.seq <= Math.min(cursor, channel.lastSeq))
        yield {record: 'delivery', delivery: withoutHolder(delivery)}
  }
  for (let after: string | undefined; ; ) {
    const letters = await ctx.store.deadLetters.list({channel: name, after, limit: PAGE})
    for (const deadLetter of letters) yield {record: 'deadLetter', deadLetter}
    after = letters.at(-1)?.id
    if (letters.length < PAGE) return
  }
}

/** A position, not behind what is exported, with what isn't done up to there. */
async function withUnfinished(ctx: Context, {lastSeq}: Channel, consumer: Consumer): Promise<TransferConsumer> {
  const {channel, kind, name, createdAt, movedAt} = consumer
  const cursor = Math.min(consumer.cursor, lastSeq)
  const place = {channel, kind, name, cursor, createdAt, movedAt}
  if (kind === 'workers') {
    const inFlight = await ctx.store.claims.inFlight({channel, group: name})
    const unfinished = inFlight.filter(({seq}) => seq <= cursor)
    return {
      ...place,
      inFlight: unfinished.map(({seq, state, attempt, until, reason}) => ({
        seq,
        state,
        attempt,
        until,
        ...(reason !== undefined && {reason}),
      })),
    }
  }
  if (kind === 'reader') return place
  const pending: SentDelivery[] = []
  for await (const delivery of deliveriesTo(ctx, channel, name, 'pending'))
    if (delivery.seq <= cursor) pending.push(withoutHolder(delivery))
  return {...place, pending}
}

async function* deliveriesTo(
  ctx: Context,
  channel: string,
  subscriber: string,
  state?: 'pending',
): AsyncGenerator<Delivery> {
  for (let seq = 0; ; ) {
    const after = {channel, subscriber, seq}
    const deliveries = await ctx.store.deliveries.list({channel, subscriber, state, after, limit: PAGE})
    yield* deliveries
    if (deliveries.length < PAGE) return
    seq = deliveries.at(-1)?.seq ?? seq
  }
}

const withoutHolder = ({held: _, messageId: __, ...delivery}: Delivery): SentDelivery => delivery

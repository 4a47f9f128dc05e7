import type {Settled} from '../../../src/model/claim.js'
import type {Delivery, DeliveryBatch, DeliveryClaim, DeliveryOutcome} from '../../../src/model/delivery.js'
import type {SubscriptionKey, SubscriptionSettings} from '../../../src/model/subscription.js'
import type {DeliveryQuery, Store} from '../../../src/store/store.js'
import type {Bench} from './bench.js'
import {SECOND} from './harness.js'

/** Milliseconds, of deliveries in tests that say nothing else. */
export const LEASE = 30 * SECOND

/** The push subscription of most tests. */
export const pager: SubscriptionKey = {channel: 'ops', subscriber: 'pager'}

/** The channel `ops`, and who is pushed its messages. */
export async function subscribed({store}: Bench, settings: SubscriptionSettings = {}, key = pager): Promise<void> {
  if (!(await store.channels.get(key.channel))) await store.channels.create(key.channel, {}, 'alice')
  const to = {transport: 'http', endpoint: 'https://x.example/'}
  await store.subscriptions.put(key.channel, key.subscriber, {...to, ...settings}, 'alice')
}

export const look = (store: Store, key = pager, lease = LEASE): Promise<DeliveryBatch> =>
  store.deliveries.take(key, {lease})

/** Takes what there has to be. */
export async function takeOne(store: Store, key = pager): Promise<DeliveryClaim> {
  const {claim} = await look(store, key)
  if (claim) return claim
  throw new Error(`there was nothing for ${key.subscriber}`)
}

/** The seq of what is taken, undefined when there is nothing. */
export const takenSeq = async (store: Store, key = pager): Promise<number | undefined> =>
  (await look(store, key)).claim?.message.seq

const TRIED = {transport: 'http', ms: 12}

export const delivered: DeliveryOutcome = {as: 'delivered', ...TRIED}
export const retryIn = (delay: number, error = '503'): DeliveryOutcome => ({as: 'retry', delay, error, ...TRIED})
export const failed: DeliveryOutcome = {as: 'failed', error: '404', status: 404, ...TRIED}
export const released: DeliveryOutcome = {as: 'released', delay: 0}

export const settle = (store: Store, {token}: DeliveryClaim, outcome: DeliveryOutcome = delivered): Promise<Settled> =>
  store.deliveries.settle(token, outcome)

/** Delivers all that there is; the seqs. */
export async function deliverAll(store: Store, key = pager, outcome: DeliveryOutcome = delivered): Promise<number[]> {
  const seqs: number[] = []
  for (;;) {
    const {claim} = await look(store, key)
    if (!claim) return seqs
    seqs.push(claim.message.seq)
    await settle(store, claim, outcome)
  }
}

export const list = (store: Store, query: Partial<DeliveryQuery> = {}): Promise<Delivery[]> =>
  store.deliveries.list({limit: 100, ...query})

/** `ops/pager 3 pending 1`. */
export const listed = async (store: Store, query: Partial<DeliveryQuery> = {}): Promise<string[]> =>
  (await list(store, query)).map(
    ({channel, subscriber, seq, state, attempts}) => `${channel}/${subscriber} ${seq} ${state} ${attempts}`,
  )

export const pushCursor = async (store: Store, {channel, subscriber: name} = pager): Promise<number | undefined> =>
  (await store.consumers.get({channel, kind: 'push', name}))?.cursor

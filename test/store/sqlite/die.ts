/**
 * A holder that dies: opens a store, takes, claims, delivers, joins or appends, says on one line what it got, and waits to be killed.
 * Arguments: the path, the time in milliseconds, and what to do as JSON.
 */
import {randomUUID} from 'node:crypto'
import {DEFAULT_LEASE, DEFAULT_MAX_ATTEMPTS, type GroupKey} from '../../../src/model/claim.js'
import type {Seq} from '../../../src/model/message.js'
import type {SubscriptionKey} from '../../../src/model/subscription.js'
import {openStore} from '../../../src/store/open.js'
import type {ReaderKey, Store} from '../../../src/store/store.js'

export type Deed =
  | {take: ReaderKey; limit: number}
  | {claim: GroupKey; limit: number}
  | {deliver: SubscriptionKey}
  | {join: GroupKey}
  | {append: string; bodies: readonly string[]}

async function act(store: Store, deed: Deed): Promise<unknown[]> {
  if ('take' in deed) {
    const batch = await store.consumers.take(deed.take, {actor: deed.take.reader, limit: deed.limit, wait: 0})
    return batch.messages.map(({seq}) => seq)
  }
  if ('claim' in deed) {
    const terms = {lease: DEFAULT_LEASE, maxAttempts: DEFAULT_MAX_ATTEMPTS, bound: true}
    const batch = await store.claims.claim(deed.claim, {actor: 'w1', limit: deed.limit, ...terms})
    return batch.claims.map(({message}) => message.seq)
  }
  if ('deliver' in deed) {
    const {claim} = await store.deliveries.take(deed.deliver, {lease: DEFAULT_LEASE})
    return claim ? [{id: claim.delivery.id, attempts: claim.delivery.attempts}] : []
  }
  if ('join' in deed) {
    await store.claims.join(deed.join, 'w1')
    return []
  }
  const seqs: Seq[] = []
  for (const body of deed.bodies) {
    const message = {
      id: randomUUID(),
      channels: [deed.append],
      sender: 'alice',
      type: 'message',
      body,
      contentType: 'text/plain',
    }
    const [receipt] = await store.messages.append([message])
    for (const sent of receipt?.sent ?? []) if ('seq' in sent) seqs.push(sent.seq)
  }
  return seqs
}

const [path = '', now = '', deed = ''] = process.argv.slice(2)
const store = await openStore(path, {clock: () => Number(now), ids: randomUUID, create: false})
const got = await act(store, JSON.parse(deed) as Deed)
setInterval(() => undefined, 60_000)
process.stdout.write(`${JSON.stringify(got)}\n`)

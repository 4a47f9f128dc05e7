import type {Claim, ClaimBatch, GroupKey, Settled} from '../../../src/model/claim.js'
import type {Consumer} from '../../../src/model/consumer.js'
import type {DeadLetter} from '../../../src/model/dead-letter.js'
import type {Seq} from '../../../src/model/message.js'
import type {ClaimOptions, DeadLetterQuery, Store} from '../../../src/store/store.js'
import {only} from './bench.js'
import {SECOND} from './harness.js'

/** Milliseconds, of claims in tests that say nothing else. */
export const LEASE = 30 * SECOND

/** The group of most tests. */
export const workers: GroupKey = {channel: 'ops', group: 'workers'}

/** Claims as w1 what is there, bound, without waiting. */
export const claim = (store: Store, key = workers, options: Partial<ClaimOptions> = {}): Promise<ClaimBatch> =>
  store.claims.claim(key, {actor: 'w1', limit: 100, lease: LEASE, maxAttempts: 5, bound: true, ...options})

export const claimOne = async (store: Store, key = workers, options: Partial<ClaimOptions> = {}): Promise<Claim> =>
  only((await claim(store, key, {limit: 1, ...options})).claims)

export const claimed = ({claims}: Pick<ClaimBatch, 'claims'>): Seq[] => claims.map(({message}) => message.seq)

export const attempts = ({claims}: Pick<ClaimBatch, 'claims'>): [seq: Seq, attempt: number][] =>
  claims.map(({message, attempt}) => [message.seq, attempt])

export const ack = (store: Store, ...claims: readonly Claim[]): Promise<Settled[]> =>
  store.claims.settle(claims.map(({token}) => ({token, as: 'done'})))

export const release = (store: Store, ...claims: readonly Claim[]): Promise<Settled[]> =>
  store.claims.settle(claims.map(({token}) => ({token, as: 'released'})))

/** Gives it back as failed, for a next attempt after `delay` milliseconds. */
export const fail = async (store: Store, {token}: Claim, delay = 0, reason = 'it broke'): Promise<Settled> =>
  only(await store.claims.settle([{token, as: 'failed', reason, delay}]))

/** Gives it up. */
export const giveUp = async (store: Store, {token}: Claim, reason = 'hopeless'): Promise<Settled> =>
  only(await store.claims.settle([{token, as: 'failed', reason, delay: 0, dead: true}]))

/** What groups aren't done with: `ops/workers 3 claimed 1`. */
export const inFlight = async (store: Store, query: Parameters<Store['claims']['inFlight']>[0] = {}) =>
  (await store.claims.inFlight(query)).map(
    ({channel, group, seq, state, attempt}) => `${channel}/${group} ${seq} ${state} ${attempt}`,
  )

export const deadLetters = (store: Store, query: Partial<DeadLetterQuery> = {}): Promise<DeadLetter[]> =>
  store.deadLetters.list({limit: 100, ...query})

/** Makes dead letters of everything that a group is given. */
export async function bury(store: Store, key = workers): Promise<DeadLetter[]> {
  for (const one of (await claim(store, key)).claims) await giveUp(store, one)
  return deadLetters(store, key)
}

export const groupOf = (store: Store, {channel, group: name} = workers): Promise<Consumer | undefined> =>
  store.consumers.get({channel, kind: 'workers', name})

/** The channel's state. */
export const stateOf = async (store: Store, channel = 'ops'): Promise<string | undefined> =>
  (await store.channels.get(channel))?.state

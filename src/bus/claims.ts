import {type Backoff, backoffDelay, DEFAULT_BACKOFF} from '../model/backoff.js'
import {
  type Claim,
  DEFAULT_GROUP,
  DEFAULT_LEASE,
  DEFAULT_MAX_ATTEMPTS,
  type InFlight,
  LONGEST_LEASE,
} from '../model/claim.js'
import {LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import {placeName} from '../model/reference.js'
import {isoTime} from '../model/time.js'
import {requireChannel} from './access.js'
import {checkAmount, checkMillis} from './amounts.js'
import {type ClaimName, claimNamed, requireGroup, withoutToken} from './claim-name.js'
import type {Context} from './context.js'
import {deadline} from './deadline.js'
import {requireGroupName} from './group-name.js'
import {Nap} from './nap.js'
import {claimForGroup} from './worker.js'

export type {ClaimName} from './claim-name.js'

export interface ClaimByHandOptions {
  /** Default `workers`. A new group starts at the beginning. */
  group?: string
  /** Default 1. */
  limit?: number
  /** Milliseconds; default 30 s. */
  lease?: number
  /** Default 5. */
  maxAttempts?: number
  /** Milliseconds to wait for the first; absent: look once. */
  wait?: number
  signal?: AbortSignal
}

export interface NackOptions {
  /** Default: that the actor gave it back. */
  reason?: string
  detail?: string
  /** Milliseconds until it is given again; default by backoff. */
  delay?: number
  backoff?: Backoff
  /** Default 5: what has used them up becomes a dead letter. */
  maxAttempts?: number
  /** Give up at once. */
  dead?: boolean
  /** From 0 up to 1, for backoff; default `Math.random`. */
  random?: () => number
}

/** How a nack ended. */
export interface Nacked extends Pick<InFlight, 'channel' | 'group' | 'seq' | 'id' | 'attempt'> {
  /** `waiting`: given again at `until`. `dead`: a dead letter. */
  state: 'waiting' | 'dead'
  /** ISO 8601. */
  until?: string
}

/**
 * Claims messages by hand: nobody else of the group gets them until `ack`, `nack`, or the end of the lease, also when
 * this process is gone. Empty when there is nothing, and when `signal` aborts.
 *
 * @throws NOT_FOUND, FORBIDDEN the channel is not there, or not for the actor, now or later; FORBIDDEN a new group that would
 *         get what is addressed to somebody else
 * @throws TIMEOUT nothing came within `wait`
 * @throws INVALID
 */
export async function claim(ctx: Context, channel: string, options: ClaimByHandOptions = {}): Promise<Claim[]> {
  const {group = DEFAULT_GROUP, limit = 1, lease = DEFAULT_LEASE, wait, signal} = options
  const {maxAttempts = DEFAULT_MAX_ATTEMPTS} = options
  checkName('group', group)
  checkAmount('the limit', limit)
  checkMillis('a lease', lease, 1, LONGEST_LEASE)
  checkAmount('max attempts', maxAttempts)
  await requireGroupName(ctx, await requireChannel(ctx, channel, 'subscribe'), group)
  const look = () => claimForGroup(ctx, {channel, group}, {limit, lease, maxAttempts, bound: false}, () => {})
  if (wait === undefined) return (await look()).claims
  const end = deadline(checkMillis('wait', wait, 0), signal)
  let nap: Nap | undefined
  try {
    for (;;) {
      const isLast = end.passed
      if (end.cancelled) return []
      await requireChannel(ctx, channel, 'subscribe')
      const {claims, more, seen, readyIn} = await look()
      if (claims.length > 0) return claims
      if (isLast) throw new LeatError('TIMEOUT', `nothing came to ${channel} for ${group} within ${wait / 1000} s`)
      if (more) continue
      // As workers do: one more look between listening and sleeping.
      if (!nap) nap = new Nap(ctx.store, {[channel]: seen})
      else {
        await nap.sleep(readyIn, end.signal)
        nap = undefined
      }
    }
  } finally {
    nap?.wake()
    end.clear()
  }
}

/**
 * Finishes a claim.
 * @throws STALE_CLAIM it was lost, or the actor has none; says who has it
 * @throws NOT_FOUND   a token of another store, no such message or group
 * @throws USAGE       the actor has claimed it in several groups, or several ids end like this
 * @throws FORBIDDEN, INVALID
 */
export async function ack(ctx: Context, name: ClaimName): Promise<Claim> {
  const claim = await claimNamed(ctx, name)
  const [settled] = await ctx.store.claims.settle([{token: claim.token, as: 'done'}])
  return settled === 'settled' ? claim : lost(claim)
}

/** Gives a claimed message back as failed: for another attempt, or when they are used up, as a dead letter. @throws as `ack` */
export async function nack(ctx: Context, name: ClaimName, options: NackOptions = {}): Promise<Nacked> {
  const {reason = `${ctx.actor} gave it back`, detail, maxAttempts = DEFAULT_MAX_ATTEMPTS} = options
  const {backoff = DEFAULT_BACKOFF, random = Math.random} = options
  checkAmount('max attempts', maxAttempts)
  if (options.delay !== undefined) checkMillis('a delay', options.delay, 0, LONGEST_LEASE)
  const claim = await claimNamed(ctx, name)
  const {channel, group, token, attempt, message} = claim
  const {delay = backoffDelay(attempt, random(), backoff)} = options
  const dead = options.dead === true || attempt >= maxAttempts
  const [settled] = await ctx.store.claims.settle([
    {token, as: 'failed', reason, ...(detail !== undefined && {detail}), delay, dead},
  ])
  if (settled !== 'settled') return lost(claim)
  const nacked = {channel, group, seq: message.seq, id: message.id, attempt}
  return dead ? {...nacked, state: 'dead'} : {...nacked, state: 'waiting', until: isoTime(ctx.clock() + delay)}
}

/** Renews a claim's lease (ms from now). Returns the claim with its new end. @throws as `ack` */
export async function extend(ctx: Context, name: ClaimName, lease: number): Promise<Claim> {
  checkMillis('a lease', lease, 1, LONGEST_LEASE)
  const claim = await claimNamed(ctx, name)
  return {...claim, until: await ctx.store.claims.extend(claim.token, lease)}
}

/** What groups aren't done with. @throws NOT_FOUND (the channel, the group), FORBIDDEN, INVALID */
export async function inFlight(
  ctx: Context,
  {channel, group}: {channel: string; group?: string},
): Promise<Omit<InFlight, 'token'>[]> {
  await requireChannel(ctx, channel, 'subscribe')
  if (group !== undefined) await requireGroup(ctx, channel, group)
  return (await ctx.store.claims.inFlight({channel, group})).map(withoutToken)
}

function lost({channel, group, message}: Claim): never {
  throw new LeatError('STALE_CLAIM', `the claim of ${group} on ${placeName({...message, channel})} was lost`, {
    hint: `leat why ${placeName({...message, channel})} ${group}`,
  })
}

import type {DeadLetter} from './dead-letter.js'
import type {Message, Seq} from './message.js'

/** A group of workers at a channel: each message goes to one of them. */
export interface GroupKey {
  channel: string
  group: string
}

/** A message in the hands of one worker, until it acks or nacks, or the lease runs out. */
export interface Claim extends GroupKey {
  /** Names the claim in `ack`, `nack` and `extend`; means nothing in another store. */
  token: string
  message: Message
  /** 1 when the group is given the message for the first time. */
  attempt: number
  /** ISO 8601: when the lease ends. */
  until: string
}

/** Milliseconds that a lease, or the wait for the next attempt, may take. A year: what ends later than that is of a clock that was wrong. */
export const LONGEST_LEASE = 366 * 24 * 60 * 60 * 1000

/** What one look for messages brought a worker. */
export interface ClaimBatch {
  claims: Claim[]
  /** What was given up now: its last attempt had been used up by a worker that never came back. */
  buried: DeadLetter[]
  /** Messages of the group that others have claimed or that wait for their next attempt. */
  inFlight: number
  /** Nothing is left in front of the group that it hasn't been given. */
  end: boolean
  /** How far the group was looked at: what `changed` is asked to watch from. */
  seen: Seq
  /** Milliseconds until it is worth looking again though nothing changed; absent: only a change brings more. */
  readyIn?: number
  /** The group is new. */
  created: boolean
}

/** How a message that a group isn't done with stands. */
export interface InFlight extends GroupKey {
  seq: Seq
  /** Id of the message. */
  id: string
  /** `claimed`: in a worker's hands. `waiting`: for its next attempt. */
  state: 'claimed' | 'waiting'
  /** Attempts so far, the running one included. */
  attempt: number
  /** ISO 8601: when the lease ends, or when the message is ready again. */
  until: string
  /** Who claimed it. */
  by?: string
  /** The claiming process, as far as the engine knows: a claim by hand has none. */
  holder?: string
  /** Of the claim. */
  token?: string
  /** Why the last attempt failed. */
  reason?: string
}

/** How a claim ends. */
export type Settlement =
  | {token: string; as: 'done'}
  /** Given again after `delay` milliseconds, or with `dead` not again: it becomes a dead letter. */
  | {token: string; as: 'failed'; reason: string; detail?: string; delay: number; dead?: boolean}
  /** Given again at once; the attempt doesn't count. */
  | {token: string; as: 'released'}

/** `stale`: the claim was lost before, and nothing changed. */
export type Settled = 'settled' | 'stale'

/** Milliseconds. */
export const DEFAULT_LEASE = 30_000
export const DEFAULT_MAX_ATTEMPTS = 5
export const DEFAULT_GROUP = 'workers'
export const RESPONDERS = 'responders'

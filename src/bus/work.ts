import {type Backoff, backoffDelay, DEFAULT_BACKOFF} from '../model/backoff.js'
import {type Claim, DEFAULT_GROUP, DEFAULT_LEASE, DEFAULT_MAX_ATTEMPTS, LONGEST_LEASE} from '../model/claim.js'
import type {DeadLetter} from '../model/dead-letter.js'
import {isRefusal, type LeatError} from '../model/errors.js'
import type {Draft} from '../model/message.js'
import {checkName} from '../model/names.js'
import {requireChannel} from './access.js'
import {checkAmount, checkMillis} from './amounts.js'
import type {Attempted, Ending} from './attempt.js'
import type {Context} from './context.js'
import {lasting} from './lasting.js'
import {preparedOnce, sendOnce} from './once.js'
import {claimForGroup, workInLoop} from './worker.js'

/** What became of one attempt. A handler that throws has failed, with the error's message as the reason. */
export type Outcome =
  | {done: true; results?: readonly Draft[]}
  /** `dead`: not again. */
  | {done: false; reason: string; detail?: string; dead?: boolean}

/** Does one message's work; undefined: done. @param signal aborts when it must stop: the claim was lost, or the grace time is over */
export type Handler = (claim: Claim, signal: AbortSignal) => Promise<Outcome | undefined>

export interface WorkOptions {
  /** Default `workers`. A new group starts at the beginning. */
  group?: string
  /** Milliseconds; default 30 s. Renewed while a handler runs. */
  lease?: number
  /** Handlers at once; default 1. */
  concurrency?: number
  /** Default 5. */
  maxAttempts?: number
  backoff?: Backoff
  /** End when nothing is ready, claimed or waiting for its next attempt. */
  untilEmpty?: boolean
  /** End after so many attempts. */
  count?: number
  /**
   * Results of handlers are sent there, once for each message and result, before the claim is finished. They refer to
   * the message, and have its conversation and correlation id where they have none; their keys are leat's. What is
   * refused there has failed.
   */
  into?: string
  /** Milliseconds that running handlers get after `signal`; default 5 s. Then their signal aborts and their claims are released, uncounted. */
  grace?: number
  /** No more claims from now on. */
  signal?: AbortSignal
  /** Called when the worker has joined its group. */
  onReady?: () => void
  /** Told what happened, attempt by attempt. */
  onSettled?: (settled: WorkSettled) => void
  /** Told of messages that became dead letters because no worker came back from their last attempt. */
  onBuried?: (letters: readonly DeadLetter[]) => void
  /** Told when the disk is full: it goes on when there is room. */
  onWaiting?: (reason: LeatError) => void
  /** From 0 up to 1, for backoff; default `Math.random`. */
  random?: () => number
}

export interface WorkSettled {
  claim: Claim
  /** `lost`: the lease ran out or someone else took over; nothing was settled. `released`: given back, uncounted. */
  outcome: 'done' | 'retry' | 'dead' | 'released' | 'lost'
  reason?: string
  detail?: string
  /** With `retry`: milliseconds until then. */
  delay?: number
}

export interface WorkReport {
  done: number
  /** Attempts that failed and come again. */
  retried: number
  /** Dead letters made. */
  dead: number
  released: number
  lost: number
}

/** Milliseconds that running handlers get to end. */
export const DEFAULT_GRACE = 5000

const COUNTS = {done: 'done', retry: 'retried', dead: 'dead', released: 'released', lost: 'lost'} as const

/**
 * Works as one of a group: claims messages, hands each to the handler, acks what is done, gives failures back with
 * backoff until their attempts are used up. At least once; never two at once while the lease runs. While the disk is full
 * it waits; any other error of the store ends it as the signal does, and is thrown when the handlers have ended.
 *
 * @throws NOT_FOUND, FORBIDDEN the channel or `into` is not there, or not for the actor, now or later
 * @throws INVALID
 */
export async function work(
  short: Context,
  channel: string,
  handler: Handler,
  options: WorkOptions = {},
): Promise<WorkReport> {
  const ctx = {...short, store: lasting(short.store, options)}
  const {untilEmpty, count, into, signal, onReady, onSettled, onBuried} = options
  const terms = workTerms(options)
  const {group, lease, concurrency, grace, maxAttempts} = terms
  if (into !== undefined) await requireChannel(ctx, into, 'submit')
  const report: WorkReport = {done: 0, retried: 0, dead: 0, released: 0, lost: 0}
  const key = {channel, group}
  await workInLoop(ctx, {
    key,
    ...{lease, concurrency, grace, untilEmpty, count, signal, onReady},
    look: (limit) =>
      claimForGroup(ctx, key, {limit, lease, maxAttempts, bound: true}, (letters) => {
        report.dead += letters.length
        onBuried?.(letters)
      }),
    perform: async (claim, stop) => {
      const outcome = await outcomeOf(handler, claim, stop)
      return () => conclude(ctx, claim, outcome, {...terms, into})
    },
    onAttempted: (attempted: Attempted<never>) => {
      report[COUNTS[attempted.outcome]]++
      onSettled?.(attempted)
    },
  })
  return report
}

type Terms = Required<
  Pick<WorkOptions, 'group' | 'lease' | 'concurrency' | 'maxAttempts' | 'grace' | 'backoff' | 'random'>
>

/** Options with their defaults. @throws INVALID */
export function workTerms(options: Partial<Terms> & Pick<WorkOptions, 'count'>): Terms {
  const {group = DEFAULT_GROUP, lease = DEFAULT_LEASE, concurrency = 1, maxAttempts = DEFAULT_MAX_ATTEMPTS} = options
  const {grace = DEFAULT_GRACE, backoff = DEFAULT_BACKOFF, random = Math.random, count} = options
  checkName('group', group)
  checkMillis('a lease', lease, 1, LONGEST_LEASE)
  checkAmount('concurrency', concurrency)
  checkAmount('max attempts', maxAttempts)
  checkMillis('grace', grace, 0)
  checkMillis('backoff', backoff.base, 0)
  checkMillis('backoff', backoff.max, 0, LONGEST_LEASE)
  if (count !== undefined) checkAmount('count', count)
  return {group, lease, concurrency, maxAttempts, grace, backoff, random}
}

async function outcomeOf(handler: Handler, claim: Claim, signal: AbortSignal): Promise<Outcome> {
  try {
    return (await handler(claim, signal)) ?? {done: true}
  } catch (error) {
    return {done: false, reason: messageOf(error)}
  }
}

/** What an error says, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function conclude(
  ctx: Context,
  claim: Claim,
  outcome: Outcome,
  terms: Terms & {into?: string},
): Promise<Ending<never>> {
  if (!outcome.done) return failed(claim, outcome, terms)
  const {into} = terms
  const drafts = into === undefined ? [] : resultsOf(claim, outcome.results ?? [])
  if (into === undefined || drafts.length === 0) return {as: 'done'}
  try {
    const results = await preparedOnce(ctx, into, drafts, claim, ONCE)
    // Where they are refused they go first: what was sent the time before counts.
    return {as: 'done', results, instead: () => endingBySending(ctx, claim, drafts, {...terms, into})}
  } catch (error) {
    if (!isRefusal(error)) throw error
    return failed(claim, {reason: error.message}, terms)
  }
}

const ONCE = {prefix: 'leat.work'}

function failed(
  claim: Claim,
  {reason, detail, dead = false}: Omit<Extract<Outcome, {done: false}>, 'done'>,
  terms: Terms,
): Ending<never> {
  return {
    as: 'failed',
    reason,
    ...(detail !== undefined && {detail}),
    delay: backoffDelay(claim.attempt, terms.random(), terms.backoff),
    dead: dead || claim.attempt >= terms.maxAttempts,
  }
}

/** Results as they are sent. */
function resultsOf({message: {id, conversation, correlationId}}: Claim, results: readonly Draft[]): Draft[] {
  return results.map((draft) => ({
    ...draft,
    references: [id, ...(draft.references ?? [])],
    conversation: draft.conversation ?? conversation,
    correlationId: draft.correlationId ?? correlationId,
  }))
}

/** Done when the results are there, failed when they were refused. */
async function endingBySending(
  ctx: Context,
  claim: Claim,
  drafts: readonly Draft[],
  {into, ...terms}: Terms & {into: string},
): Promise<Ending<never>> {
  try {
    await sendOnce(ctx, into, drafts, claim, ONCE)
    return {as: 'done'}
  } catch (error) {
    if (!isRefusal(error)) throw error
    return failed(claim, {reason: error.message}, terms)
  }
}

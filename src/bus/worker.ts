/** The loop that `work` and `respond` share: one worker of a group, with several attempts at once. */
import type {Claim, ClaimBatch, GroupKey} from '../model/claim.js'
import type {Seq} from '../model/message.js'
import type {ClaimOptions} from '../store/store.js'
import {requireChannel} from './access.js'
import {Attempt, type Attempted, type Perform} from './attempt.js'
import type {Context} from './context.js'
import {type Deadline, deadline} from './deadline.js'
import {requireGroupName} from './group-name.js'
import {Nap} from './nap.js'

/** What one look for something to do brought. */
export interface Look {
  claims: Claim[]
  /** It is worth looking again at once. */
  more: boolean
  /** What to watch from. */
  seen: Seq
  /** Milliseconds until it is worth looking again though nothing changed. */
  readyIn?: number
  /** Nothing is ready, claimed or waiting for its next attempt. */
  isEmpty: boolean
  /** The worker has to go when its attempts have ended. */
  isOver?: boolean
}

export interface Job<Note> {
  key: GroupKey
  /** Looks for at most `limit` messages. */
  look: (limit: number) => Promise<Look>
  perform: Perform<Note>
  onAttempted: (attempted: Attempted<Note>) => void
  /** Milliseconds. */
  lease: number
  /** Attempts at once. */
  concurrency: number
  untilEmpty?: boolean
  /** Attempts in all. */
  count?: number
  /** Milliseconds that attempts get to end after `signal`, or after an error. */
  grace: number
  signal?: AbortSignal
  /** Called when the worker has joined its group. */
  onReady?: () => void
}

/**
 * Works until there is a reason to end: `untilEmpty`, `count`, the signal, an error. Resolves when every attempt has
 * ended and is settled.
 *
 * @throws NOT_FOUND, FORBIDDEN the channel is not there or not for the actor, now or later; what the store throws
 */
export async function workInLoop<Note>(ctx: Context, job: Job<Note>): Promise<void> {
  const channel = await requireChannel(ctx, job.key.channel, 'subscribe')
  await requireGroupName(ctx, channel, job.key.group)
  if (job.signal?.aborted) return
  const {worker} = await ctx.store.claims.join(job.key, ctx.actor)
  const failure = await new WorkerLoop(ctx, job).run()
  try {
    await ctx.store.claims.leave(worker)
  } catch (error) {
    if (!failure) throw error
  }
  if (failure) throw failure.error
}

/** Claims for a group, told as a look. */
export async function claimForGroup(
  ctx: Context,
  key: GroupKey,
  options: Omit<ClaimOptions, 'actor'>,
  onBuried: (buried: ClaimBatch['buried']) => void,
): Promise<Look> {
  const {claims, buried, inFlight, end, seen, readyIn} = await ctx.store.claims.claim(key, {
    ...options,
    actor: ctx.actor,
  })
  if (buried.length > 0) onBuried(buried)
  const more = claims.length > 0 || buried.length > 0 || !end
  return {claims, more, seen, readyIn, isEmpty: !more && inFlight === 0}
}

interface Failure {
  error: unknown
}

class WorkerLoop<Note> {
  readonly #ctx: Context
  readonly #job: Job<Note>
  readonly #running = new Set<Attempt<Note>>()
  #left: number
  #isStopping = false
  #grace: Deadline | undefined
  #nap: Nap | undefined
  /** The first error; what goes wrong on the way out of it only follows from it. */
  #failure: Failure | undefined
  #onStir: () => void = () => {}

  constructor(ctx: Context, job: Job<Note>) {
    this.#ctx = ctx
    this.#job = job
    this.#left = job.count ?? Infinity
  }

  /** Never rejects: it has attempts to see to an end. */
  async run(): Promise<Failure | undefined> {
    const {signal} = this.#job
    const stop = (): void => this.#stop()
    signal?.addEventListener('abort', stop)
    try {
      if (signal?.aborted) this.#stop()
      this.#job.onReady?.()
      await this.#claimOn()
    } catch (error) {
      this.#fail(error)
    }
    this.#dropNap()
    while (this.#running.size > 0) await this.#stirred()
    signal?.removeEventListener('abort', stop)
    this.#grace?.clear()
    return this.#failure
  }

  #fail(error: unknown): void {
    this.#failure ??= {error}
    this.#stop()
  }

  async #claimOn(): Promise<void> {
    const {look, untilEmpty = false, concurrency, key} = this.#job
    while (!this.#isStopping && this.#left > 0) {
      const free = Math.min(concurrency - this.#running.size, this.#left)
      if (free === 0) {
        await this.#stirred()
        continue
      }
      await requireChannel(this.#ctx, key.channel, 'subscribe')
      const {claims, more, seen, readyIn, isEmpty, isOver = false} = await look(free)
      if (this.#isStopping) return this.#giveBack(claims)
      for (const claim of claims) this.#start(claim)
      if (isOver || (untilEmpty && isEmpty && this.#running.size === 0)) return
      if (more) this.#dropNap()
      // One more look between listening and sleeping: what came in between is not missed.
      else if (!this.#nap) this.#nap = new Nap(this.#ctx.store, {[key.channel]: seen})
      else {
        await this.#nap.sleep(readyIn)
        this.#dropNap()
      }
    }
  }

  #start(claim: Claim): void {
    const {lease, perform, onAttempted} = this.#job
    const attempt = new Attempt<Note>(this.#ctx, claim, lease)
    this.#left--
    this.#running.add(attempt)
    attempt
      .run(perform)
      .then(onAttempted)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#running.delete(attempt)
        this.#stir()
      })
  }

  /** No more claims; those that are running get their time. */
  #stop(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    this.#grace = deadline(this.#job.grace)
    this.#grace.signal.addEventListener('abort', () => {
      for (const attempt of this.#running) attempt.release()
    })
    this.#stir()
  }

  /** What came when nothing was wanted any more. */
  async #giveBack(claims: readonly Claim[]): Promise<void> {
    if (claims.length > 0)
      await this.#ctx.store.claims.settle(claims.map(({token}) => ({token, as: 'released' as const})))
  }

  #dropNap(): void {
    this.#nap?.wake()
    this.#nap = undefined
  }

  #stir(): void {
    this.#nap?.wake()
    this.#onStir()
  }

  /** Until an attempt ends or the loop is stopped. */
  #stirred(): Promise<void> {
    return new Promise((resolve) => {
      this.#onStir = resolve
    })
  }
}

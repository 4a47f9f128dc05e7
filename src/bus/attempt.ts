/** One try at one message: the lease is kept while the work goes on, and the claim is ended by what came of it. */
import type {Claim, Settlement} from '../model/claim.js'
import {isRefusal, LeatError} from '../model/errors.js'
import type {Outgoing} from '../store/store.js'
import type {Context} from './context.js'
import {timerFor} from './deadline.js'

type WithoutToken<T> = T extends unknown ? Omit<T, 'token'> : never

/** How the group is done with a claim. */
export type Ending<Note> = WithoutToken<Exclude<Settlement, {as: 'released'}>> & {
  /** For whoever is told. */
  note?: Note
  /** Stored in the same step. */
  results?: readonly Outgoing[]
  /** How it ends where the results are refused. */
  instead?: () => Promise<Ending<Note>>
}

/**
 * Does the work, and gives back what is left to do if the claim is still held then: to send what came of it, say.
 * @param signal aborts when the work has to stop, because the claim was lost or the time is over
 */
export type Perform<Note> = (claim: Claim, signal: AbortSignal) => Promise<() => Promise<Ending<Note>>>

/** What became of an attempt. */
export interface Attempted<Note> {
  claim: Claim
  outcome: 'done' | 'retry' | 'dead' | 'released' | 'lost'
  reason?: string
  detail?: string
  /** With `retry`: milliseconds. */
  delay?: number
  note?: Note
}

export class Attempt<Note> {
  readonly #ctx: Context
  readonly #claim: Claim
  readonly #lease: number
  readonly #stop = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #fate: 'released' | 'lost' | undefined
  #fault: unknown
  #isConcluding = false
  #isOver = false

  /** @param lease milliseconds; renewed at a third of it */
  constructor(ctx: Context, claim: Claim, lease: number) {
    this.#ctx = ctx
    this.#claim = claim
    this.#lease = lease
  }

  /** Stops the work, and gives the claim back when it has stopped. Work that is done is finished all the same. */
  release(): void {
    if (!this.#isConcluding) this.#abandon('released')
  }

  /** Resolves when the work has ended and the claim is settled. @throws what the store throws */
  async run(perform: Perform<Note>): Promise<Attempted<Note>> {
    this.#renewLater()
    try {
      const conclude = await perform(this.#claim, this.#stop.signal)
      if (this.#fate === undefined) return await this.#end(conclude)
      if (this.#fault !== undefined) throw this.#fault
      return this.#fate === 'lost' ? this.#lost() : await this.#giveBack()
    } finally {
      this.#isOver = true
      clearTimeout(this.#timer)
    }
  }

  async #end(conclude: () => Promise<Ending<Note>>): Promise<Attempted<Note>> {
    this.#isConcluding = true
    const ending = await conclude()
    try {
      return await this.#endAs(ending)
    } catch (error) {
      if (!ending.instead || !isRefusal(error)) throw error
      return this.#endAs(await ending.instead())
    }
  }

  async #endAs({note, results, instead: _, ...ending}: Ending<Note>): Promise<Attempted<Note>> {
    const claim = this.#claim
    if (!(await this.#settle({token: claim.token, ...ending}, results))) return this.#lost()
    const noted = note === undefined ? {} : {note}
    if (ending.as === 'done') return {claim, outcome: 'done', ...noted}
    const {reason, detail, delay, dead = false} = ending
    const why = detail === undefined ? {reason} : {reason, detail}
    return {claim, ...why, ...(dead ? {outcome: 'dead'} : {outcome: 'retry', delay}), ...noted}
  }

  async #giveBack(): Promise<Attempted<Note>> {
    const isSettled = await this.#settle({token: this.#claim.token, as: 'released'})
    return isSettled ? {claim: this.#claim, outcome: 'released'} : this.#lost()
  }

  #lost(): Attempted<Note> {
    return {claim: this.#claim, outcome: 'lost', reason: 'the lease ran out'}
  }

  async #settle(settlement: Settlement, results?: readonly Outgoing[]): Promise<boolean> {
    const [settled] = await this.#ctx.store.claims.settle([settlement], results)
    return settled === 'settled'
  }

  #renewLater(): void {
    this.#timer = setTimeout(() => void this.#renew(), timerFor(this.#lease / 3))
  }

  async #renew(): Promise<void> {
    try {
      await this.#ctx.store.claims.extend(this.#claim.token, this.#lease)
      if (!this.#isOver) this.#renewLater()
    } catch (error) {
      if (this.#isOver) return // settled meanwhile
      if (!isLoss(error)) this.#fault = error
      this.#abandon('lost')
    }
  }

  #abandon(fate: 'released' | 'lost'): void {
    this.#fate ??= fate
    this.#stop.abort()
  }
}

/** NOT_FOUND: the channel was deleted with all its claims. */
const isLoss = (error: unknown): boolean =>
  error instanceof LeatError && (error.code === 'STALE_CLAIM' || error.code === 'NOT_FOUND')

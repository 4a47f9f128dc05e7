/** A message in this process's hands while it is sent: the lease is kept, and the sending stopped if it has to be. */
import type {DeliveryClaim} from '../model/delivery.js'
import {LeatError} from '../model/errors.js'
import type {TransportResult} from '../transport/transport.js'
import type {Context} from './context.js'
import {timerFor} from './deadline.js'
import {messageOf} from './work.js'

/** Milliseconds that a transport gets to come back when it was told to stop. */
const STOPPING = 2000

/** `lost`: someone else has the message. `released`: it was stopped, and didn't get there. */
export type Sending = {result: TransportResult; ms: number} | 'lost' | 'released'

export class HeldDelivery {
  readonly #ctx: Context
  readonly #token: string
  readonly #lease: number
  readonly #stop = new AbortController()
  #fate: 'lost' | 'released' | undefined
  #fault: unknown
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  /** @param lease milliseconds; renewed at a third of it */
  constructor(ctx: Context, {token}: DeliveryClaim, lease: number) {
    this.#ctx = ctx
    this.#token = token
    this.#lease = lease
  }

  /** Stops the sending. What got there all the same counts. */
  release(): void {
    this.#abandon('released')
  }

  /** @throws what the store throws */
  async send(send: (signal: AbortSignal) => Promise<TransportResult>): Promise<Sending> {
    this.#renewLater()
    const began = performance.now()
    try {
      const result = await Promise.race([resultOf(send, this.#stop.signal), this.#stopped()])
      if (this.#fault !== undefined) throw this.#fault
      if (this.#fate === 'lost') return 'lost'
      if (result === undefined || (this.#fate === 'released' && !result.success)) return 'released'
      return {result, ms: Math.round(performance.now() - began)}
    } finally {
      this.#isOver = true
      clearTimeout(this.#timer)
    }
  }

  /** When a transport that was told to stop has had its time. */
  #stopped(): Promise<undefined> {
    const {signal} = this.#stop
    return new Promise((resolve) => {
      const end = (): void => void setTimeout(() => resolve(undefined), STOPPING).unref()
      if (signal.aborted) end()
      else signal.addEventListener('abort', end)
    })
  }

  #renewLater(): void {
    this.#timer = setTimeout(() => void this.#renew(), timerFor(this.#lease / 3))
  }

  async #renew(): Promise<void> {
    try {
      await this.#ctx.store.deliveries.extend(this.#token, this.#lease)
      if (!this.#isOver) this.#renewLater()
    } catch (error) {
      if (this.#isOver) return // settled meanwhile
      if (!(error instanceof LeatError && error.code === 'STALE_CLAIM')) this.#fault = error
      this.#abandon('lost')
    }
  }

  #abandon(fate: 'lost' | 'released'): void {
    this.#fate ??= fate
    this.#stop.abort()
  }
}

/** A transport that throws has a bug; the message is tried again like after any failure. */
async function resultOf(
  send: (signal: AbortSignal) => Promise<TransportResult>,
  signal: AbortSignal,
): Promise<TransportResult> {
  try {
    return await send(signal)
  } catch (error) {
    return {success: false, deliveredCount: 0, failedCount: 1, errors: [messageOf(error)]}
  }
}

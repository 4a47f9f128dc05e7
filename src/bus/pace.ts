import {setTimeout as pause} from 'node:timers/promises'
import type {Positions} from '../model/position.js'
import type {Context} from './context.js'
import {timerFor} from './deadline.js'

/** Milliseconds. */
export interface PaceOptions {
  /** A stream is over when nothing came for so long. */
  idle?: number
  /** Between two messages, at least. */
  every?: number
  signal?: AbortSignal
}

const OVER = 'over'

/** When a stream waits, and until when. All in time that really passes. */
export class Pace {
  readonly #idle: number
  readonly #every: number
  readonly #signal: AbortSignal
  #since = performance.now()
  #next = 0

  constructor({idle = Infinity, every = 0, signal = new AbortController().signal}: PaceOptions) {
    this.#idle = idle
    this.#every = every
    this.#signal = signal
  }

  /** Nothing came for so long that it is over. */
  get isQuiet(): boolean {
    return performance.now() - this.#since >= this.#idle
  }

  /** Called off from outside. */
  get isCancelled(): boolean {
    return this.#signal.aborted
  }

  /** The next message may be given now. */
  get isReady(): boolean {
    return this.#every === 0 || performance.now() >= this.#next
  }

  /** Waits until the next message may be given. */
  async turn(): Promise<void> {
    for (;;) {
      const left = this.#next - performance.now()
      if (left <= 0 || this.isCancelled) return
      // It rejects when it is called off, which the caller sees by itself. A timer may fire a little early.
      await pause(timerFor(Math.ceil(left)), undefined, {signal: this.#signal}).catch(() => {})
    }
  }

  /** A message was given just now. */
  gave(): void {
    this.#since = performance.now()
    this.#next = this.#since + this.#every
  }

  /**
   * Waits for news behind some positions, while the stream may be quiet.
   * @param since the mark of the last look
   */
  news({store}: Context, behind: Positions, since: string): Promise<void> {
    if (this.#idle === Infinity) return store.changed(behind, this.#signal, since)
    return this.#whileQuiet((signal) => store.changed(behind, signal, since))
  }

  /**
   * The same where looks have no mark.
   * @param isSame whether what no position tells, as which channels there are, is still as it was; asked when the store
   * is listened to already, so that nothing slips in between
   */
  async newsUnless({store}: Context, behind: Positions, isSame: () => Promise<boolean>): Promise<void> {
    await this.#whileQuiet(async (signal) => {
      const changed = store.changed(behind, signal)
      if (await isSame()) await changed
    })
  }

  async #whileQuiet(wait: (signal: AbortSignal) => Promise<void>): Promise<void> {
    // Not AbortSignal.any: a signal that outlives thousands of waits would gather them.
    const over = new AbortController()
    // A reason of our own: without one Node makes an error, with its stack, each time.
    const end = (): void => over.abort(OVER)
    const left = this.#since + this.#idle - performance.now()
    const timer = left === Infinity ? undefined : setTimeout(end, timerFor(left))
    this.#signal.addEventListener('abort', end)
    if (this.isCancelled) end()
    try {
      await wait(over.signal)
    } finally {
      clearTimeout(timer)
      this.#signal.removeEventListener('abort', end)
      end()
    }
  }
}

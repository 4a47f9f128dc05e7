/** Milliseconds of one turn of the event loop in which steps may follow each other. */
const LONG = 10

/**
 * Steps resolve without a turn of the event loop between them, so who goes from one to the next, or asks in a loop until
 * there is something, would keep it from all else: timers, requests, writes that are gathered. Now and then they pause.
 */
export class Breath {
  /** When the first step of this turn began, by performance.now(). */
  #since: number | undefined
  /** Whether the end of this turn will be heard of. */
  #isAwaited = false

  /** Called by what the event loop calls itself: a turn has just begun. */
  turns(): void {
    if (this.#since === undefined || !this.#isAwaited) this.#since = performance.now()
  }

  /** A step begins. Whether it should let all that waits for a turn go first. */
  get isDue(): boolean {
    const now = performance.now()
    if (this.#since !== undefined) return now - this.#since >= LONG
    this.#since = now
    this.#await()
    return false
  }

  take(): Promise<void> {
    this.#await()
    return new Promise((resolve) => setImmediate(resolve))
  }

  #await(): void {
    if (this.#isAwaited) return
    this.#isAwaited = true
    setImmediate(() => {
      this.#isAwaited = false
      this.#since = undefined
    })
  }
}

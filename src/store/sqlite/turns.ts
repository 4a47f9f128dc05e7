/**
 * Pieces of long work in one process. Each has a turn of the event loop to itself, however many want one: between two of
 * them timers fire and requests are answered.
 */
export class Turns {
  readonly #waiting: (() => void)[] = []
  #taken = false

  /** At once, where nobody had this turn; else behind those who came before. */
  async next(): Promise<void> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#take()
  }

  #take(): void {
    this.#taken = true
    setImmediate(() => {
      this.#taken = false
      const next = this.#waiting.shift()
      if (!next) return
      this.#take()
      next()
    })
  }
}

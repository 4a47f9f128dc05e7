import {BackgroundSink} from './background-sink.js'
import type {Output} from './output.js'

/**
 * What a long-running command says while commands of its own run: notes, and with `--json` objects. Nothing of it holds up
 * the process, however slow anybody reads, for leases have to be renewed.
 */
export class Telling {
  readonly #out: Output
  /** stderr, shared with the commands that run. */
  readonly errors = new BackgroundSink(2)
  readonly #gone = new AbortController()
  #failure: {error: unknown} | undefined

  constructor(out: Output) {
    this.#out = out
  }

  /** As `Output.note`. */
  note(text: string): void {
    if (!this.#out.quiet) void this.errors.write(this.#out.remark(text))
  }

  /** With `--json`: an object to stdout. */
  object(value: unknown): void {
    if (!this.#out.json || this.#failure) return
    this.#print(`${JSON.stringify(value)}\n`)
  }

  #print(line: string): void {
    try {
      this.#out.write(line)
      this.#out.drain().catch(this.#fail)
    } catch (error) {
      this.#fail(error)
    }
  }

  readonly #fail = (error: unknown): void => {
    this.#failure ??= {error}
    this.#gone.abort()
  }

  /** Waits where whoever reads stdout is far behind. */
  async ease(): Promise<void> {
    if (!this.#failure) await this.#out.ease().catch(this.#fail)
  }

  /** Aborts when stdout can't be written any more. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  /** Resolves when all is out. @throws ClosedPipe, STORAGE stdout could not be written */
  async end(): Promise<void> {
    if (!this.#failure) await this.#out.drain()
    await this.errors.drain()
    if (this.#failure) throw this.#failure.error
  }
}

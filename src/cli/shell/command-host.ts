/** What a command of the shell meets: no stdin, and signals that end it alone. */
import {EventEmitter} from 'node:events'
import {constants} from 'node:os'
import {Readable} from 'node:stream'
import type {Host, Stdin} from '../host.js'
import type {EndingSignal, Signals} from '../signals.js'

export class CommandHost implements Host {
  readonly #emitter = new EventEmitter()
  readonly #left: Promise<void>
  #leave: () => void = () => {}
  #asked: EndingSignal | undefined
  #endedBy: EndingSignal | undefined

  constructor() {
    this.#left = new Promise((resolve) => {
      this.#leave = resolve
    })
  }

  /** The lines of a shell are no command's body: it is as if nothing were typed at a terminal. */
  readonly stdin = (): Stdin => Object.assign(Readable.from([]), {isTTY: true})

  readonly signals: Signals = {
    on: (signal, listener) => this.#emitter.on(signal, listener),
    off: (signal, listener) => this.#emitter.off(signal, listener),
    die: (signal) => {
      this.#endedBy = signal
    },
  }

  obeyed = async (): Promise<void> => {
    this.#endedBy ??= this.#asked
  }

  /** Waits for the command, or until it is left alone. @throws what the command throws, unless it was ended */
  async wait(running: Promise<void>): Promise<void> {
    // A command that was left alone may still fail: nobody asks any more.
    const ended = running.catch((error: unknown) => {
      if (this.#endedBy === undefined) throw error
    })
    await Promise.race([ended, this.#left])
  }

  /** Ends the command. One that doesn't listen, or that is told a second time, is left alone with what it does. */
  signal(signal: EndingSignal): void {
    const isSecond = this.#asked !== undefined
    this.#asked ??= signal
    const isHeard = this.#emitter.emit(signal)
    if (isHeard && !isSecond) return
    this.#endedBy ??= signal
    this.#leave()
  }

  /** The exit code of a command that was ended: 130, 143. */
  get code(): number | undefined {
    return this.#endedBy && 128 + constants.signals[this.#endedBy]
  }
}

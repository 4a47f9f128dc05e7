/** The full-screen browser: state, screen, terminal and store put together, until somebody quits. */

import type {ReadStream, WriteStream} from 'node:tty'
import {createElement} from 'react'
import type {Bus} from '../../bus/bus.js'
import type {Paint} from '../../cli/output/paint.js'
import {Frames} from '../screen/frames.js'
import {Terminal} from '../screen/terminal.js'
import {resolveTarget} from './acts.js'
import {Desk, type Ending} from './desk.js'
import {openTarget} from './opening.js'
import {Screen} from './screen.js'
import {newChannels, open, type State} from './state.js'
import type {Event, Step, Target} from './step.js'
import {update} from './update.js'
import {watch} from './watching.js'

export interface InspectOptions {
  bus: Bus
  stdin: ReadStream
  stdout: WriteStream
  paint: Paint
  /** Where it begins: a channel or a message; absent: at all channels. */
  at?: string
  /** Whose cursor. */
  reader: string
  isTmux: boolean
  /** A text that is written in an editor. @throws USAGE the editor failed */
  compose: () => Uint8Array
  /** The process is told to stop: the terminal is given back at once. */
  signal: AbortSignal
}

/** Milliseconds after which ages are counted anew. */
const TICK = 5_000

/**
 * Shows the browser until it is quit. The terminal is as it was when this returns or throws, and when the process ends in
 * another way. Returns how it was ended.
 *
 * @throws NOT_FOUND, FORBIDDEN, INVALID, USAGE there is nothing at `at`; then nothing was shown
 * @throws STORAGE, CORRUPT the store can't be read any more
 */
export async function inspect(options: InspectOptions): Promise<'quit' | 'interrupt'> {
  const target = options.at === undefined ? undefined : await resolveTarget(options.bus, options.at)
  const browser = new Browser(options)
  const ending = await browser.run(target)
  if (typeof ending === 'object') throw ending.error
  return ending
}

class Browser {
  readonly #options: InspectOptions
  readonly #terminal: Terminal
  readonly #frames: Frames
  readonly #desk: Desk
  readonly #over = new AbortController()
  #state: State
  #end!: (ending: Ending) => void
  readonly #ended = new Promise<Ending>((resolve) => {
    this.#end = resolve
  })

  constructor(options: InspectOptions) {
    const {bus, stdin, stdout, paint, reader, isTmux, compose} = options
    this.#options = options
    this.#terminal = new Terminal({
      stdin,
      stdout,
      isTmux,
      onKey: (key) => this.#tell({type: 'key', key}),
      onResize: () => this.#resized(),
      onGone: () => process.kill(process.pid, 'SIGHUP'),
    })
    this.#frames = new Frames(
      () => createElement(Screen, {state: this.#state, paint}),
      (lines) => this.#terminal.draw(lines),
      (error) => this.#end({error}),
    )
    this.#desk = new Desk({
      bus,
      reader,
      tell: (event) => this.#tell(event),
      compose: () => this.#terminal.lend(compose),
      copy: (text) => this.#terminal.copy(text),
      end: (ending) => this.#end(ending),
      suspend: () => this.#suspend(),
    })
    const {size} = this.#terminal
    this.#state = open(
      {
        size,
        actor: bus.context.actor,
        reader,
        store: bus.context.store.label,
        now: bus.context.clock(),
        views: [],
        given: 0,
      },
      newChannels,
    )
    this.#frames.resize(size)
  }

  async run(target: Target | undefined): Promise<Ending> {
    const leave = (): void => this.#terminal.leave()
    const {bus, signal} = this.#options
    // Whoever aborts it closes the store next, and dies.
    const stop = (): void => void this.#close()
    signal.addEventListener('abort', stop)
    // Reported by others once the screen is gone.
    process.on('uncaughtException', leave)
    process.on('exit', leave)
    process.on('SIGCONT', this.#continue)
    const ticking = setInterval(() => this.#tell({type: 'ticked', now: bus.context.clock()}), TICK)
    try {
      this.#terminal.enter()
      this.#desk.run({do: 'channels'})
      if (target) this.#take(openTarget(this.#state, target))
      this.#frames.ask()
      const watching = watch(bus, () => this.#look(), this.#over.signal).catch((error: unknown) => this.#end({error}))
      const ending = await this.#ended
      this.#over.abort()
      await watching
      return ending
    } finally {
      clearInterval(ticking)
      await this.#close()
      signal.removeEventListener('abort', stop)
      process.off('uncaughtException', leave)
      process.off('exit', leave)
      process.off('SIGCONT', this.#continue)
    }
  }

  /** Gives the terminal back at once. Resolves when what was begun is done. Twice is no error. */
  #close(): Promise<void> {
    this.#over.abort()
    this.#terminal.leave()
    this.#frames.close()
    return this.#desk.close()
  }

  #tell(event: Event): void {
    this.#take(update({...this.#state, now: this.#options.bus.context.clock()}, event))
  }

  #take({state, effects}: Step): void {
    this.#state = state
    for (const effect of effects) this.#desk.run(effect)
    this.#frames.ask()
  }

  /** What changed is read again; a long look doesn't hold up the next. */
  async #look(): Promise<void> {
    this.#tell({type: 'changed'})
    await Promise.race([this.#desk.settled(), new Promise((resolve) => setTimeout(resolve, PATIENCE).unref())])
  }

  #resized(): void {
    const {size} = this.#terminal
    this.#frames.resize(size)
    this.#tell({type: 'resized', size})
  }

  /**
   * As a terminal does it that isn't raw: the whole job stops, until it is called to the foreground. Where there is no shell
   * that could do that, nothing stops.
   */
  #suspend(): void {
    this.#terminal.leave()
    process.kill(0, 'SIGTSTP')
    setTimeout(this.#continue, STOPPING)
  }

  readonly #continue = (): void => {
    if (this.#over.signal.aborted) return
    this.#terminal.enter()
    this.#resized()
  }
}

/** Milliseconds. */
const PATIENCE = 1000
const STOPPING = 100

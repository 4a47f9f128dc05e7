/** Drawing with ink: its layout, and our own writing, which touches only lines that changed and never scrolls. */
import {Writable} from 'node:stream'
import {type Instance, render} from 'ink'
import type {ReactNode} from 'react'

/** Milliseconds between two frames, at least. */
const PACE = 33

export class Frames {
  readonly #make: () => ReactNode
  readonly #out: Writable & {columns: number; rows: number}
  readonly #onBug: (error: unknown) => void
  #ink: Instance | undefined
  #timer: NodeJS.Timeout | undefined
  #drawnAt = -Infinity
  #isClosed = false

  /** @param onBug told what goes wrong in a component */
  constructor(make: () => ReactNode, draw: (lines: readonly string[]) => void, onBug: (error: unknown) => void) {
    this.#make = make
    this.#onBug = onBug
    const write = (frame: string, _: unknown, done: () => void): void => {
      if (frame !== '') draw(frame.split('\n'))
      done()
    }
    this.#out = Object.assign(new Writable({decodeStrings: false, write}), {columns: 80, rows: 24})
  }

  resize({columns, rows}: {columns: number; rows: number}): void {
    Object.assign(this.#out, {columns, rows})
  }

  /** Asks for a frame; several are one. */
  ask(): void {
    if (this.#isClosed) return
    this.#timer ??= setTimeout(() => this.#draw(), Math.max(0, this.#drawnAt + PACE - performance.now()))
  }

  #draw(): void {
    this.#timer = undefined
    if (this.#ink) this.#ink.rerender(this.#make())
    else {
      // `debug` is what ink calls writing each frame whole.
      const stdout = this.#out as unknown as NodeJS.WriteStream
      this.#ink = render(this.#make(), {stdout, debug: true, exitOnCtrlC: false, patchConsole: false})
      this.#ink.waitUntilExit().catch(this.#onBug)
    }
    this.#drawnAt = performance.now()
  }

  /** ink listens to signals until then. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#ink?.unmount()
  }
}

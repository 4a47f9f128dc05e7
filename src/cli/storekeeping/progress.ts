import type {Progress} from '../../model/maintenance.js'
import type {Output} from '../output/output.js'

/** Milliseconds between two looks at a terminal. */
const PACE = 100

/** How far something has come, on one line of a terminal that goes again. Nothing where stderr is no terminal. */
export class ProgressLine {
  readonly #out: Output
  #last = -Infinity
  #shown = 0

  constructor(out: Output) {
    this.#out = out
  }

  readonly show = ({what, done, total}: Progress): void => {
    const {out, last} = {out: this.#out, last: this.#last}
    if (!out.errorTerminal || out.quiet || out.now - last < PACE) return
    this.#last = out.now
    const text = total === 0 ? `${what}…` : `${what}: ${Math.floor((100 * done) / total)} %`
    process.stderr.write(`\r${text.padEnd(this.#shown)}\r`)
    this.#shown = text.length
  }

  /** Before anything else is written. */
  readonly clear = (): void => {
    if (this.#shown === 0) return
    process.stderr.write(`\r${' '.repeat(this.#shown)}\r`)
    this.#shown = 0
  }
}

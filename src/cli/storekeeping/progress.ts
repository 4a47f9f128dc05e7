import type {Progress as Sofar} from '../../model/maintenance.js'
import type {Output} from '../output/output.js'
import {Progress} from '../output/progress.js'

/** How far something has come with the store, and how its line is taken away. */
export interface ProgressLine {
  show(sofar: Sofar): void
  clear(): void
}

/** A line of a terminal: `checking messages: 40 %`. */
export function progressLine(out: Output): ProgressLine {
  const progress = new Progress(out)
  return {
    show: ({what, done, total}) =>
      progress.show(() => (total === 0 ? `${what}…` : `${what}: ${Math.floor((100 * done) / total)} %`)),
    clear: () => progress.clear(),
  }
}

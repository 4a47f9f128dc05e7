/** What a command meets of the process in which it runs: one of its own, or a shell's, where others run after it. */
import type {Readable} from 'node:stream'
import {PROCESS_SIGNALS, type Signals} from './signals.js'

export type Stdin = Readable & {isTTY?: boolean}

export interface Host {
  /** What a body is read from. Asking for it opens it. */
  stdin(): Stdin
  readonly signals: Signals
  /** Waited for when the command has obeyed a signal: a process of its own is dying of it and goes no further. */
  obeyed(): Promise<void>
}

/** A process of its own. */
export const PROCESS_HOST: Host = {
  stdin: () => process.stdin,
  signals: PROCESS_SIGNALS,
  obeyed: () => new Promise(() => {}),
}

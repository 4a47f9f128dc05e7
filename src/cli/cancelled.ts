import type {EndingSignal} from './signals.js'

/** A person ended a question by Ctrl-C or Ctrl-D, or a signal did: nothing is done, and nothing is said about it. */
export class Cancelled extends Error {
  override name = 'Cancelled'
  readonly signal: EndingSignal

  constructor(signal: EndingSignal = 'SIGINT') {
    super('cancelled')
    this.signal = signal
  }
}

/** As a shell reports a process that died of the signal. */
export const exitCodeOf = ({signal}: Cancelled): number => 128 + {SIGHUP: 1, SIGINT: 2, SIGTERM: 15}[signal]

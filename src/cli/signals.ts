const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type EndingSignal = (typeof ENDING_SIGNALS)[number]

/** Where signals come from, and what it is to die of one: the process, or a shell that goes on without the command. */
export interface Signals {
  on(signal: EndingSignal, listener: () => void): unknown
  off(signal: EndingSignal, listener: () => void): unknown
  die(signal: EndingSignal): void
}

/** Of this process. It dies of one that nobody listens for any more. */
export const PROCESS_SIGNALS: Signals = {
  on: (signal, listener) => process.on(signal, listener),
  off: (signal, listener) => process.off(signal, listener),
  die: (signal) => void process.kill(process.pid, signal),
}

/**
 * A process that is interrupted cleans up, then dies of the same signal, so that the shell sees 130 or 143 and a loop
 * around it stops. Returns how to stop listening.
 */
export function onSignal(cleanUp: () => Promise<void>, signals = PROCESS_SIGNALS): () => void {
  const stopListening = onSignals(
    (signal) => {
      const die = (): void => {
        stopListening()
        signals.die(signal)
      }
      // Whatever cleaning up meets, the signal is obeyed.
      cleanUp().then(die, die)
    },
    () => {},
    signals,
  )
  return stopListening
}

/**
 * The first signal asks the process to come to an end by itself, the second ends it now. Returns how to stop listening.
 */
export function onSignals(
  first: (signal: EndingSignal) => void,
  second: () => void,
  signals = PROCESS_SIGNALS,
): () => void {
  let asked = false
  return listen(signals, (signal, stopListening) => {
    if (!asked) {
      asked = true
      first(signal)
      return
    }
    stopListening()
    second()
    signals.die(signal)
  })
}

/** Calls `obey` for every signal that ends a process. Returns how to stop listening. */
export function listen(signals: Signals, obey: (signal: EndingSignal, stopListening: () => void) => void): () => void {
  const listeners = ENDING_SIGNALS.map((signal) => [signal, () => obey(signal, stopListening)] as const)
  const stopListening = (): void => {
    for (const [signal, listener] of listeners) signals.off(signal, listener)
  }
  for (const [signal, listener] of listeners) signals.on(signal, listener)
  return stopListening
}

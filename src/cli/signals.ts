const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type EndingSignal = (typeof SIGNALS)[number]

/**
 * A process that is interrupted cleans up, then dies of the same signal, so that the shell sees 130 or 143 and a loop
 * around it stops. Returns how to stop listening.
 */
export function onSignal(cleanUp: () => Promise<void>): () => void {
  const stopListening = onSignals(
    (signal) => {
      const die = (): void => {
        stopListening()
        dieOf(signal)
      }
      // Whatever cleaning up meets, the signal is obeyed.
      cleanUp().then(die, die)
    },
    () => {},
  )
  return stopListening
}

/**
 * The first signal asks the process to come to an end by itself, the second ends it now. Returns how to stop listening.
 */
export function onSignals(first: (signal: EndingSignal) => void, second: () => void): () => void {
  let asked = false
  return listen((signal, stopListening) => {
    if (!asked) {
      asked = true
      first(signal)
      return
    }
    stopListening()
    second()
    dieOf(signal)
  })
}

/** Ends this process by a signal that nobody listens for any more. */
export const dieOf = (signal: EndingSignal): void => void process.kill(process.pid, signal)

function listen(obey: (signal: EndingSignal, stopListening: () => void) => void): () => void {
  const listeners = SIGNALS.map((signal) => [signal, () => obey(signal, stopListening)] as const)
  const stopListening = (): void => {
    for (const [signal, listener] of listeners) process.removeListener(signal, listener)
  }
  for (const [signal, listener] of listeners) process.on(signal, listener)
  return stopListening
}

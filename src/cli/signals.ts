/**
 * A process that is interrupted cleans up, then dies of the same signal, so that the shell sees 130 or 143 and a loop
 * around it stops. Returns how to stop listening.
 */
export function onSignal(cleanUp: () => Promise<void>): () => void {
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const handler = (): void => {
      const die = (): void => {
        process.removeListener(signal, handler)
        process.kill(process.pid, signal)
      }
      // Whatever cleaning up meets, the signal is obeyed.
      cleanUp().then(die, die)
    }
    process.once(signal, handler)
    return [signal, handler] as const
  })
  return () => {
    for (const [signal, handler] of handlers) process.removeListener(signal, handler)
  }
}

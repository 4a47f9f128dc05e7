/** Milliseconds that a timer of Node can hold; more would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** The nearest that a timer of Node can hold to so many milliseconds. */
export const timerFor = (ms: number): number => Math.min(Math.max(ms, 0), LONGEST_TIMER)

/** Resolves when a signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), {once: true})
  })

/** A wait that ends by itself, or when `outer` aborts. */
export interface Deadline {
  /** Aborts at either end. */
  readonly signal: AbortSignal
  /** The time is over. */
  readonly passed: boolean
  /** The wait was called off from outside. */
  readonly cancelled: boolean
  /** Must be called: the timer keeps the process alive, on purpose. */
  clear(): void
}

/** @param ms real milliseconds, whatever the bus takes for the clock */
export function deadline(ms: number, outer?: AbortSignal): Deadline {
  const over = new AbortController()
  const end = (): void => over.abort()
  let passed = false
  const timer = setTimeout(() => {
    passed = true
    end()
  }, timerFor(ms))
  // Not AbortSignal.any: a signal that outlives thousands of waits would gather them.
  outer?.addEventListener('abort', end)
  if (outer?.aborted) end()
  return {
    signal: over.signal,
    get passed() {
      return passed
    },
    get cancelled() {
      return outer?.aborted === true
    },
    clear: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', end)
    },
  }
}

/** How long a failed message waits for its next attempt. Milliseconds. */
export interface Backoff {
  /** Before the second attempt. Default 1 s. */
  base: number
  /** At most. Default 5 min. */
  max: number
}

export const DEFAULT_BACKOFF: Backoff = {base: 1000, max: 300_000}

/**
 * Doubles with each attempt up to the maximum; the upper half of it is random, so that what failed together doesn't
 * come again together ("equal jitter", M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 *
 * @param attempt how many attempts have failed, from 1
 * @param random  from 0 up to 1
 */
export function backoffDelay(attempt: number, random: number, {base, max}: Backoff = DEFAULT_BACKOFF): number {
  const full = Math.min(max, base * 2 ** Math.min(attempt - 1, 50))
  return Math.round(full / 2 + (full / 2) * random)
}

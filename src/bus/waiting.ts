import {LeatError} from '../model/errors.js'
import type {Positions} from '../model/position.js'
import type {Context} from './context.js'
import {deadline} from './deadline.js'

export interface WaitOptions {
  /** Milliseconds; absent: look once. */
  wait?: number
  signal?: AbortSignal
}

/** What one look brought: whether there was something, and the positions behind which there will be news. */
export interface Look {
  found: boolean
  seen: Positions
}

/**
 * Looks until something is found. The store only wakes: what is there is seen by looking again, also once after the
 * time is over, so that nothing that came in time is missed. Ends quietly when `signal` aborts.
 *
 * @throws TIMEOUT nothing came within `wait`
 */
export async function* lookUntilFound<T>(
  ctx: Context,
  what: string,
  {wait, signal}: WaitOptions,
  look: () => AsyncGenerator<T, Look>,
): AsyncGenerator<T> {
  if (wait === undefined) return void (yield* look())
  const end = deadline(wait, signal)
  try {
    for (;;) {
      const last = end.passed
      const {found, seen} = yield* look()
      if (found || end.cancelled) return
      if (last) throw new LeatError('TIMEOUT', `nothing came to ${what} within ${wait / 1000} s`)
      await ctx.store.changed(seen, end.signal)
    }
  } finally {
    end.clear()
  }
}

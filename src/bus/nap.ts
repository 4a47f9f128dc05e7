import type {Positions} from '../model/position.js'
import type {Store} from '../store/store.js'
import {deadline} from './deadline.js'

/**
 * A wait for news of the store. It begins to listen when it is made: made before the last look, it misses nothing that
 * comes between that look and the sleep.
 */
export class Nap {
  readonly #end = new AbortController()
  readonly #news: Promise<void>

  constructor(store: Store, seen: Positions) {
    this.#news = store.changed(seen, this.#end.signal)
    // Whoever sleeps gets the error; whoever doesn't meets it at the next look.
    this.#news.catch(() => {})
  }

  /** Until there is news, `ms` of real time are over, `signal` aborts, or somebody wakes it. */
  async sleep(ms?: number, signal?: AbortSignal): Promise<void> {
    const wake = (): void => this.wake()
    const end = ms === undefined ? undefined : deadline(ms)
    end?.signal.addEventListener('abort', wake)
    signal?.addEventListener('abort', wake)
    if (signal?.aborted) wake()
    try {
      await this.#news
    } finally {
      end?.clear()
      signal?.removeEventListener('abort', wake)
      wake()
    }
  }

  wake(): void {
    // A reason of our own: without one Node makes an error, with its stack, each time.
    this.#end.abort('awake')
  }
}

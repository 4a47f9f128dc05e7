import type {Positions} from '../../../src/model/position.js'
import type {State} from './state.js'

/** Wakes who waits; they look again by themselves. */
export function wake({watchers}: State): void {
  for (const watcher of [...watchers]) watcher()
}

/** Resolves when something is behind a position, when anything changes, or when the signal aborts. */
export function changed(state: State, after: Positions, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const behind = Object.entries(after).some(([name, seq]) => (state.rooms.get(name)?.channel.lastSeq ?? 0) > seq)
    if (behind || signal.aborted) return resolve()
    const wake = (): void => {
      state.watchers.delete(wake)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    state.watchers.add(wake)
    signal.addEventListener('abort', wake)
  })
}

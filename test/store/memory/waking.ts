import type {Positions} from '../../../src/model/position.js'
import type {State} from './state.js'

/** Milliseconds between looks at the clock while anything is delayed: tests move the clock, and nobody tells. */
const LOOK = 3

/** Wakes who waits; they look again by themselves. */
export function wake(state: State): void {
  state.changes++
  for (const watcher of [...state.watchers]) watcher()
}

/** Names the state as it is now. */
export const markOf = ({changes}: State): string => `${changes}`

/** Resolves when something is behind a position or falls due, when anything changes, or when the signal aborts. */
export function changed(
  state: State,
  clock: () => number,
  after: Positions,
  signal: AbortSignal,
  since = markOf(state),
): Promise<void> {
  return new Promise((resolve) => {
    const isDue = (): boolean => state.delayed.some(({outgoing}) => outgoing.deliverAt <= clock())
    const behind = Object.entries(after).some(([name, seq]) => (state.rooms.get(name)?.channel.lastSeq ?? 0) > seq)
    if (behind || since !== markOf(state) || isDue() || signal.aborted) return resolve()
    // What is put off later wakes by itself: it is a change.
    const timer = state.delayed.length > 0 ? setInterval(() => isDue() && wake(), LOOK) : undefined
    const wake = (): void => {
      clearInterval(timer)
      state.watchers.delete(wake)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    state.watchers.add(wake)
    signal.addEventListener('abort', wake)
  })
}

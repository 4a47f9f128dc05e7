import {setTimeout as pause, setImmediate as turn} from 'node:timers/promises'
import {seededRandom} from '../contract/random.js'

/** Waits a little, or not at all: called before and after each operation, so that operations interleave. */
export type Delays = () => Promise<void>

/** Now nothing, now some microtasks, now a turn of the event loop, seldom a millisecond or two. */
export function randomDelays(seed: number): Delays {
  const random = seededRandom(seed)
  return async () => {
    const dice = random()
    if (dice < 0.3) return
    if (dice < 0.6) for (let left = Math.floor(random() * 5); left >= 0; left--) await null
    else if (dice < 0.97) await turn()
    else await pause(1 + random())
  }
}

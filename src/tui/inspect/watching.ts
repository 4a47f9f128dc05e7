/** Noticing what changes in the store, no more often than a person can see and the machine can bear. */
import {setTimeout as pause} from 'node:timers/promises'
import type {Bus} from '../../bus/bus.js'

/** Milliseconds between two looks, at least. */
const GAP = 100
/** A look that takes long is followed by a rest that is longer: reading takes a part of the time only. */
const REST = 4
const LONGEST = 10_000

/** Until the signal: calls `look` after each change, and waits for it. */
export async function watch({context: {store}}: Bus, look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await store.changed({}, signal)
    if (signal.aborted) return
    const began = performance.now()
    await look()
    const took = performance.now() - began
    await pause(Math.min(LONGEST, Math.max(GAP, took * REST)), undefined, {signal}).catch(() => {})
  }
}

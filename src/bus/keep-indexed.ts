import {setTimeout as pause} from 'node:timers/promises'
import {LeatError} from '../model/errors.js'
import type {Store} from '../store/store.js'
import {lasting} from './lasting.js'

export interface KeepOptions {
  /** Begin with the index even if nobody has searched yet. */
  begin?: boolean
  /** Milliseconds between two looks, or so. Default 5 s. */
  every?: number
  signal: AbortSignal
}

/** So few that aren't in the index are left to whoever searches: a follower doesn't write for each message that comes. */
const ENOUGH = 200
/** Messages of one write: 2 ms or so, for which a send may have to wait. */
const STEP = 100
/** Milliseconds for others between two writes. */
const BREATH = 20

/**
 * Puts into the search index, beside other work, what came since: for processes that live long. Others always get through,
 * and of several such processes one at a time does it. Ends with the signal, or when the store is closed.
 */
export async function keepIndexed(store: Store, {begin = false, every = 5_000, signal}: KeepOptions): Promise<void> {
  try {
    // Not all at once, where many were started together.
    const patient = lasting(store, {signal})
    while (await rested(every * (0.5 + Math.random()), signal)) await fill(patient, begin, signal)
  } catch (error) {
    // What is done beside it meets the same, and says so.
    if (!(error instanceof LeatError)) throw error
  }
}

async function fill(store: Store, begin: boolean, signal: AbortSignal): Promise<void> {
  let before = (await store.search.index({limit: 0, begin})).left
  while (before >= ENOUGH) {
    const {done, left, open} = await store.search.index({limit: STEP, begin})
    const isSomeoneElse = left + 2 * done < before
    if (!open || done === 0 || isSomeoneElse) return
    before = left
    if (!(await rested(BREATH, signal))) return
  }
}

/** Waits, without keeping the process alive. Whether it may go on. */
const rested = (ms: number, signal: AbortSignal): Promise<boolean> =>
  pause(ms, true, {signal, ref: false}).catch(() => false)

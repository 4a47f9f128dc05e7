import {LONGEST_LEASE} from '../../model/claim.js'

/** What ends behind this was given by a clock that was wrong. */
export const furthest = (now: number): number => now + LONGEST_LEASE

/**
 * Whether a lease or a delay is over. One that is further ahead than any can be doesn't keep a message for years: it is
 * over too, unless its holder is known to run.
 */
export const isOver = (until: number, now: number, isHeld: boolean): boolean =>
  until <= now || (until > furthest(now) && !isHeld)

import {LeatError} from '../model/errors.js'
import {MAX_TIME} from '../model/time.js'

/** A number of things, from `least` on. @throws INVALID */
export function checkAmount(what: string, value: number, least = 1): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new LeatError('INVALID', `${what} is a whole number from ${least} on, not ${value}`)
}

/** Milliseconds, from `least` to `most`. @throws INVALID */
export function checkMillis(what: string, value: number, least = 1, most = MAX_TIME): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value
  if (value > most && most < MAX_TIME) throw new LeatError('INVALID', `${what} takes ${most} ms at most, not ${value}`)
  throw new LeatError('INVALID', `${what} takes ${least} ms or more, not ${value}`)
}

import {expect} from 'vitest'
import {LeatError} from '../../src/model/errors.js'

/** The `LeatError` with which something is refused. */
export function refusal(attempt: () => unknown): LeatError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof LeatError) return error
    throw error
  }
  return expect.fail('nothing was refused')
}

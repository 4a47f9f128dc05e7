import {expect, test} from 'vitest'
import {EXIT_CODES, LeatError} from '../../src/model/errors.js'

test('each code has its exit code', () => {
  expect(EXIT_CODES).toEqual({
    INTERNAL: 1,
    USAGE: 2,
    INVALID: 2,
    SCHEMA: 2,
    TOO_LARGE: 2,
    NOT_FOUND: 3,
    TIMEOUT: 4,
    EMPTY: 4,
    FORBIDDEN: 5,
    UNAUTHENTICATED: 5,
    EXISTS: 6,
    CHANNEL_CLOSED: 6,
    CONFLICT: 6,
    STALE_CLAIM: 6,
    PARTIAL: 7,
    REMOTE: 8,
    BUSY: 9,
    STORAGE: 9,
    CORRUPT: 9,
    SCHEMA_NEWER: 9,
  })
})

test('an error prints code, message, hint and violations, and keeps its cause to itself', () => {
  const cause = new Error('disk I/O error')
  const violations = [{pointer: '/a', message: 'must be a number'}]
  const error = new LeatError('SCHEMA', 'does not fit', {hint: 'leat channel show ops', cause, violations})
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    error: {code: 'SCHEMA', message: 'does not fit', hint: 'leat channel show ops', violations},
  })
  expect([error.exitCode, error.cause, error.name, error instanceof Error]).toEqual([2, cause, 'LeatError', true])
})

test('what an error does not have is absent', () => {
  const error = new LeatError('NOT_FOUND', 'no channel "x"')
  expect(JSON.stringify(error)).toBe('{"error":{"code":"NOT_FOUND","message":"no channel \\"x\\""}}')
  expect('cause' in error).toBe(false)
})

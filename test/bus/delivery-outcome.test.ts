import {expect, test} from 'vitest'
import {endingOf, poisonOf} from '../../src/bus/delivery-outcome.js'
import type {DeliveryClaim} from '../../src/model/delivery.js'
import type {TransportResult} from '../../src/transport/transport.js'
import {failing, ok} from './transports.js'

const tried = {transport: 'http', ms: 7}
const ending = (result: TransportResult, attempts = 1) => endingOf(result, {attempts, ...tried, random: 0.5})

test.each([
  ['success', {...ok, status: 204}, 1, {as: 'delivered', status: 204}],
  ['a failure', failing('no'), 1, {as: 'retry', delay: 5000, error: 'no'}],
  ['the ninth', failing('no'), 9, {as: 'retry', delay: 86_400_000, error: 'no'}],
  ['the last', failing('no'), 10, {as: 'failed', error: 'no'}],
  [
    'asked to wait',
    failing('no', {retryAfter: 9_000_000, status: 503}),
    1,
    {as: 'retry', delay: 9_000_000, status: 503},
  ],
  ['asked to wait less', failing('no', {retryAfter: 1}), 1, {as: 'retry', delay: 5000}],
  ['final', failing('no', {failure: 'final', status: 404}), 1, {as: 'failed', error: 'no', status: 404}],
  ['gone', failing('no', {failure: 'gone', status: 410}), 1, {as: 'retry', delay: 0, status: 410}],
  ['unreached', failing('no', {failure: 'unreached'}), 1, {as: 'released', delay: 0}],
] as const)('%s', (_, result, attempts, outcome) => {
  expect(ending(result, attempts).outcome).toMatchObject(outcome)
})

test('an error is never empty, endless or half a character', () => {
  expect(ending({...failing(''), errors: []}).error).toBe('it failed, without saying why')
  expect(ending({...failing(''), errors: ['a', 'b']}).error).toBe('a; b')
  const long = ending(failing(`${'x'.repeat(999)}😀`)).error
  expect([long?.length, long?.isWellFormed()]).toEqual([1000, true])
})

test('what no deliverer came back from, again and again, is given up', () => {
  const claim = (attempts: number, recorded: number) =>
    ({delivery: {attempts, history: Array.from({length: recorded})}}) as DeliveryClaim
  expect(poisonOf(claim(10, 0), 'http')).toBeUndefined()
  expect(poisonOf(claim(15, 5), 'http')).toBeUndefined()
  expect(poisonOf(claim(11, 0), 'http')).toEqual({
    outcome: {as: 'failed', error: 'no deliverer came back from 10 attempts', transport: 'http', ms: 0},
    error: 'no deliverer came back from 10 attempts',
  })
})

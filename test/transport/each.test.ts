import {expect, test} from 'vitest'
import {toEach} from '../../src/transport/each.js'
import {delivered, type Failure, notDelivered} from '../../src/transport/transport.js'
import {recipient} from './given.js'

const failing = (...failures: (Failure | undefined)[]) => {
  const results = failures.map((failure) => (failure ? notDelivered(failure, {failure}) : delivered()))
  return toEach(
    failures.map(() => recipient()),
    async () => results.shift() ?? delivered(),
  )
}

test('as long as one may still get it, it is tried again', async () => {
  const cases: [(Failure | undefined)[], Failure | undefined][] = [
    [[undefined, undefined], undefined],
    [['final', 'retry'], 'retry'],
    [['retry', undefined, 'gone'], 'retry'],
    [['final', 'unreached'], 'unreached'],
    [['final', 'gone'], 'gone'],
    [['final', undefined], 'final'],
  ]
  for (const [failures, expected] of cases) {
    const failed = failures.filter((failure) => failure !== undefined)
    expect(await failing(...failures)).toEqual({
      success: failed.length === 0,
      deliveredCount: failures.length - failed.length,
      failedCount: failed.length,
      errors: failed,
      ...(expected && {failure: expected}),
    })
  }
})

test('a failure that does not say how it is to be taken is tried again', async () => {
  const results = [notDelivered('a'), notDelivered('b', {failure: 'final', status: 404, retryAfter: 5})]
  const sum = await toEach([recipient(), recipient()], async () => results.shift() ?? delivered())
  expect(sum).toMatchObject({failure: 'retry', failedCount: 2, status: 404, retryAfter: 5})
})

test('nobody to deliver to', async () => {
  expect(await toEach([], async () => delivered())).toMatchObject({success: true, deliveredCount: 0})
})

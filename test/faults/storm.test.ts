/** Kept short; `npm run faults storm keyRace` is the long form. */
import {expect, test, vi} from 'vitest'
import {firstOpening, keyRace, shellStorm, storm} from './storm.js'

vi.setConfig({testTimeout: 240_000})

test('processes that send at once lose nothing, leave no gap and keep their order', async () => {
  expect(await storm(16, 25)).toMatchObject({messages: 400, errors: 0})
})

test('so do shells that send in loops', async () => {
  expect(await shellStorm(8, 4)).toMatchObject({messages: 32, errors: 0})
})

test('senders that race for keys store one message for each, and all are told its place', async () => {
  expect(await keyRace(16, 25)).toMatchObject({messages: 25, firstsTold: 25})
})

test('processes that all find no store make one', async () => {
  expect(await firstOpening(16)).toEqual({processes: 16, stores: 1, messages: 16})
})

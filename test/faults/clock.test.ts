/** Kept short; `npm run faults clock clockLeases` is the long form. */
import {expect, test, vi} from 'vitest'
import {clockLeases, clocks, hasFaketime} from './clock.js'

vi.setConfig({testTimeout: 240_000})

test.skipIf(!hasFaketime)(
  'processes whose clocks differ by years see the same messages in the same order',
  async () => {
    expect(await clocks(1, 50)).toMatchObject({messages: 200, inversions: 0, skipped: 0})
  },
)

test.skipIf(!hasFaketime)('what a wrong clock claims, puts off or prunes keeps and loses nothing', async () => {
  expect(await clockLeases()).toMatchObject({stuckClaims: 0, stuckRetries: 0, prunedInDoubt: 0})
})

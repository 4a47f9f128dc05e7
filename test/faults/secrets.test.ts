/** `npm run faults secrets` prints the figures; test/cli/secrets.test.ts looks into more doors. */
import {expect, test, vi} from 'vitest'
import {secrets} from './secrets.js'

vi.setConfig({testTimeout: 120_000})

test('secrets are nowhere but where they belong', async () => {
  expect(await secrets()).toMatchObject({secrets: 4, found: 0})
})

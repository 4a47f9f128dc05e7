/** Long readers in their short form. `npm run faults longReader` runs the long one. */
import {expect, test, vi} from 'vitest'
import {longReader} from './long-reader.js'

vi.setConfig({testTimeout: 240_000})

test('readers that stand still do not make the log grow', async () => {
  const {largestLogMiB} = await longReader(60)
  expect(Number(largestLogMiB)).toBeLessThanOrEqual(64)
})

/** `npm run faults modes` is the long form: every mask. */
import {expect, test, vi} from 'vitest'
import {modes} from './modes.js'

vi.setConfig({testTimeout: 240_000})

test('what leat makes is open to nobody else, whatever the umask, not even for a moment', async () => {
  expect(await modes([0])).toMatchObject({masks: 1, openToOthers: 0})
})

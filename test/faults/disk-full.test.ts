/** The full disk in its short form. `npm run faults diskFull diskErrors` runs the long one. */
import {expect, test, vi} from 'vitest'
import {injected} from './disk-full/injected.js'
import {canMount, diskFull} from './disk-full.js'
import {hasStrace} from './power-cut/trace.js'

vi.setConfig({testTimeout: 240_000})

test.skipIf(!canMount)(
  'a full disk loses nothing, and who lives long goes on when there is room (skipped where none can be mounted)',
  async () => {
    expect(await diskFull(1)).toMatchObject({timesFull: 1, lost: 0, halves: 0})
  },
)

test.skipIf(!hasStrace)(
  'a call that fails leaves all or nothing behind, and one line (skipped where there is no strace)',
  async () => {
    const {injections, refused} = await injected(1)
    expect(injections).toBeGreaterThan(30)
    expect(refused).toBeGreaterThan(5)
  },
)

/** The power cut in its short form. `npm run faults powerCut` runs the long one. */
import {expect, test, vi} from 'vitest'
import {hasStrace} from './power-cut/trace.js'
import {powerCut, powerCutKeeping} from './power-cut.js'

// A dozen processes run under strace.
vi.setConfig({testTimeout: 240_000})

test.skipIf(!hasStrace)(
  'what was acknowledged survives a power cut, and would not without the syncs (skipped where there is no strace)',
  async () => {
    const figures = await powerCut({points: 20, rounds: 6})
    expect(figures).toMatchObject({points: 20, brokenStoresOrLosses: 0})
    expect(figures['pointsWithLossesIfUnsynced'], 'the simulation finds what is lost').toBeGreaterThan(0)
  },
)

test.skipIf(!hasStrace)(
  'stores, backups, restores and exports are whole after a power cut (skipped where there is no strace)',
  async () => {
    expect(await powerCutKeeping({points: 20})).toMatchObject({points: 20, brokenFiles: 0})
  },
)

/** Kept short; `npm run faults flipsInBodies flipsAnywhere cutAtPages` is the long form. */
import {expect, test, vi} from 'vitest'
import {cutAtPages, flipsAnywhere} from './damage.js'

vi.setConfig({testTimeout: 240_000})

// Bits that flip in bodies: test/store/sqlite/check.test.ts.
test('a bit that flips anywhere is told, or has altered no body', async () => {
  const {flips, told} = await flipsAnywhere(40)
  expect({flips, some: told > 10}).toEqual({flips: 40, some: true})
})

test('a store that is cut at a page is refused in one line', async () => {
  const {boundaries, commands, inAShell, apart} = await cutAtPages(10, 2)
  expect({some: boundaries > 5, inAShell, apart}).toEqual({
    some: true,
    inAShell: boundaries * commands,
    apart: 2 * commands,
  })
})

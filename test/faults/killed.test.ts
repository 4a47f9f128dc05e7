/** Kills in their short form. `npm run faults kills` runs the long one. */
import {expect, test, vi} from 'vitest'
import {killed} from './killed.js'

vi.setConfig({testTimeout: 240_000})

test('writers, a worker, a follower and a server that are killed lose nothing and do nothing twice', async () => {
  expect(await killed(30)).toMatchObject({kills: 30, lost: 0, twice: 0})
})

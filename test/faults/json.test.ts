/** A third of the JSON cases at every door. `npm run faults json` takes all. */
import {expect, test} from 'vitest'
import {jsonTexts} from './json.js'

// Any seed will do: the run says with which it failed.
const seed = Math.floor(Math.random() * 1_000_000)

test(`JSON has one verdict at every door, and comes back as it went in (seed ${seed})`, {
  timeout: 240_000,
}, async () => {
  expect(await jsonTexts({cases: 180, seed})).toMatchObject({cases: 180, doors: 7, otherVerdicts: 0, changedTokens: 0})
})

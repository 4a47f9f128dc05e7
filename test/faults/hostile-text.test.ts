/** A few of the hostile texts at every door. `npm run faults hostileText` takes all. */
import {expect, test} from 'vitest'
import {hasTerminal} from '../cli/pseudo-terminal.js'
import {hostileText} from './hostile-text.js'

// Any seed will do: the run says with which it failed.
const seed = Math.floor(Math.random() * 1_000_000)
const SOME = {inFields: 20, inCommands: 6, inAddresses: 8, atHandlers: 80, onScreens: 80}

test.skipIf(!hasTerminal)(`hostile text is only text (seed ${seed})`, {timeout: 300_000}, async () => {
  expect(await hostileText({...SOME, seed})).toMatchObject({executions: 0, rawEscapes: 0, mismatches: 0})
})

/** Kept short; `npm run faults migrations newer` is the long form. */
import {expect, test, vi} from 'vitest'
import {migrationKills} from './migrations.js'
import {newerRefused} from './newer.js'

vi.setConfig({testTimeout: 240_000})

test('a migration that is killed leaves the old schema or the new one, and the next opening does it', async () => {
  const {stores, atStatements, amidOthers, foundOld} = await migrationKills({statement: 17, call: 150, amid: 60})
  expect({stores, enough: atStatements >= 8 && amidOthers >= 3 && foundOld >= 8}).toEqual({stores: 3, enough: true})
})

test('a store of a newer leat is refused by every command, and stays as it is', async () => {
  const {commands, runs, changedFiles} = await newerRefused(false)
  expect({commands: commands > 70, runs, changedFiles}).toEqual({commands: true, runs: commands, changedFiles: 0})
})

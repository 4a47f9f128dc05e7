/**
 * What is done to leat by force, in its long form: `npm run faults`, or `npm run faults storm clock` for some.
 * Prints the lines of the table in docs/reliability.md.
 *
 * Here it is about what happens to leat from outside: power, disk, clock, damage, floods, hostile input, and everything
 * together killed. That a law holds among a few processes that live and die is proved in test/live.
 */
import {clockLeases, clocks} from './clock.js'
import {cutAtPages, flipsAnywhere, flipsInBodies} from './damage.js'
import {injected} from './disk-full/injected.js'
import {diskFull} from './disk-full.js'
import {type Fault, rowOf} from './figures.js'
import {hostileText} from './hostile-text.js'
import {jsonTexts} from './json.js'
import {killed} from './killed.js'
import {longReader} from './long-reader.js'
import {migrationKills} from './migrations.js'
import {modes} from './modes.js'
import {newerRefused} from './newer.js'
import {powerCut, powerCutKeeping} from './power-cut.js'
import {properties} from './properties.js'
import {secrets} from './secrets.js'
import {firstOpening, keyRace, shellStorm, storm} from './storm.js'
import {supplyChain} from './supply-chain.js'

const FAULTS: Readonly<Record<string, Fault>> = {
  storm: () => storm(32, 100),
  stormOfFew: () => storm(8, 300),
  stormOfShells: () => shellStorm(32, 100),
  keyRace: () => keyRace(32, 100),
  firstOpening: () => firstOpening(32),
  migrations: () => migrationKills({statement: 1, call: 1, amid: 2}),
  newer: () => newerRefused(true),
  clock: () => clocks(5, 500),
  clockOfTimers: () => clocks(1, 100, false),
  clockLeases: () => clockLeases(),
  flipsInBodies: () => flipsInBodies(400),
  flipsAnywhere: () => flipsAnywhere(400),
  cutAtPages: () => cutAtPages(1, 12),
  modes: () => modes([0o000, 0o022, 0o077]),
  secrets: () => secrets(),
  supplyChain,
  hostileText: () => hostileText(),
  json: () => jsonTexts(),
  properties: () => properties({runs: 5000}),
  powerCut: () => powerCut({points: 200, rounds: 30}),
  powerCutKeeping: () => powerCutKeeping({points: 200}),
  kills: () => killed(1000),
  diskFull: () => diskFull(10),
  diskErrors: () => injected(12),
  longReader: () => longReader(300),
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !Object.hasOwn(FAULTS, name))
if (unknown !== undefined) {
  process.stderr.write(`there is no fault "${unknown}": ${Object.keys(FAULTS).join(', ')}\n`)
  process.exit(2)
}
for (const [name, fault] of Object.entries(FAULTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const began = performance.now()
  const figures = await fault()
  process.stdout.write(rowOf(name, figures, (performance.now() - began) / 1000))
}

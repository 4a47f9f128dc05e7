/**
 * What is done to leat by force, in its long form: `npm run faults`, or `npm run faults storm clock` for some.
 * Prints the lines of the table in docs/reliability.md.
 */
import {injected} from './disk-full/injected.js'
import {diskFull} from './disk-full.js'
import {type Fault, rowOf} from './figures.js'
import {killed} from './killed.js'
import {longReader} from './long-reader.js'
import {powerCut, powerCutKeeping} from './power-cut.js'

const FAULTS: Readonly<Record<string, Fault>> = {
  'power-cut': () => powerCut({points: 200, rounds: 30}),
  'power-cut-keeping': () => powerCutKeeping({points: 200}),
  kills: () => killed(1000),
  'disk-full': () => diskFull(10),
  'disk-errors': () => injected(12),
  'long-reader': () => longReader(300),
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

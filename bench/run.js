// Measures leat against its floor and its peers:
//   npm run bench                         everything
//   npm run bench -- start wake           some of it
//   npm run bench -- start --quick        fewer rounds and messages, to try it out; nothing is kept
//   npm run bench -- scale --keep FOLDER  the store of ten million messages stays there for the next time (LEAT_BENCH_KEEP)
// Each suite prints a table of its run, and keeps it in bench/results/SUITE.json and in docs/performance.md, which explains it.
//   suites/     what is measured, a file each; `*-floor.cjs` is the least that would do the same
//   peers/      what else carries messages, each behind the same few functions
//   measuring/  turns, processes, memory, figures, tables
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {machine} from './measuring/machine.js'
import {show} from './measuring/page.js'
import {keepRun, tableOf} from './measuring/results.js'
import {ROOT} from './measuring/root.js'

/** What can be measured. A suite's module has `measure({quick, say, keep})`, which gives its settings and its rows. */
const SUITES = {
  start: () => import('./suites/start.js'),
  bulk: () => import('./suites/bulk.js'),
  read: () => import('./suites/read.js'),
  wake: () => import('./suites/wake.js'),
  work: () => import('./suites/work.js'),
  serve: () => import('./suites/serve.js'),
  scale: () => import('./suites/scale.js'),
  peers: () => import('./suites/peers.js'),
}

const USAGE = `usage: npm run bench -- [${Object.keys(SUITES).join('|')}]... [--quick] [--keep FOLDER]`

/** Ends with what was wrong and exit code 2. */
function refuse(what) {
  console.error(`${what}\n${USAGE}`)
  process.exit(2)
}

function wanted() {
  try {
    const {values, positionals} = parseArgs({
      allowPositionals: true,
      options: {
        quick: {type: 'boolean', default: false},
        keep: {type: 'string', default: process.env.LEAT_BENCH_KEEP},
      },
    })
    return {...values, suites: positionals}
  } catch (error) {
    return refuse(error.message)
  }
}

const {suites, quick, keep} = wanted()
if (suites[0] === 'compare' || suites.some((name) => name.endsWith('.json')))
  refuse(
    'figures of two runs are not compared: the machine was another in each. Ratios are made within one run, in turns.',
  )
const unknown = suites.find((name) => !Object.hasOwn(SUITES, name))
if (unknown !== undefined) refuse(`there is no benchmark "${unknown}"`)

if (!existsSync(join(ROOT, 'dist/index.js'))) {
  console.error('leat is not built: npm run build')
  process.exit(1)
}

// Folders and processes of a measurement are gone when this one ends: each listens to that.
process.setMaxListeners(0)
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

// Whoever looks sees how far it is; a file or a pipe gets the tables alone.
const say = process.stderr.isTTY ? (line) => process.stderr.write(`\r\x1b[K${line}`) : () => {}

for (const name of suites.length > 0 ? suites : Object.keys(SUITES)) {
  const {measure} = await SUITES[name]()
  const where = machine()
  const {settings, rows} = await measure({quick, say, keep})
  say('')
  const table = `${tableOf(rows)}\n\n${circumstances(where, settings)}`
  console.log(`\n${name}\n\n${table}`)
  if (quick) console.log('\nA quick run: nothing is kept.')
  else {
    keepRun({
      suite: name,
      date: new Date().toISOString().slice(0, 10),
      node: process.version,
      machine: where,
      settings,
      rows,
    })
    show(name, table)
  }
}

/** What the figures of one run have in common, and no other run has. */
function circumstances({cpu, cores, memory, load}, settings) {
  const how = Object.entries(settings).map(([key, value]) => `${key} ${value}`)
  return `${cpu}, ${cores} cores, ${memory}, Node ${process.version}, load ${load} at the beginning; ${how.join(', ')}.`
}

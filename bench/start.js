// How long whole processes take, one after the other in turns, so that what else the machine does falls on all of them.
//   npm run bench:start            41 rounds
//   npm run bench:start -- 101     so many
// The newest result stays in bench/results/start-NODE.json; docs/performance.md shows it.
import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {cpus, tmpdir, totalmem} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FLOOR = join(ROOT, 'bench/floor.cjs')
const rounds = Number(process.argv[2] ?? 41)

const folder = mkdtempSync(join(tmpdir(), 'leat-bench-'))
const store = join(folder, 'bench.db')
// Of what the caller has set, nothing may count: Node 20 reads a file of NODE_EXTRA_CA_CERTS at each start.
const env = {PATH: process.env.PATH, HOME: folder, LEAT_AS: 'bench', LEAT_STORE: store}

/** leat as it is installed, without something of its start. @param spoil takes it away */
function without(name, spoil) {
  const root = join(folder, name)
  mkdirSync(root)
  for (const part of ['package.json', 'oclif.manifest.json', 'bin', 'dist'])
    cpSync(join(ROOT, part), join(root, part), {recursive: true, filter: (file) => !file.endsWith('.cache')})
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  spoil(root)
  return join(root, 'bin/run.js')
}

const run = join(ROOT, 'bin/run.js')
const kept = without('uncached', (root) => writeFileSync(join(root, 'bin/keep.js'), 'exports.keep = () => {}'))
const modules = without('modules', (root) => rmSync(join(root, 'dist/start'), {recursive: true}))

/** What is measured, and to what it is compared. */
const MEASURED = [
  {name: 'node -e 0', argv: ['-e', '0']},
  ...['send', 'read', 'list', 'log'].map((act) => ({name: `floor of ${act}`, argv: [FLOOR, store, act]})),
  {name: 'leat send ops hi', argv: [run, 'send', 'ops', 'hi'], to: 'floor of send'},
  {name: 'leat read ops', argv: [run, 'read', 'ops'], to: 'floor of read'},
  {name: 'leat list', argv: [run, 'list'], to: 'floor of list'},
  {name: 'leat log ops --last 10', argv: [run, 'log', 'ops', '--last', '10'], to: 'floor of log'},
  {name: 'leat ack --help', argv: [run, 'ack', '--help'], to: 'node -e 0'},
  {name: 'leat whoami', argv: [run, 'whoami'], to: 'node -e 0'},
  {name: 'an answer at TAB', argv: [run, '--complete', 'zsh', 'leat', 'read', ''], to: 'node -e 0'},
  {name: 'send from the ordinary modules', argv: [modules, 'send', 'ops', 'hi'], to: 'floor of send'},
  {name: 'send from the bundle, nothing kept', argv: [kept, 'send', 'ops', 'hi'], to: 'floor of send'},
]

function time({name, argv}) {
  const began = process.hrtime.bigint()
  const {status, stderr} = spawnSync(process.execPath, argv, {env, stdio: ['ignore', 'ignore', 'pipe']})
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`)
  return Number(process.hrtime.bigint() - began) / 1e6
}

const rounded = (number, digits) => Number(number.toFixed(digits))

time({name: 'making the store', argv: [run, 'send', 'ops', 'hi', '--create']})

try {
  for (const what of MEASURED) for (let warm = 0; warm < 2; warm++) time(what)
  const times = new Map(MEASURED.map(({name}) => [name, []]))
  for (let round = 0; round < rounds; round++) for (const what of MEASURED) times.get(what.name).push(time(what))
  const of = (name) => {
    const sorted = times.get(name).toSorted((a, b) => a - b)
    return {median: sorted[Math.floor(sorted.length / 2)], least: sorted[0]}
  }
  const rows = MEASURED.map(({name, to}) => {
    const {median, least} = of(name)
    const ratio =
      to === undefined
        ? {}
        : {to, ratio: rounded(median / of(to).median, 2), leastRatio: rounded(least / of(to).least, 2)}
    return {name, median: rounded(median, 1), least: rounded(least, 1), ...ratio}
  })
  const machine = {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memory: totalmem(),
    platform: process.platform,
    arch: process.arch,
  }
  const settings = {rounds, synchronous: 'FULL', journal: 'WAL', stdio: '/dev/null'}
  mkdirSync(join(ROOT, 'bench/results'), {recursive: true})
  writeFileSync(
    join(ROOT, `bench/results/start-node${process.versions.node.split('.')[0]}.json`),
    `${JSON.stringify({date: new Date().toISOString().slice(0, 10), node: process.version, machine, settings, rows}, null, 2)}\n`,
  )
  console.log('| process | median ms | least ms | to | ratio | of the least |\n|---|---|---|---|---|---|')
  for (const {name, median, least, to = '', ratio = '', leastRatio = ''} of rows)
    console.log(`| ${name} | ${median} | ${least} | ${to} | ${ratio} | ${leastRatio} |`)
} finally {
  rmSync(folder, {recursive: true, force: true})
}

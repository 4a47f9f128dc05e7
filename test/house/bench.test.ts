/** The runner of the benchmarks: what it refuses, what it prints and keeps, what it leaves behind. */
import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {Ajv2020} from 'ajv/dist/2020.js'
import {expect, onTestFinished, test} from 'vitest'
// @ts-expect-error scripts, without types
import {tableOf} from '../../bench/measuring/results.js'
// @ts-expect-error scripts, without types
import {row} from '../../bench/measuring/row.js'
import {runs, until} from '../cli/background.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const RESULTS = join(ROOT, 'bench/results')
const SUITES = ['start', 'bulk', 'read', 'wake', 'work', 'serve', 'scale', 'peers']

const results = (): string[] => (existsSync(RESULTS) ? readdirSync(RESULTS) : [])

/** A folder for what is temporary: whatever is left in it was left behind. */
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'leat-house-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

const bench = (words: string[], {root = ROOT, folder = temporary()} = {}) =>
  spawnSync(process.execPath, [join(root, 'bench/run.js'), ...words], {
    encoding: 'utf8',
    env: {...process.env, TMPDIR: folder},
  })

test('what it does not know it names, with all that it does', () => {
  const {status, stdout, stderr} = bench(['nonsense'])
  expect({status, stdout}).toEqual({status: 2, stdout: ''})
  expect(stderr).toBe(
    `there is no benchmark "nonsense"\nusage: npm run bench -- [${SUITES.join('|')}]... [--quick] [--keep FOLDER]\n`,
  )
  expect(bench(['start', '--nonsense'])).toMatchObject({status: 2, stdout: ''})
})

test.each([[['compare', 'a.json', 'b.json']], [['start.json']]])('it compares no runs: %j', (words) => {
  const {status, stdout, stderr} = bench(words)
  expect({status, stdout}).toEqual({status: 2, stdout: ''})
  expect(stderr).toMatch(/^figures of two runs are not compared/)
})

test('without a build it says so', () => {
  const root = temporary()
  mkdirSync(join(root, 'bench'))
  for (const part of ['run.js', 'measuring'])
    cpSync(join(ROOT, 'bench', part), join(root, 'bench', part), {recursive: true})
  cpSync(join(ROOT, 'package.json'), join(root, 'package.json'))
  expect(bench(['work'], {root})).toMatchObject({status: 1, stdout: '', stderr: 'leat is not built: npm run build\n'})
})

/** What is kept, and when it was. */
const kept = () => results().map((name) => [name, statSync(join(RESULTS, name)).mtimeMs])

test('a quick run prints its table, keeps nothing and leaves nothing behind', () => {
  const folder = temporary()
  const before = kept()
  const {status, stdout, stderr} = bench(['work', '--quick'], {folder})
  expect({status, stderr}).toEqual({status: 0, stderr: ''})
  const lines = stdout.trim().split('\n')
  expect(lines[0]).toBe('work')
  expect(lines.at(-3)).toMatch(/, \d+ cores, \d+ GiB, Node v\d.*synchronous FULL\.$/)
  expect(lines).toContain('| what | median | best | aim | met |')
  expect(lines.filter((line) => /^\| [^|]+ \| \d+ \/s \| \d+ \|/.test(line))).toHaveLength(4)
  expect(lines.at(-1)).toBe('A quick run: nothing is kept.')
  expect(kept()).toEqual(before)
  expect(readdirSync(folder)).toEqual([])
})

/** Processes that have something of a folder in their command line. */
const processesOf = (folder: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => runs(pid) && commandLine(pid).includes(folder))

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return '' // it has ended meanwhile
  }
}

test.skipIf(process.platform !== 'linux')('one that is ended leaves nothing behind', async () => {
  const folder = temporary()
  const child = spawn(process.execPath, [join(ROOT, 'bench/run.js'), 'wake', '--quick'], {
    env: {...process.env, TMPDIR: folder},
    stdio: 'ignore',
  })
  const ended = once(child, 'close')
  await until(() => expect(processesOf(folder)).not.toEqual([]))
  child.kill('SIGTERM')
  expect(await ended).toEqual([143, null])
  await until(() => expect(processesOf(folder)).toEqual([]))
  expect(readdirSync(folder)).toEqual([])
})

const FIGURES = {median: 10, least: 8, most: 12, p95: 11, p99: 12}

test.each([
  ['time', {unit: 'ms', aim: 9}, {median: 10, least: 8, p99: 12, aim: 9, met: false}],
  ['a rate', {unit: '/s', aim: 9}, {median: 10, most: 12, aim: 9, met: true}],
  [
    'a rate to another',
    {unit: '/s', to: 'leat', of: {median: 5, most: 6}},
    {median: 10, most: 12, to: 'leat', ratio: 2, mostRatio: 2},
  ],
  [
    'time to another',
    {unit: 'ms', to: 'floor', of: {median: 5, least: 2}, aim: 2},
    {median: 10, least: 8, p99: 12, to: 'floor', ratio: 2, leastRatio: 4, aim: 2, met: true},
  ],
  [
    'percentiles that are aimed at',
    {unit: 'ms', aimP95: 11, aimP99: 11},
    {median: 10, least: 8, p95: 11, p99: 12, aimP95: 11, aimP99: 11, met: false},
  ],
])('a row of %s', (name, given, shown) => {
  expect(row({name, ...FIGURES, ...given})).toEqual({name, unit: given.unit, ...shown})
})

test('a table has the columns that somebody fills', () => {
  const rows = [
    row({name: 'one', unit: 'ms', ...FIGURES, aim: 20, aimP99: 30}),
    row({name: 'two', unit: '/s', ...FIGURES}),
  ]
  expect(tableOf(rows)).toBe(
    [
      '| what | median | best | p99 | aim | met |',
      '|---|---|---|---|---|---|',
      '| one | 10 ms | 8 | 12 | 20, p99 30 | yes |',
      '| two | 10 /s | 12 |  |  |  |',
    ].join('\n'),
  )
})

const NUMBERS = ['median', 'least', 'most', 'p95', 'p99', 'ratio', 'leastRatio', 'mostRatio', 'aim', 'aimP95', 'aimP99']
const closed = (required: string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
})
/** A file in bench/results, as bench/measuring/results.js and row.js have it. */
const RUN = closed(['suite', 'date', 'node', 'machine', 'settings', 'rows'], {
  suite: {enum: SUITES},
  date: {type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$'},
  node: {type: 'string', pattern: '^v\\d+\\.\\d+\\.\\d+$'},
  machine: closed(['cpu', 'cores', 'memory', 'platform', 'arch', 'load'], {
    ...{cpu: {type: 'string'}, cores: {type: 'integer'}, memory: {type: 'string', pattern: '^\\d+ GiB$'}},
    ...{platform: {type: 'string'}, arch: {type: 'string'}, load: {type: 'number'}},
  }),
  settings: {type: 'object', minProperties: 1, additionalProperties: {type: ['string', 'number']}},
  rows: {
    type: 'array',
    minItems: 1,
    items: {
      ...closed(['name', 'unit', 'median'], {
        ...{name: {type: 'string'}, unit: {type: 'string'}, to: {type: 'string'}, met: {type: 'boolean'}},
        ...Object.fromEntries(NUMBERS.map((name) => [name, {type: 'number'}])),
      }),
      dependentRequired: {to: ['ratio'], ratio: ['to'], aim: ['met'], aimP95: ['p95', 'met'], aimP99: ['p99', 'met']},
    },
  },
})

test.each(results())('what is kept in %s is the run of a suite', (name) => {
  const run = JSON.parse(readFileSync(join(RESULTS, name), 'utf8'))
  const validate = new Ajv2020({allErrors: true, allowUnionTypes: true}).compile(RUN)
  expect(validate(run) ? [] : validate.errors).toEqual([])
  expect(`${run.suite}.json`).toBe(name)
  // A ratio is made within the run.
  const names = new Set(run.rows.map((one: {name: string}) => one.name))
  for (const {to} of run.rows) if (to !== undefined) expect(names).toContain(to)
})

test('every suite has a place on the page of the figures', () => {
  const page = readFileSync(join(ROOT, 'docs/performance.md'), 'utf8')
  for (const name of SUITES) expect(page).toMatch(new RegExp(`^<!-- ${name} -->\n[^]*^<!-- end of ${name} -->$`, 'm'))
})

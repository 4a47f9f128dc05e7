/** How long whole processes take: what a shell loop pays for each message. */
import {cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {inFolder} from '../measuring/passing.js'
import {environment, timed} from '../measuring/processes.js'
import {LEAT, ROOT} from '../measuring/root.js'
import {row} from '../measuring/row.js'
import {timedAtTerminal} from '../measuring/terminal.js'
import {inTurns} from '../measuring/turns.js'

const FLOOR = join(ROOT, 'bench/suites/start-floor.cjs')

/** leat as it is installed, without something of its start. @param spoil takes it away */
function without(folder, name, spoil) {
  const root = join(folder, name)
  mkdirSync(root)
  for (const part of ['package.json', 'oclif.manifest.json', 'bin', 'dist'])
    cpSync(join(ROOT, part), join(root, part), {recursive: true, filter: (file) => !file.endsWith('.cache')})
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  spoil(root)
  return join(root, 'bin/run.js')
}

/** Every command as it is typed, aliases not among them. */
const commands = () =>
  Object.keys(JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8')).commands)
    .map((id) => id.replaceAll(':', ' '))
    .sort()

const WITHOUT = 'node -e 0, between helps'

/** The help of all commands in turns: the one in the middle, and the slowest. */
async function helps(node, {rounds, say}) {
  const names = commands()
  const rows = await inTurns(
    [
      node(WITHOUT, ['-e', '0']),
      ...names.map((name) => node(`leat ${name} --help`, [LEAT, ...name.split(' '), '--help'])),
    ],
    {rounds, warm: 1, say},
  )
  const [without, ...ofCommands] = rows
  const sorted = ofCommands.toSorted((a, b) => a.median - b.median)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  const slowest = sorted.at(-1)
  const compared = (figures, name) => row({...figures, name, to: WITHOUT, of: without, aim: 2.5})
  return [
    without,
    compared(middle, `--help, the middle one of ${names.length} commands`),
    compared(slowest, `--help, the slowest: ${slowest.name}`),
  ]
}

export const measure = (options) => inFolder((folder) => measureIn(folder, options))

async function measureIn(folder, {quick, say}) {
  const store = join(folder, 'bench.db')
  const env = environment({HOME: folder, LEAT_STORE: store})
  const uncached = without(folder, 'uncached', (root) =>
    writeFileSync(join(root, 'bin/keep.js'), 'exports.keep = () => {}'),
  )
  const modules = without(folder, 'modules', (root) => rmSync(join(root, 'dist/start'), {recursive: true}))
  const node = (name, argv, more = {}) => ({
    name,
    unit: 'ms',
    measure: () => timed([process.execPath, ...argv], {env}),
    ...more,
  })
  const atTerminal = (name, line, {until, typed, ...more} = {}) => ({
    name,
    unit: 'ms',
    measure: () => timedAtTerminal(line, {env, until, typed}),
    ...more,
  })
  const rounds = quick ? 3 : 41
  const helpRounds = quick ? 1 : 11
  timed([process.execPath, LEAT, 'send', 'ops', 'hi', '--create'], {env})
  const rows = await inTurns(
    [
      node('node -e 0', ['-e', '0']),
      ...['send', 'read', 'list', 'log'].map((act) => node(`floor of ${act}`, [FLOOR, store, act])),
      node('leat send ops hi', [LEAT, 'send', 'ops', 'hi'], {to: 'floor of send', aim: 1.15}),
      node('leat send ops hi, again', [LEAT, 'send', 'ops', 'hi'], {to: 'node -e 0', aim: 2}),
      node('leat read ops', [LEAT, 'read', 'ops'], {to: 'floor of read', aim: 1.3}),
      node('leat list', [LEAT, 'list'], {to: 'floor of list', aim: 1.3}),
      node('leat log ops --last 10', [LEAT, 'log', 'ops', '--last', '10'], {to: 'floor of log', aim: 1.3}),
      atTerminal('node -e 0 at a terminal', `${process.execPath} -e 0`),
      atTerminal('first prompt of leat shell', `${process.execPath} ${LEAT} shell`, {
        until: '› ',
        typed: 'exit\r',
        to: 'node -e 0 at a terminal',
        aim: 2.5,
      }),
      node('leat whoami', [LEAT, 'whoami'], {to: 'node -e 0'}),
      node('an answer at TAB', [LEAT, '--complete', 'zsh', 'leat', 'read', ''], {to: 'node -e 0'}),
      node('send from the ordinary modules', [modules, 'send', 'ops', 'hi'], {to: 'floor of send'}),
      node('send from the bundle, nothing kept', [uncached, 'send', 'ops', 'hi'], {to: 'floor of send'}),
    ],
    {rounds, warm: 2, say},
  )
  rows.push(...(await helps(node, {rounds: helpRounds, say})))
  return {
    settings: {rounds, 'rounds of help': helpRounds, synchronous: 'FULL', journal: 'WAL', stdout: '/dev/null'},
    rows,
  }
}

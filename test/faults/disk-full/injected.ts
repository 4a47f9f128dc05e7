/** One command at a time, in which one call of the system fails: what it did is whole or not there, and it says what was wrong in one line. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Bus, openBus} from '../../../src/index.js'
import {listOf} from '../../live/room.js'
import type {Figures} from '../figures.js'
import {soundness} from '../power-cut/sound.js'
import {BIN} from '../program.js'

/** Not `write`: Node itself ends where it can't wake its own threads. */
const CALLS = ['pwrite64', 'fsync', 'ftruncate'] as const
const FAULTS = ['ENOSPC', 'EIO'] as const
const LINES = Array.from({length: 30}, (_, at) => `line ${at} `.padEnd(400, 'x'))

interface Deed {
  words: string[]
  stdin?: string
  /** Starts where there is no store yet. */
  bare?: boolean
  /** How much of what it does is there; -1 where it can't be told. */
  done(bus: Bus, folder: string): Promise<number>
  /** That is all of it. */
  whole: number
}

const contents = async (bus: Bus, channel: string): Promise<unknown[]> =>
  (await listOf(bus.log([channel]))).map(({content}) => content)

const DEEDS: Readonly<Record<string, Deed>> = {
  create: {
    words: ['channel', 'create', 'new'],
    bare: true,
    whole: 1,
    done: async (bus) => (await bus.channels()).filter(({name}) => name === 'new').length,
  },
  send: {
    words: ['send', 'ops', 'hello', '--key', 'k'],
    whole: 1,
    done: async (bus) => (await contents(bus, 'ops')).filter((content) => content === 'hello').length,
  },
  batch: {
    words: ['send', 'audit', '--lines', '-q'],
    stdin: LINES.join('\n'),
    whole: LINES.length,
    done: async (bus) => (await contents(bus, 'audit')).length,
  },
  ack: {
    words: ['ack', 'jobs/1', '--group', 'hand'],
    whole: 1,
    done: async (bus) => ((await bus.inFlight({channel: 'jobs', group: 'hand'})).length === 0 ? 1 : 0),
  },
  read: {
    words: ['read', 'ops', '-n', '3', '--as', 'bob'],
    whole: 3,
    done: async (bus) => (await bus.cursor('ops', 'bob')).cursor - 2,
  },
  backup: {
    words: ['store', 'backup', 'copy.db'],
    whole: 1,
    done: async (_bus, folder) => {
      if (!existsSync(join(folder, 'copy.db'))) return 0
      const copy = await openBus({store: join(folder, 'copy.db'), as: 'alice'})
      try {
        await soundness(copy)
        return 1
      } finally {
        await copy.close()
      }
    },
  },
  export: {
    words: ['export', 'ops', '--output', 'ops.jsonl'],
    whole: 1,
    done: async (_bus, folder) =>
      existsSync(join(folder, 'ops.jsonl')) && readFileSync(join(folder, 'ops.jsonl'), 'utf8').endsWith('\n') ? 1 : 0,
  },
  compact: {words: ['store', 'compact'], whole: 0, done: async () => 0},
}

/** @param most injections of one error into one call of one command, spread over all of its calls */
export async function injected(most: number): Promise<Figures> {
  const home = mkdtempSync(join(tmpdir(), 'leat-full-'))
  const counts = {injections: 0, refused: 0, harmless: 0, storedThoughRefused: 0}
  try {
    await prepare(join(home, 'prepared'))
    for (const [name, deed] of Object.entries(DEEDS)) {
      const calls = callsOf(deed, home)
      for (const call of CALLS)
        for (const fault of FAULTS)
          for (const at of spread(calls.get(call) ?? 0, most)) {
            const what = `${name}, ${fault} at ${call} ${at}`
            const {code, stored} = await inject(deed, home, {call, fault, at}, what)
            counts.injections++
            if (code === 0) counts.harmless++
            else counts.refused++
            if (code !== 0 && stored === deed.whole && deed.whole > 0) counts.storedThoughRefused++
          }
    }
    return counts
  } finally {
    rmSync(home, {recursive: true, force: true})
  }
}

async function prepare(folder: string): Promise<void> {
  mkdirSync(folder)
  const bus = await openBus({store: join(folder, 'bus.db'), as: 'alice', create: true})
  for (const channel of ['ops', 'audit', 'jobs']) await bus.createChannel(channel)
  for (let line = 1; line <= 9; line++) await bus.send('ops', {body: `line ${line}`})
  await bus.send('jobs', {body: 'a job'})
  await bus.claim('jobs', {group: 'hand', lease: 3_600_000})
  await bus.commitCursor('ops/2', {reader: 'bob'})
  await bus.close()
}

/** A copy of the prepared store, or nothing. */
function fresh({bare}: Deed, home: string): string {
  const folder = join(home, 'store')
  rmSync(folder, {recursive: true, force: true})
  if (bare) mkdirSync(folder)
  else cpSync(join(home, 'prepared'), folder, {recursive: true})
  return folder
}

function run({words, stdin}: Deed, folder: string, strace: readonly string[] = []) {
  const [program = '', ...rest] = [...strace, process.execPath, BIN, ...words]
  const env = {PATH: process.env['PATH'], HOME: folder, LEAT_STORE: join(folder, 'bus.db'), LEAT_AS: 'alice'}
  return spawnSync(program, rest, {cwd: folder, env, input: stdin, encoding: 'utf8', timeout: 60_000})
}

/** How often a command makes each call, in its main thread. */
function callsOf(deed: Deed, home: string): Map<string, number> {
  const log = join(home, 'trace')
  const {status, stderr} = run(deed, fresh(deed, home), ['strace', '-o', log, '-e', `trace=${CALLS.join(',')}`])
  assert.equal(status, 0, stderr)
  const counts = new Map<string, number>()
  for (const [, call = ''] of readFileSync(log, 'utf8').matchAll(/^(\w+)\(/gm))
    counts.set(call, (counts.get(call) ?? 0) + 1)
  return counts
}

/** Up to `most` numbers from 1 to `last`. */
const spread = (last: number, most: number): number[] => [
  ...new Set(
    Array.from({length: Math.min(most, last)}, (_, at) => Math.ceil(((at + 1) * last) / Math.min(most, last))),
  ),
]

async function inject(
  deed: Deed,
  home: string,
  {call, fault, at}: {call: string; fault: string; at: number},
  what: string,
): Promise<{code: number; stored: number}> {
  const folder = fresh(deed, home)
  // From then on: a disk that is full stays so. A call that fails once is passed by the next.
  const when = fault === 'ENOSPC' ? `${at}+` : String(at)
  const injection = [
    '-o',
    '/dev/null',
    '-e',
    `trace=${CALLS.join(',')}`,
    '-e',
    `inject=${call}:error=${fault}:when=${when}`,
  ]
  const {status, stderr, error} = run(deed, folder, ['strace', ...injection])
  assert.equal(error, undefined, `${what}: it hangs`)
  assert.ok(status === 0 || status === 9, `${what}: exit ${status}\n${stderr}`)
  if (status === 9) assert.match(stderr, /^leat: [^\n]+ \([^\n]+\)\n$/, what)
  const left = readdirSync(folder).filter((name) => /\.(new|backup|restore|tmp)(-|$)/.test(name))
  assert.deepEqual(left, [], `${what}: files are left`)
  const stored = await storedBy(deed, folder, what)
  if (status === 0) assert.equal(stored, deed.whole, `${what}: it said that it was done`)
  assert.ok(stored === 0 || stored === deed.whole, `${what}: ${stored} of ${deed.whole}`)
  // With room again the same command works, without any repair.
  if (stored === 0 && deed.whole > 0) {
    const again = run(deed, folder)
    assert.equal(again.status, 0, `${what}: afterwards ${again.stderr}`)
    assert.equal(await storedBy(deed, folder, what), deed.whole, what)
  }
  return {code: status ?? -1, stored}
}

async function storedBy(deed: Deed, folder: string, what: string): Promise<number> {
  const store = join(folder, 'bus.db')
  if (deed.bare && !existsSync(store)) return 0
  try {
    const bus = await openBus({store, as: 'alice'})
    try {
      await soundness(bus)
      return await deed.done(bus, folder)
    } finally {
      await bus.close()
    }
  } catch (cause) {
    throw new Error(`${what}: ${cause}`, {cause})
  }
}

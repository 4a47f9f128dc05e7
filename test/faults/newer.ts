/** A store of a newer leat, met by every command that there is. */
import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {SCHEMA_VERSION} from '../../src/store/sqlite/migrate.js'
import {inFolder} from './folder.js'
import {type Around, each, leat, type Ran} from './program.js'

interface Declared {
  args: Record<string, {required?: boolean}>
}

/** Every command, as oclif knows it. */
const COMMANDS: Readonly<Record<string, Declared>> = JSON.parse(
  readFileSync(new URL('../../oclif.manifest.json', import.meta.url), 'utf8'),
).commands

/** Those that open no store, and why they don't. */
const OPENS_NONE: readonly (readonly [RegExp, string])[] = [
  [/^bench$/, 'measures a store of its own'],
  [/^completion$/, 'prints a script'],
  [/^(config|context):/, 'is about settings'],
  [/^help$/, 'prints help'],
  [/^transport:/, 'is about what is installed'],
  [/^whoami$/, 'says which store is in force, whatever is there'],
]

/** What stands for an argument of that name. */
const WORDS: Readonly<Record<string, string>> = {
  ...{actor: 'bob', actors: 'bob', body: 'hi', channel: 'ops', channels: 'ops', claims: 'ops/1', file: 'backup.db'},
  ...{ids: 'x', message: 'ops/1', messages: 'ops/1', name: 'ops', names: 'ops', permission: 'submit'},
  ...{permissions: 'submit', position: 'now', query: 'word', role: 'crew', to: 'other'},
}
/** What a command needs besides, so that it gets as far as the store. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  'channel:update': ['--title', 'x'],
  'token:create': ['--for', 'bob'],
  work: ['--', 'cat'],
  respond: ['--', 'cat'],
  send: ['--create'],
}
const STDIN: Readonly<Record<string, string>> = {shell: 'list\n'}

const isAsked = ([name, {required}]: [string, {required?: boolean}]): boolean =>
  required === true || ['body', 'query', 'messages'].includes(name)

/** How a store is left: closed, or by a process that died with its newest messages in the log. */
const STATES = ['closed', 'left'] as const

/**
 * Each command meets a store of a newer schema: exit 9, SCHEMA_NEWER in one line, and no byte of the store and its log is
 * another afterwards.
 * @param whole every command with every state, schema and form of output; else each command with one of them
 */
export const newerRefused = (whole: boolean) =>
  inFolder(async (folder) => {
    const touching = Object.keys(COMMANDS).filter((id) => !OPENS_NONE.some(([pattern]) => pattern.test(id)))
    const opensNone = Object.keys(COMMANDS).length - touching.length
    let runs = 0
    const cases = STATES.flatMap((state) => [SCHEMA_VERSION + 1, 999].map((schema) => ({state, schema})))
    for (const [nth, {state, schema}] of cases.entries()) {
      const around = await newerStore(join(folder, `${state}-${schema}`), state, schema)
      const mine = touching.filter((_, at) => whole || at % cases.length === nth)
      for (const json of whole ? [false, true] : [nth % 3 === 0])
        await each(mine, 2, async (id) => {
          await meet(around, id, json)
          runs++
        })
      assert.deepEqual(readdirSync(around.home).sort(), around.files, 'nothing else is there')
    }
    return {commands: touching.length, opensNone, runs, changedFiles: 0}
  })

async function newerStore(home: string, state: (typeof STATES)[number], schema: number) {
  mkdirSync(home)
  const draft = join(home, 'draft.db')
  const store = join(home, 'store.db')
  const around: Around = {home, store: draft}
  for (const words of [
    ['send', 'ops', 'hi', '--create'],
    ['store', 'backup', 'backup.db'],
    ['export', '--output', 'export.jsonl'],
  ]) {
    const made = await leat(around, ...words)
    assert.equal(made.code, 0, made.stderr)
  }
  const database = new Database(draft)
  database.pragma(`user_version = ${schema}`)
  if (state === 'closed') database.pragma('wal_checkpoint(TRUNCATE)')
  // Copied while it is open: so a process leaves it that is killed.
  for (const end of state === 'left' ? ['', '-wal', '-shm'] : ['']) cpSync(draft + end, store + end)
  database.close()
  return {home, store, files: readdirSync(home).sort()}
}

async function meet(around: Around, id: string, json: boolean): Promise<void> {
  const args = Object.entries(COMMANDS[id]!.args).filter(isAsked)
  const words = args.map(([name]) => (id === 'import' ? 'export.jsonl' : (WORDS[name] ?? `no-word-for-${name}`)))
  const line = [...id.split(':'), ...words, ...(json ? ['--json'] : []), ...(MORE[id] ?? [])]
  const before = bytesOf(around.store)
  const ran = await leat({...around, stdin: STDIN[id] ?? ''}, ...line)
  assert.deepEqual(bytesOf(around.store), before, `${line.join(' ')} changed the store`)
  assertRefused(ran, id, line.join(' '), json)
}

/** Hashes of the file and its log. An empty log is one that another command has just opened. */
const bytesOf = (store: string): (string | undefined)[] =>
  ['', '-wal'].map((end) => {
    const bytes = existsSync(store + end) ? readFileSync(store + end) : Buffer.alloc(0)
    return bytes.length === 0 ? undefined : hash(bytes)
  })

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

function assertRefused({code, stdout, stderr}: Ran, id: string, line: string, json: boolean): void {
  // It would put the store aside as it is, and asks first.
  if (id === 'store:restore') {
    assert.equal(code, 2, `${line}: ${stderr}`)
    return
  }
  assert.equal(code, 9, `${line}: ${stderr}`)
  // These look at the store from outside, and say what they see.
  if (id !== 'doctor' && id !== 'store:check') assert.equal(stdout, '', line)
  assert.match(stderr, /^[^\n]+\n$/, line)
  // What is wrong in the eyes of doctor can be many things.
  if (json && id !== 'doctor') assert.equal(JSON.parse(stderr).error.code, 'SCHEMA_NEWER', line)
  else assert.match(stderr, /newer leat|this leat knows/, line)
}

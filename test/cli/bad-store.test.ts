import {execFileSync} from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {describe, expect, test} from 'vitest'
import {type Leat, world} from './leat.js'

/** Commands that read, that write and that make stores. */
const READS = ['log', 'read ops']
const MAKES = ['send ops x --create', 'channel create ops']

/** What stands where the store should be, and what is said about it. */
const CASES: readonly [what: string, make: (path: string) => void, code: string, says: RegExp][] = [
  ['a folder', (path) => mkdirSync(path), 'STORAGE', /: a folder, not a store$/],
  ['a FIFO', (path) => void execFileSync('mkfifo', [path]), 'STORAGE', /: not a regular file$/],
  ['a text file', (path) => writeFileSync(path, 'just a text\n'.repeat(100)), 'STORAGE', /: not a leat store$/],
  ['an empty file', (path) => writeFileSync(path, ''), 'STORAGE', /: an empty file, not a store$/],
  [
    'a file of another program',
    (path) => new Database(path).exec('CREATE TABLE t (a)').close(),
    'STORAGE',
    /: a SQLite database, but not a leat store$/,
  ],
]

describe.each(CASES)('%s as store', (_, make, code, says) => {
  test('is exit 9, and stays as it is', async () => {
    const {leat, dir} = world()
    const path = join(dir, 'it')
    make(path)
    const before = contentOf(path)
    for (const line of [...READS, ...MAKES]) {
      const refused = await leat`${line.split(' ')} --store ${path} --json`
      expect(refused, line).toMatchObject({code: 9, stdout: ''})
      expect(refused.error(), line).toMatchObject({code, message: expect.stringMatching(says)})
    }
    expect((await leat`log --store ${path}`).stderr).toMatch(/^leat: .*\n$/)
    expect(contentOf(path)).toEqual(before)
    expect(readdirSync(dir)).toEqual(['it'])
  })
})

const contentOf = (path: string): unknown => (path && existsSync(path) && isFile(path) ? readFileSync(path) : undefined)
const isFile = (path: string): boolean =>
  execFileSync('stat', ['-c', '%F', path], {encoding: 'utf8'}).startsWith('regular')

/** A store with a message, for those who damage it. */
async function withStore() {
  const made = world({defaultStore: false})
  await made.leat`channel create ops`
  await made.leat`send ops hi`
  return made
}

test('a store that a newer leat made is refused, and nothing is written', async () => {
  const {leat, store} = await withStore()
  const db = new Database(store)
  const version = db.pragma('user_version', {simple: true}) as number
  db.pragma(`user_version = ${version + 1}`)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  const before = readFileSync(store)
  for (const line of [...READS, ...MAKES]) {
    const refused = await leat`${line.split(' ')} --json`
    expect(refused, line).toMatchObject({code: 9, stdout: ''})
    expect(refused.error(), line).toMatchObject({code: 'SCHEMA_NEWER'})
  }
  expect(readFileSync(store).equals(before)).toBe(true)
})

test('a damaged store says so', async () => {
  const {leat, store, dir} = await withStore()
  const bytes = readFileSync(store)
  writeFileSync(
    join(dir, 'holes.db'),
    Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0x5a)]),
  )
  copyFileSync(store, join(dir, 'short.db'))
  truncateSync(join(dir, 'short.db'), 5000)
  for (const name of ['holes.db', 'short.db']) {
    const refused = await leat`log --store ${join(dir, name)} --json`
    expect(refused, name).toMatchObject({code: 9, stdout: ''})
    expect(refused.error().code, name).toBe('CORRUPT')
  }
})

describe('a store that is not there', () => {
  test('is not made by a mistyped name', async () => {
    const {leat, dir} = world()
    for (const line of [...READS, 'send ops x', 'subscribe ops', 'show ops/1', 'reply ops/1 x', 'cursor set ops start'])
      expect(await leat`${line.split(' ')} --store ./evnets.db`, line).toMatchObject({
        code: 3,
        stdout: '',
        stderr: expect.stringMatching(/^leat: no store at (\.\/)?evnets\.db \(.*\)\n$/),
      })
    expect((await leat({env: {LEAT_STORE: './evnets.db'}})`log --json`).error()).toMatchObject({code: 'NOT_FOUND'})
    expect(readdirSync(dir)).toEqual([])
  })

  test('is made by those who make stores, but not the folder around it', async () => {
    const {leat, dir} = world()
    expect(await leat`channel create ops --store ./a.db`).toMatchObject({code: 0})
    expect(await leat`send ops x --create --store sqlite:b.db`).toMatchObject({code: 0})
    expect((await leat`log --store b.db --raw`).stdout).toBe('x\n')
    expect((await leat`--store sqlite:b.db --json`).json()).toMatchObject({exists: true, channels: 1})
    for (const line of MAKES) {
      const refused = await leat`${line.split(' ')} --store no/such/c.db --json`
      expect(refused, line).toMatchObject({code: 3, stdout: ''})
      expect(refused.error().message, line).toContain('no/such')
    }
    expect(readdirSync(dir).sort()).toEqual(['a.db', 'b.db'])
  })

  test('cannot have any name', async () => {
    const {leat, dir} = world()
    expect((await leat`channel create ops --store= --json`).error()).toMatchObject({code: 'USAGE'})
    expect((await leat`channel create ops --store pg://host/db --json`).error()).toMatchObject({
      code: 'USAGE',
      message: 'no engine for the store "pg://host/db"',
    })
    expect(readdirSync(dir)).toEqual([])
  })
})

// Root may write anywhere, so these run as someone who may not.
describe.skipIf(process.getuid?.() !== 0)('a store that may not be written', () => {
  const NOBODY = 65534

  /** A store that everyone may read. @param mode of its file; its folder is not writable */
  async function readOnly(mode: number): Promise<{leat: Leat; store: string; dir: string}> {
    const made = world()
    await made.leat`channel create ops`
    await made.leat`send ops hi --id 019aa3f0-7b1a-7c3d-8e2f-0123456789ab`
    for (const folder of [made.dir, join(made.dir, 'data'), join(made.store, '..')]) chmodSync(folder, 0o755)
    chmodSync(made.store, mode)
    return made
  }

  test('reads work; what must write is exit 9', async () => {
    const {leat, store} = await readOnly(0o444)
    const before = readFileSync(store)
    for (const line of [
      'log',
      'list',
      'show ops/1',
      'thread ops/1',
      'why ops/1 bob',
      'read ops --peek',
      'cursor list',
      'store info',
      'status',
      'whoami',
      'inbox --counts',
    ])
      expect(await leat({uid: NOBODY})`${line.split(' ')}`, line).toMatchObject({code: 0})
    expect((await leat({uid: NOBODY})`log --raw`).stdout).toBe('hi\n')
    for (const line of [
      'send ops x',
      'read ops',
      'channel create more',
      'channel close ops',
      'subscribe ops',
      'cursor set ops start',
      'redact ops/1 --yes',
      'reply ops/1 x',
    ]) {
      const refused = await leat({uid: NOBODY})`${line.split(' ')} --json`
      expect(refused, line).toMatchObject({code: 9, stdout: ''})
      expect(refused.error(), line).toMatchObject({code: 'STORAGE', message: `${store}: the store is read-only`})
    }
    expect(readFileSync(store).equals(before)).toBe(true)
  })

  test('a writable file in a folder that is not is no better', async () => {
    const {leat} = await readOnly(0o666)
    expect((await leat({uid: NOBODY})`log --raw`).stdout).toBe('hi\n')
    expect(await leat({uid: NOBODY})`send ops x`).toMatchObject({code: 9, stdout: ''})
    expect((await leat`log --raw`).stdout).toBe('hi\n')
  })

  test('one that may not even be read is exit 9', async () => {
    const {leat} = await readOnly(0o600)
    for (const line of ['log', 'send ops x', 'status']) {
      const refused = await leat({uid: NOBODY})`${line.split(' ')} --json`
      expect(refused, line).toMatchObject({code: 9, stdout: ''})
      expect(refused.error(), line).toMatchObject({code: 'STORAGE'})
    }
  })

  test('without a HOME and a name there is no default store, but a named one works', async () => {
    const {leat, dir, store} = await readOnly(0o444)
    const nowhere = {uid: 4242, as: null, env: {HOME: undefined, XDG_DATA_HOME: undefined}}
    expect(await leat(nowhere)`log`).toMatchObject({
      code: 9,
      stdout: '',
      stderr: expect.stringMatching(/^leat: no home folder .*LEAT_STORE\)\n$/),
    })
    expect((await leat(nowhere)`--help`).code).toBe(0)
    expect((await leat(nowhere)`log --store ${store} --raw`).stdout).toBe('hi\n')
    expect((await leat({...nowhere, env: {...nowhere.env, LEAT_STORE: store}})`whoami --json`).json()).toMatchObject({
      actor: 'uid-4242',
    })
    chmodSync(dir, 0o777)
    expect((await leat(nowhere)`send ops hello --create --store ${join(dir, 'own.db')} --json`).code).toBe(0)
    expect((await leat(nowhere)`log --store ${join(dir, 'own.db')} --json`).json()).toMatchObject({sender: 'uid-4242'})
  })
})

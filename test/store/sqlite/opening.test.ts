import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {LeatError} from '../../../src/model/errors.js'
import {defaultStorePath, openStore} from '../../../src/store/open.js'
import {checksum} from '../../../src/store/sqlite/checksum.js'
import {APPLICATION_ID, Connection} from '../../../src/store/sqlite/connection.js'
import {SCHEMA_VERSION, upgrade} from '../../../src/store/sqlite/migrate.js'
import {openFile} from '../../../src/store/sqlite/open.js'
import {child, folder, options, outgoing} from './files.js'

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

const failure = (path: string, create = false): Promise<LeatError> =>
  openStore(path, options({create})).then(
    () => expect.fail(`${path} was opened`),
    (error: LeatError) => error,
  )

describe('making a store', () => {
  test.each([0o000, 0o022, 0o077])('under umask %o its files are the user’s alone', async (umask) => {
    const before = process.umask(umask)
    onTestFinished(() => void process.umask(before))
    const path = join(folder(), 'new', 'store.db')
    const store = await openStore(path, options({create: true, makeFolder: true}))
    await store.channels.create('ops', {}, 'alice')
    const abort = new AbortController()
    const waiting = store.changed({}, abort.signal)
    abort.abort()
    await waiting
    expect(mode(join(path, '..'))).toBe('700')
    const files = readdirSync(join(path, '..')).sort()
    expect(files).toEqual(['store.db', 'store.db-bell', 'store.db-shm', 'store.db-wal'])
    for (const file of files) expect([file, mode(join(path, '..', file))]).toEqual([file, '600'])
    await store.close()
  })

  test('only with `create`; without, nothing is made', async () => {
    const path = join(folder(), 'evnets.db')
    const error = await failure(path)
    expect([error.code, error.message, error.hint]).toEqual([
      'NOT_FOUND',
      `no store at ${path}`,
      `leat channel create NAME --store ${path}`,
    ])
    expect(readdirSync(join(path, '..'))).toEqual([])
  })

  test('a missing folder is NOT_FOUND with the way out', async () => {
    const path = join(folder(), 'none', 'store.db')
    expect(await failure(path, true)).toMatchObject({code: 'NOT_FOUND', hint: `mkdir -p ${join(path, '..')}`})
    expect(await failure(path)).toMatchObject({code: 'NOT_FOUND'})
  })

  test('not beside the log of one that was deleted, which SQLite would take for its own', async () => {
    const path = join(folder(), 'store.db')
    const gone = new Database(path)
    gone.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x)')
    const log = readFileSync(`${path}-wal`)
    gone.close()
    writeFileSync(`${path}-wal`, log)
    rmSync(path)
    expect(await failure(path, true)).toMatchObject({
      code: 'STORAGE',
      message: `${path} is gone, but what was written to it last is still in ${path}-wal`,
      hint: expect.stringContaining(`delete ${path}-wal`),
    })
    expect(readdirSync(join(path, '..'))).toEqual(['store.db-wal'])
    expect(readFileSync(`${path}-wal`).equals(log)).toBe(true)
    rmSync(`${path}-wal`)
    const store = await openStore(path, options({create: true}))
    expect(await store.channels.all()).toEqual([])
    await store.close()
  })

  test('32 processes that open it at once make one', async () => {
    const path = join(folder(), 'store.db')
    const epochs = await Promise.all(Array.from({length: 32}, () => child(['create', path])))
    expect(new Set(epochs).size).toBe(1)
    expect(readdirSync(join(path, '..'))).toEqual(['store.db'])
  }, 120_000)
})

describe('what is no store', () => {
  test('is refused, and nothing is touched', async () => {
    const home = folder()
    mkdirSync(join(home, 'folder'))
    writeFileSync(
      join(home, 'text'),
      'dear diary, this is not a database, though it is long enough to be one\n'.repeat(20),
    )
    writeFileSync(join(home, 'empty'), '')
    writeFileSync(join(home, 'short'), 'x')
    execFileSync('mkfifo', [join(home, 'fifo')])
    const other = new Database(join(home, 'other'))
    other.exec('CREATE TABLE t (x)')
    other.close()
    const names = readdirSync(home)
    const bytes = new Map(
      ['text', 'empty', 'short', 'other'].map((name) => [name, readFileSync(join(home, name), 'hex')]),
    )
    for (const name of names)
      for (const create of [false, true]) {
        const error = await failure(join(home, name), create)
        expect([name, error.code]).toEqual([name, 'STORAGE'])
        expect(error.message).toMatch(/not a leat store|a folder, not a store|not a regular file|an empty file/)
      }
    expect(await failure(join(home, 'text', 'below'), true)).toMatchObject({code: 'NOT_FOUND'})
    expect(readdirSync(home)).toEqual(names)
    for (const [name, before] of bytes) expect([name, readFileSync(join(home, name), 'hex')]).toEqual([name, before])
  })

  test('an unknown scheme is USAGE', async () => {
    for (const url of ['mysql://host/db', 'postgres://x', 'file:/tmp/x', ''])
      expect([url, (await failure(url, true)).code]).toEqual([url, 'USAGE'])
  })
})

const LATE = '01943000-0000-7000-8000-00000000000a'

/** A store as the first schema had it: a closed channel, and a delayed message that it didn't take. */
function firstSchema(path: string): void {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma(`application_id = ${APPLICATION_ID}`)
  database.exec(readFileSync(new URL('../../../src/store/sqlite/migrations/001-first.sql', import.meta.url), 'utf8'))
  database.pragma('user_version = 1')
  database.exec(`
    INSERT INTO meta VALUES ('epoch', 'the epoch'), ('created_at', 1);
    INSERT INTO names VALUES (1, 'alice');
    INSERT INTO channels (id, name, state, created_at, created_by) VALUES (1, 'ops', 'closed', 1, 'alice');
    INSERT INTO counters (channel_id) VALUES (1);
    INSERT INTO scheduled (channel_id, deliver_at, id, sender_id, sent_at, checksum, failed, rest, content)
    VALUES (1, 2, x'${LATE.replaceAll('-', '')}', 1, 1, ${checksum('late')}, 'the channel is closed',
            '{"type":"message","recipientId":null,"replyTo":null,"thread":null,"references":[],"conversationId":null,"correlationId":null,"replyChannel":null,"headers":null,"expiresAt":null}',
            'late')`)
  database.close()
}

describe('an existing store', () => {
  test('may be named through sqlite: and through a link', async () => {
    const home = folder()
    const path = join(home, 'store.db')
    const store = await openStore(`sqlite:${path}`, options({create: true}))
    symlinkSync(path, join(home, 'link'))
    const linked = await openStore(join(home, 'link'), options())
    await store.channels.create('ops', {}, 'alice')
    expect(await linked.channels.get('ops')).toBeDefined()
    const woken = linked.changed({ops: 0}, new AbortController().signal)
    await store.messages.append([outgoing('ops')])
    await woken
    await Promise.all([store.close(), linked.close()])
  })

  test('of a newer leat is refused, and nothing is written', async () => {
    const path = join(folder(), 'store.db')
    await (await openStore(path, options({create: true}))).close()
    const newer = new Database(path)
    newer.pragma('user_version = 999')
    newer.pragma('journal_mode = DELETE')
    newer.close()
    const before = readFileSync(path, 'hex')
    const error = await failure(path, true)
    expect([error.code, error.exitCode]).toEqual(['SCHEMA_NEWER', 9])
    expect(readFileSync(path, 'hex')).toBe(before)
    expect(readdirSync(join(path, '..'))).toEqual(['store.db'])
  })

  test('of an older leat is brought up to date by whoever opens it first, with all that is in it', async () => {
    const path = join(folder(), 'store.db')
    firstSchema(path)
    const epochs = await Promise.all(Array.from({length: 3}, () => child(['create', path])))
    expect(new Set(epochs)).toEqual(new Set(['the epoch']))
    const store = await openStore(path, options())
    expect((await store.info()).schemaVersion).toBe(SCHEMA_VERSION)
    expect(await store.channels.get('ops')).toMatchObject({state: 'closed', lastSeq: 0})
    const [dead] = await store.deadLetters.list({limit: 10})
    expect(dead).toMatchObject({
      channel: 'ops',
      attempts: 0,
      message: {id: LATE, sender: 'alice', body: 'late', seq: 0},
    })
    await store.channels.setState('ops', 'open')
    expect(await store.deadLetters.redrive([dead?.id ?? ''])).toMatchObject([{channel: 'ops', seq: 1}])
    const key = {channel: 'ops', group: 'workers'}
    const {claims} = await store.claims.claim(key, {actor: 'bob', limit: 9, lease: 1000, maxAttempts: 5, bound: true})
    expect(claims.map(({message}) => message.id)).toEqual([LATE])
    await store.close()
  }, 60_000)

  test('of an older leat that may not be written is refused, saying so', async () => {
    const path = join(folder(), 'store.db')
    firstSchema(path)
    const connection = new Connection(path, 100, {readonly: true})
    expect(() => upgrade(connection, 'store.db', 1)).toThrow(
      expect.objectContaining({code: 'STORAGE', message: expect.stringContaining('older leat (schema 1)')}),
    )
    connection.close()
  })

  test('is opened with the settings that keep what was acknowledged, on every connection', async () => {
    const path = join(folder(), 'store.db')
    await (await openStore(path, options({create: true}))).close()
    for (let handle = 0; handle < 3; handle++) {
      const store = await openStore(path, options())
      expect((await store.info()).settings).toMatchObject({
        journal_mode: 'wal',
        synchronous: 2,
        wal_autocheckpoint: 4000,
        cache_size: -16000,
      })
      await store.close()
    }
  })

  test('that is damaged is CORRUPT', async () => {
    const path = join(folder(), 'store.db')
    const store = await openStore(path, options({create: true}))
    await store.channels.create('ops', {}, 'alice')
    await store.close()
    const bytes = readFileSync(path)
    bytes.fill(0xff, 4096)
    writeFileSync(path, bytes)
    expect(await failure(path)).toMatchObject({name: 'LeatError', code: 'CORRUPT', exitCode: 9})
  })

  test('that is a copy which stopped half way is refused', async () => {
    const path = join(folder(), 'store.db')
    await (await openStore(path, options({create: true}))).close()
    writeFileSync(path, readFileSync(path).subarray(0, 50))
    expect((await failure(path)).exitCode).toBe(9)
  })
})

// Root may write everything, so another user tries.
describe.skipIf(process.getuid?.() !== 0)('a store that may not be written', () => {
  async function filled(): Promise<string> {
    const path = join(folder(), 'store.db')
    const store = await openStore(path, options({create: true}))
    await store.channels.create('ops', {}, 'alice')
    await store.messages.append([outgoing('ops'), outgoing('ops')])
    await store.close()
    return path
  }
  const expected = {read: 2, write: 'STORAGE: the store is read-only', unread: 2}

  test('because of its file: reading works', async () => {
    const path = await filled()
    chmodSync(path, 0o444)
    chmodSync(join(path, '..'), 0o777)
    expect(await child(['try', path], {uid: 65534})).toEqual(expected)
  })

  test('because of its folder too: reading works', async () => {
    const path = await filled()
    chmodSync(path, 0o444)
    chmodSync(join(path, '..'), 0o555)
    expect(await child(['try', path], {uid: 65534})).toEqual(expected)
    expect(readdirSync(join(path, '..'))).toEqual(['store.db'])
  })

  test('because of its folder alone: reading works', async () => {
    const path = await filled()
    chmodSync(path, 0o666)
    chmodSync(join(path, '..'), 0o555)
    expect(await child(['try', path], {uid: 65534})).toEqual(expected)
  })

  test('while its owner has it open: reading works, or says why not', async () => {
    const path = await filled()
    const store = await openStore(path, options())
    await store.messages.append([outgoing('ops')])
    chmodSync(path, 0o444)
    chmodSync(join(path, '..'), 0o555)
    expect(await child(['try', path], {uid: 65534})).toMatchObject({open: expect.stringMatching(/^STORAGE/)})
    for (const suffix of ['-wal', '-shm']) chmodSync(path + suffix, 0o444)
    expect(await child(['try', path], {uid: 65534})).toEqual({...expected, read: 3, unread: 3})
    await store.close()
  })

  test('or read is STORAGE', async () => {
    const path = await filled()
    chmodSync(join(path, '..'), 0o755)
    expect(await child(['try', path], {uid: 65534})).toEqual({open: expect.stringMatching(/^STORAGE/)})
    chmodSync(join(path, '..'), 0o700)
    expect(await child(['try', path], {uid: 65534})).toEqual({open: expect.stringMatching(/^STORAGE/)})
  })
})

test('the default store is where XDG wants it', () => {
  expect(defaultStorePath({XDG_DATA_HOME: '/data', HOME: '/home/a'})).toBe('/data/leat/leat.db')
  expect(defaultStorePath({XDG_DATA_HOME: 'data', HOME: '/home/a'})).toBe('/home/a/.local/share/leat/leat.db')
  expect(defaultStorePath({HOME: '/home/a'})).toBe('/home/a/.local/share/leat/leat.db')
  expect(defaultStorePath({})).toMatch(/\/\.local\/share\/leat\/leat\.db$/)
})

test('a handle reports what its engine prepared', () => {
  const session = openFile(join(folder(), 'store.db'), options({create: true}))
  expect(session.connection.prepared.length).toBeLessThan(5)
  session.connection.close()
})

import {spawn} from 'node:child_process'
import {randomInt} from 'node:crypto'
import {once} from 'node:events'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import Database from 'better-sqlite3'
import {describe, expect, test} from 'vitest'
import {closedStore, openStore} from '../../../src/store/open.js'
import {APPLICATION_ID} from '../../../src/store/sqlite/connection.js'
import {SCHEMA_VERSION} from '../../../src/store/sqlite/migrate.js'
import type {Store} from '../../../src/store/store.js'
import {refused} from '../contract/bench.js'
import {altered, body, checkFile, filled, tamper} from './damage.js'
import {folder, options, outgoing} from './files.js'

const bodiesOf = async (store: Store, channel = 'ops'): Promise<unknown[]> => {
  const page = await store.messages.scan({channels: [{name: channel}], actor: 'alice', order: 'forward', limit: 10_000})
  return page.messages.map((message) => message.body)
}

async function bodiesIn(path: string): Promise<unknown[]> {
  const store = await openStore(path, options())
  try {
    return await bodiesOf(store)
  } finally {
    await store.close()
  }
}

/** A store, and a backup of it from before its last message. */
async function saved(): Promise<{path: string; file: string; store: Store}> {
  const path = await filled(['one', 'two'])
  const store = await openStore(path, options())
  const file = join(path, '..', 'backup.db')
  await store.maintenance.backup(file)
  await store.messages.append([outgoing('ops', {body: 'three'})])
  return {path, file, store}
}

describe('a backup', () => {
  test('is a store by itself, for its user alone, with nothing beside it', async () => {
    const {file, store} = await saved()
    await store.close()
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
    expect(readdirSync(join(file, '..')).sort()).toEqual(['backup.db', 'store.db'])
    expect((await checkFile(file, {deep: true})).found).toEqual([])
    const copy = await openStore(file, options())
    expect((await copy.info()).settings).toMatchObject({journal_mode: 'wal'})
    expect(await bodiesOf(copy)).toEqual(['one', 'two'])
    await copy.close()
  })

  test('never takes the place of the store, under whatever name', async () => {
    const {path, store} = await saved()
    const home = join(path, '..')
    symlinkSync(path, join(home, 'link'))
    linkSync(path, join(home, 'hard'))
    mkdirSync(join(home, 'folder'))
    const before = readdirSync(home).sort()
    for (const name of ['store.db', 'link', 'hard', 'store.db-wal', 'store.db-shm', 'store.db-journal', 'folder'])
      await refused('INVALID', store.maintenance.backup(join(home, name), {replace: true}))
    await refused('NOT_FOUND', store.maintenance.backup(join(home, 'none', 'x')))
    await refused('USAGE', store.maintenance.backup(`${home}/x `))
    expect(readdirSync(home).sort()).toEqual(before)
    await store.close()
  })

  test('of a store that is written meanwhile is of one moment', async () => {
    const path = await filled([])
    const [store, writer] = [await openStore(path, options()), await openStore(path, options())]
    await writer.channels.create('pairs', {}, 'alice')
    await writer.messages.append(Array.from({length: 500}, () => outgoing('pairs', {body: body(2000)})))
    let isOver = false
    let sent = 500
    const writing = (async () => {
      while (!isOver) {
        await writer.messages.append([outgoing('pairs'), outgoing('pairs')])
        sent += 2
        await pause(1)
      }
    })()
    const atStart = sent
    const counts: number[] = []
    for (let round = 0; round < 3; round++) {
      const file = join(path, '..', `backup-${round}.db`)
      await store.maintenance.backup(file)
      const {found, checked} = await checkFile(file, {deep: true})
      expect(found).toEqual([])
      counts.push(checked.messages)
    }
    isOver = true
    await writing
    // Pairs are whole (three more are in `jobs`), and each backup has what was stored when it began.
    for (const count of counts) expect((count - 2) % 2).toBe(0)
    expect(counts[0]).toBeGreaterThanOrEqual(atStart)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    await store.close()
    await writer.close()
  })

  test('for which there is no room leaves nothing', async () => {
    const {path, store} = await saved()
    const before = readdirSync(join(path, '..')).sort()
    const error = await refused('STORAGE', store.maintenance.backup('/proc/self/backup.db'))
    expect(error.message).toContain('/proc/self/backup.db')
    expect(readdirSync(join(path, '..')).sort()).toEqual(before)
    await store.close()
  })
})

describe('a restore', () => {
  test('keeps what was there, as a store by itself', async () => {
    const {path, file, store} = await saved()
    const prepared = await store.maintenance.prepareRestore(file)
    // What is sent between the look and the restore is in it too.
    await store.messages.append([outgoing('ops', {body: 'four'})])
    const {safetyCopy} = await prepared.apply()
    expect(safetyCopy).toMatch(/store\.db\.before-restore-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/)
    expect(await bodiesOf(store)).toEqual(['one', 'two'])
    await store.close()
    expect(await bodiesIn(safetyCopy!)).toEqual(['one', 'two', 'three', 'four'])
    expect(readdirSync(join(path, '..')).filter((name) => name.startsWith('.'))).toEqual([])
    expect(await bodiesIn(path)).toEqual(['one', 'two'])
  })

  test('of a backup that is damaged, cut or none is refused, and nothing is left of it', async () => {
    const {path, file, store} = await saved()
    const home = join(path, '..')
    const cut = altered(file, (bytes) => bytes.subarray(0, 9 * 4096))
    await refused('CORRUPT', store.maintenance.prepareRestore(cut))
    copyFileSync(file, cut)
    tamper(cut, 'UPDATE counters SET message_count = 9')
    await refused('CORRUPT', store.maintenance.prepareRestore(cut))
    tamper(cut, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    await refused('SCHEMA_NEWER', store.maintenance.prepareRestore(cut))
    tamper(cut, 'PRAGMA application_id = 7')
    await refused('STORAGE', store.maintenance.prepareRestore(cut))
    await refused('STORAGE', store.maintenance.prepareRestore(home))
    await refused('INVALID', store.maintenance.prepareRestore(path))
    expect(await bodiesOf(store)).toEqual(['one', 'two', 'three'])
    await store.close()
    expect(readdirSync(home).sort()).toEqual(['backup.db', 'backup.db.altered', 'store.db'])
  })

  test('of an older schema brings it up to date, and leaves the backup as it is', async () => {
    const {path, store} = await saved()
    const old = join(path, '..', 'old.db')
    const database = new Database(old)
    database.pragma('journal_mode = WAL')
    database.pragma(`application_id = ${APPLICATION_ID}`)
    database.exec(readFileSync(new URL('../../../src/store/sqlite/migrations/001-first.sql', import.meta.url), 'utf8'))
    database.pragma('user_version = 1')
    database.exec(`
      INSERT INTO meta VALUES ('epoch', 'the epoch'), ('created_at', 1);
      INSERT INTO names VALUES (1, 'alice');
      INSERT INTO channels (id, name, created_at, created_by) VALUES (1, 'old', 1, 'alice');
      INSERT INTO counters (channel_id) VALUES (1)`)
    database.close()
    const before = readFileSync(old)
    const prepared = await store.maintenance.prepareRestore(old)
    expect(prepared.plan).toMatchObject({schemaVersion: 1, channels: 1, messages: 0, lost: 5})
    await prepared.apply({safetyCopy: false})
    expect((await store.channels.all()).map(({name}) => name)).toEqual(['old'])
    expect((await store.info()).schemaVersion).toBe(SCHEMA_VERSION)
    expect(readFileSync(old).equals(before)).toBe(true)
    await store.close()
    expect((await checkFile(path, {deep: true})).checked.damage).toBe(0)
  })

  test('of a store with an index for searching keeps it exact', async () => {
    const {path, file, store} = await saved()
    while ((await store.search.index({limit: 1000, begin: true})).left > 0);
    const indexed = join(path, '..', 'indexed.db')
    await store.maintenance.backup(indexed)
    await store.messages.append([outgoing('ops', {body: 'five'})])
    while ((await store.search.index({limit: 1000})).left > 0);
    for (const one of [indexed, file, indexed]) {
      await (await store.maintenance.prepareRestore(one)).apply({safetyCopy: false})
      expect((await checkFile(path, {deep: true})).found).toEqual([])
    }
    await store.close()
  })
})

describe('a store that can’t be opened', () => {
  test('is put aside and made anew, with the numbers that can still be read', async () => {
    const {path, file, store} = await saved()
    await store.close()
    tamper(path, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    const newer = readFileSync(path)
    const prepared = await (await closedStore(path, options())).prepareRestore(file)
    expect(prepared.plan).toMatchObject({way: 'anew', messages: 4, gained: 4})
    const {safetyCopy, epoch} = await prepared.apply()
    expect(readFileSync(safetyCopy!).equals(newer)).toBe(true)
    const again = await openStore(path, options())
    expect((await again.info()).epoch).toBe(epoch)
    expect(await bodiesOf(again)).toEqual(['one', 'two'])
    expect((await again.channels.get('ops'))?.lastSeq).toBe(3)
    await again.close()
    expect((await checkFile(path, {deep: true})).checked.damage).toBe(0)
  })

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, 5000)],
    ['overwritten', (bytes: Buffer) => Buffer.from(bytes).fill(0x5a, 4096)],
    ['without a header', (bytes: Buffer) => Buffer.from(bytes).fill(0, 0, 100)],
    ['empty', () => Buffer.alloc(0)],
  ])('because it was %s is made anew', async (_, change) => {
    const {path, file, store} = await saved()
    await store.close()
    writeFileSync(path, change(readFileSync(path)))
    writeFileSync(`${path}-wal`, 'what was not yet in it')
    const before = readFileSync(path)
    const {safetyCopy} = await (await (await closedStore(path, options())).prepareRestore(file)).apply()
    expect(readFileSync(safetyCopy!).equals(before)).toBe(true)
    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(await bodiesIn(path)).toEqual(['one', 'two'])
  })

  test('because there is none is made, if it may be', async () => {
    const {path, file, store} = await saved()
    await store.close()
    const fresh = join(path, '..', 'fresh.db')
    await refused('NOT_FOUND', (await closedStore(fresh, options())).prepareRestore(file))
    const made = await (await closedStore(fresh, options({create: true}))).prepareRestore(file)
    expect(made.plan.way).toBe('made')
    await made.apply()
    expect((statSync(fresh).mode & 0o777).toString(8)).toBe('600')
    expect(await bodiesIn(fresh)).toEqual(['one', 'two'])
  })
})

test('a restore that is killed leaves the old store or the new', async () => {
  const home = folder()
  const path = await filled(['one'], join(home, 'store.db'))
  const backups: string[] = []
  for (const word of ['left', 'right']) {
    const other = await filled(
      Array.from({length: 1500}, () => word),
      join(home, `${word}.store`),
    )
    const store = await openStore(other, options())
    await store.maintenance.backup(join(home, `${word}.db`))
    await store.close()
    backups.push(join(home, `${word}.db`))
  }
  const script = fileURLToPath(new URL('restorer.ts', import.meta.url))
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, ['--import', 'tsx', script, path, ...backups], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    await pause(randomInt(20, 700))
    child.kill('SIGKILL')
    await ended
    const found = await bodiesIn(path)
    expect([1, 1500]).toContain(found.length)
    expect(new Set(found).size).toBe(1)
    expect((await checkFile(path, {deep: true})).checked.damage).toBe(0)
  }
}, 180_000)

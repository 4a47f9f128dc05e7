import {join} from 'node:path'
import Database from 'better-sqlite3'
import {expect, test} from 'vitest'
import {sqliteStore} from '../../../src/store/sqlite/engine.js'
import {openFile} from '../../../src/store/sqlite/open.js'
import {checkSearchIndex, rebuildSearchIndex} from '../../../src/store/sqlite/search-check.js'
import type {Store} from '../../../src/store/store.js'
import {indexAll, searchAll} from '../contract/search.js'
import {folder, options} from './files.js'

async function filled() {
  const path = join(folder(), 'store.db')
  const session = openFile(path, {...options(), create: true})
  const store: Store = sqliteStore(session, 1000)
  await store.channels.create('ops', {}, 'alice')
  await store.messages.append(
    Array.from({length: 20}, (_, index) => ({
      id: session.ids(),
      channels: ['ops'],
      sender: 'alice',
      type: 'message',
      body: `word number${index + 1}`,
      contentType: 'text/plain',
    })),
  )
  await indexAll(store)
  const damage = (sql: string): void => {
    const database = new Database(path)
    database.unsafeMode(true) // SQLite protects what an index is made of
    database.exec(sql)
    database.close()
  }
  return {session, store, damage}
}

const sound = {indexed: 20, missing: 0, leftOver: 0, different: 0}

test('an index that is whole has no flaws, whatever was deleted and redacted', async () => {
  const {session, store} = await filled()
  expect(checkSearchIndex(session, {deep: true})).toEqual(sound)
  const [first] = (await store.messages.find({by: 'place', channel: 'ops', seq: 5})).map(({id}) => id)
  await store.messages.redact(first!, 'alice')
  await store.channels.prune('ops', {keep: 10})
  expect(checkSearchIndex(session, {deep: true})).toEqual(sound)
  await indexAll(store)
  expect(checkSearchIndex(session, {deep: true})).toEqual(sound)
  await store.close()
})

test('damage is counted, and mended by making the index again', async () => {
  const {session, store, damage} = await filled()
  damage('DELETE FROM search WHERE rowid IN (3, 4)')
  expect(checkSearchIndex(session)).toEqual({...sound, missing: 2})
  damage(`INSERT INTO search (rowid, content, sender, type, channel) VALUES (99, 'stray', 'eve', 'message', '1')`)
  expect(checkSearchIndex(session)).toEqual({...sound, missing: 2, leftOver: 1})
  damage(`DELETE FROM search WHERE rowid = 7;
    INSERT INTO search (rowid, content, sender, type, channel) VALUES (7, 'other words', 'alice', 'message', '1')`)
  expect(checkSearchIndex(session)).toMatchObject({different: 0})
  expect(checkSearchIndex(session, {deep: true})).toEqual({...sound, missing: 2, leftOver: 1, different: 1})
  rebuildSearchIndex(session)
  expect(checkSearchIndex(session, {deep: true})).toEqual({...sound, indexed: 0})
  expect(await searchAll(store, 'word')).toHaveLength(20)
  await indexAll(store)
  expect(checkSearchIndex(session, {deep: true})).toEqual(sound)
  expect(await searchAll(store, 'number4')).toEqual(['ops/4'])
  await store.close()
})

test('pages that are no index any more are named as damage', async () => {
  const {session, store, damage} = await filled()
  damage('UPDATE search_data SET block = zeroblob(3) WHERE id > 10')
  expect(checkSearchIndex(session, {deep: true}).damage).toMatch(/malformed|corrupt/)
  await store.close()
})

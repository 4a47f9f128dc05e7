import {copyFileSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {validate} from 'uuid'
import {expect, test} from 'vitest'
import {openStore} from '../../../src/store/open.js'
import {APPLICATION_ID} from '../../../src/store/sqlite/connection.js'
import {folder, options, outgoing} from './files.js'

const pager = {channel: 'ops', subscriber: 'pager'}

const migration = (name: string): string =>
  readFileSync(new URL(`../../../src/store/sqlite/migrations/${name}.sql`, import.meta.url), 'utf8')

test('a store from before deliveries pushes what comes from now on, to those that had said where', async () => {
  const path = join(folder(), 'store.db')
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma(`application_id = ${APPLICATION_ID}`)
  database.exec(migration('001-first'))
  database.exec(migration('002-claims'))
  database.pragma('user_version = 2')
  database.exec(`
    INSERT INTO meta VALUES ('epoch', 'the epoch'), ('created_at', 1);
    INSERT INTO names VALUES (1, 'alice'), (2, 'pager'), (3, 'bob');
    INSERT INTO channels (id, name, egress, created_at, created_by)
    VALUES (1, 'ops', 'http', 1, 'alice'), (2, 'dev', 'websocket', 1, 'alice');
    INSERT INTO counters (channel_id, last_seq, first_seq) VALUES (1, 7, 8), (2, 0, 1);
    INSERT INTO subscriptions (channel_id, subscriber_id, kind, transport, endpoint, created_at, created_by)
    VALUES (1, 2, 'user', 'http', 'https://x.example/', 5, 'alice'), (1, 3, 'user', NULL, NULL, 5, 'bob'),
           (2, 3, 'user', NULL, NULL, 5, 'bob')`)
  database.close()
  const store = await openStore(path, options())
  const consumers = await store.consumers.list({kind: 'push'})
  expect(consumers.map(({channel, name, cursor}) => `${channel} ${name} ${cursor}`)).toEqual([
    'dev bob 0',
    'ops pager 7',
  ])
  const ids = (await store.subscriptions.list({})).map(({id}) => id)
  expect(new Set(ids).size).toBe(3)
  for (const id of ids) expect(validate(id)).toBe(true)
  await store.messages.append([outgoing('ops')])
  expect((await store.deliveries.take(pager, {lease: 1000})).claim?.message.seq).toBe(8)
  await store.close()
})

test('a power cut that undoes a taking changes nothing about the id', async () => {
  const path = join(folder(), 'store.db')
  const store = await openStore(path, options({create: true}))
  await store.channels.create('ops', {}, 'alice')
  await store.subscriptions.put('ops', 'pager', {transport: 'http', endpoint: 'https://x.example/'}, 'alice')
  await store.messages.append([outgoing('ops')])
  await store.close()
  const before = `${path}.before`
  copyFileSync(path, before)
  const taken = []
  for (const file of [path, before]) {
    const one = await openStore(file, options())
    taken.push((await one.deliveries.take(pager, {lease: 1000})).claim?.delivery)
    await one.close()
  }
  expect(taken[0]?.id).toBe(taken[1]?.id)
  expect(taken[1]?.attempts).toBe(1)
})

// A store as the schema before roles had it, with who was granted what and who subscribes.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {expect, test} from 'vitest'
import {openStore} from '../../../src/store/open.js'
import {APPLICATION_ID} from '../../../src/store/sqlite/connection.js'
import {SCHEMA_VERSION} from '../../../src/store/sqlite/migrate.js'
import {child, folder, options} from './files.js'

const migration = (name: string): string =>
  readFileSync(new URL(`../../../src/store/sqlite/migrations/${name}.sql`, import.meta.url), 'utf8')

function secondSchema(path: string): void {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma(`application_id = ${APPLICATION_ID}`)
  database.exec(migration('001-first'))
  database.exec(migration('002-claims'))
  database.pragma('user_version = 2')
  database.exec(`
    INSERT INTO meta VALUES ('epoch', 'the epoch'), ('created_at', 1)
      ON CONFLICT DO UPDATE SET value = excluded.value;
    INSERT INTO names VALUES (1, 'alice'), (2, 'bob'), (3, 'zoe');
    INSERT INTO channels (id, name, state, restricted, created_at, created_by)
    VALUES (1, 'hr', 'open', 1, 1, 'alice'), (2, 'ops', 'open', 0, 1, 'alice');
    INSERT INTO counters (channel_id) VALUES (1), (2);
    INSERT INTO grants (channel_id, actor_id, permission)
    VALUES (1, 2, 'submit'), (1, 2, 'subscribe'), (1, 3, 'manage'), (2, 3, 'submit');
    INSERT INTO subscriptions (channel_id, subscriber_id, kind, paused, types, created_at, created_by)
    VALUES (1, 2, 'bot', 1, '["alert"]', 1, 'bob'), (2, 3, 'user', 0, NULL, 1, 'alice')`)
  database.close()
}

test('grants and subscriptions of the second schema stay as they were', async () => {
  const path = join(folder(), 'store.db')
  secondSchema(path)
  expect(new Set(await Promise.all([1, 2, 3].map(() => child(['create', path]))))).toEqual(new Set(['the epoch']))
  const store = await openStore(path, options())
  expect((await store.info()).schemaVersion).toBe(SCHEMA_VERSION)
  expect(await store.grants.list({})).toEqual([
    {channel: 'hr', actor: 'bob', permission: 'submit'},
    {channel: 'hr', actor: 'bob', permission: 'subscribe'},
    {channel: 'hr', actor: 'zoe', permission: 'manage'},
    {channel: 'ops', actor: 'zoe', permission: 'submit'},
  ])
  expect(await store.grants.held('bob', 'hr')).toHaveLength(2)
  expect(await store.grants.administered()).toBe(false)
  expect(await store.subscriptions.list({})).toMatchObject([
    {channel: 'hr', subscriber: 'bob', kind: 'bot', paused: true, types: ['alert']},
    {channel: 'ops', subscriber: 'zoe', kind: 'user', paused: false},
  ])
  await store.roles.create('crew', {}, 'alice')
  await store.roles.change('crew', {add: ['bob']})
  await store.grants.change(null, {role: 'crew'}, {add: ['manage']})
  await store.grants.change('hr', {actor: 'bob'}, {remove: ['submit']})
  expect(await store.grants.held('bob', 'hr')).toEqual([
    {channel: 'hr', permission: 'subscribe'},
    {permission: 'manage', role: 'crew'},
  ])
  expect(await store.roles.list({})).toMatchObject([{name: 'crew', members: ['bob']}])
  await store.close()
}, 60_000)

/** Whether a commit waits for the disk: whatever went before it. */
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {expect, onTestFinished, test} from 'vitest'
import {sqliteStore} from '../../../src/store/sqlite/engine.js'
import {openFile} from '../../../src/store/sqlite/open.js'
import {folder, options, outgoing} from './files.js'

const [NORMAL, FULL] = [1, 2]

function opened() {
  const path = join(folder(), 'store.db')
  const session = openFile(path, options({create: true, patience: 50}))
  const store = sqliteStore(session, 50)
  onTestFinished(() => store.close())
  const {connection} = session
  return {path, connection, store, setting: () => connection.pragma('synchronous')}
}

test('a transaction that needs no sync leaves none behind that needs one without', () => {
  const {connection, setting} = opened()
  expect(setting()).toBe(FULL)
  expect(connection.writeUnsynced(setting)).toBe(NORMAL)
  expect(connection.write(setting)).toBe(FULL)
  const fail = (): never => {
    throw new Error('it went wrong')
  }
  expect(() => connection.writeUnsynced(fail)).toThrow('it went wrong')
  expect(setting()).toBe(FULL)
  // The transaction falls in the middle, as on a full disk.
  const fall = (): void => {
    connection.script('ROLLBACK')
    fail()
  }
  expect(() => connection.writeUnsynced(fall)).toThrow('it went wrong')
  expect(connection.write(setting)).toBe(FULL)
})

test('what needs no sync has one inside of a transaction that does, and the other way round only at its end', () => {
  const {connection, setting} = opened()
  expect(connection.write(() => connection.writeUnsynced(setting))).toBe(FULL)
  expect(connection.writeEach([() => connection.writeUnsynced(setting), setting])).toEqual([
    {value: FULL},
    {value: FULL},
  ])
  expect(connection.writeUnsynced(() => connection.write(setting))).toBe(NORMAL)
  expect(connection.write(setting)).toBe(FULL)
  expect(() => connection.read(() => connection.writeUnsynced(setting))).toThrow('inside of a read transaction')
})

test('where another process has the lock the next commit waits for the disk again', () => {
  const {path, connection, setting} = opened()
  const other = new Database(path)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  expect(() => connection.writeUnsynced(setting)).toThrow('database is locked')
  other.exec('COMMIT')
  expect(connection.write(setting)).toBe(FULL)
})

test('a setting that could not be put back is put back before the next write', () => {
  const {connection, setting} = opened()
  // Inside of a transaction SQLite refuses to change the setting: this one begins before that is tried.
  connection.writeUnsynced(() => connection.whenKept(() => connection.script('BEGIN')))
  connection.script('COMMIT')
  expect(setting()).toBe(NORMAL)
  expect(connection.write(setting)).toBe(FULL)
})

test('claims and holds beside writes of all kinds leave every commit its sync', async () => {
  const {connection, store, setting} = opened()
  await store.channels.create('ops', {}, 'alice')
  const found: unknown[] = []
  connection.onWrite(() => found.push(connection.pragma('synchronous')))
  const claim = () =>
    store.claims.claim(
      {channel: 'ops', group: 'workers'},
      {actor: 'w', limit: 1, lease: 60_000, maxAttempts: 5, bound: true},
    )
  const take = () => store.consumers.take({channel: 'ops', reader: 'bob'}, {actor: 'bob', limit: 1, wait: 0})
  for (let round = 0; round < 20; round++) {
    found.length = 0
    await Promise.allSettled([
      store.messages.append([outgoing('ops')]),
      claim(),
      store.messages.append([outgoing('nowhere')]),
      take(),
      store.messages.append([outgoing('ops')]),
    ])
    expect(found.filter((level) => level === FULL).length).toBeGreaterThan(0)
    expect(setting()).toBe(FULL)
  }
})

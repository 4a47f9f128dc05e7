/** Writes that share a transaction: when they do, when they don't, and what becomes of them when it fails. */
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setImmediate as turn} from 'node:timers/promises'
import Database from 'better-sqlite3'
import {expect, onTestFinished, test} from 'vitest'
import {sqliteStore} from '../../../src/store/sqlite/engine.js'
import {openFile} from '../../../src/store/sqlite/open.js'
import type {Session} from '../../../src/store/sqlite/session.js'
import type {Outgoing, Store} from '../../../src/store/store.js'
import {upTo} from '../contract/bench.js'
import {folder, options, outgoing} from './files.js'

interface Opened {
  path: string
  store: Store
  session: Session
  /** How many write transactions the handle has begun. */
  transactions: () => number
  /** Appends messages with these bodies, each by a call of its own, at once. */
  appendEach: (bodies: readonly string[], fields?: Partial<Outgoing>) => Promise<PromiseSettledResult<unknown>[]>
  /** Another connection's look at the bodies. */
  stored: () => unknown[]
}

async function opened({patience = 30_000} = {}): Promise<Opened> {
  const path = join(folder(), 'store.db')
  const session = openFile(path, options({create: true, patience}))
  const store = sqliteStore(session, patience)
  onTestFinished(() => store.close())
  await store.channels.create('ops', {}, 'alice')
  // The turn of the event loop that made the channel is over.
  await turn()
  let count = 0
  session.connection.onWrite(() => count++)
  return {
    path,
    store,
    session,
    transactions: () => count,
    appendEach: (bodies, fields) =>
      Promise.allSettled(bodies.map((body) => store.messages.append([outgoing('ops', {...fields, body})]))),
    stored: () => {
      const other = new Database(path, {readonly: true})
      const bodies = other.prepare('SELECT content FROM messages ORDER BY seq').pluck().all()
      other.close()
      return bodies
    },
  }
}

const numbers = (count: number): string[] => upTo(count).map(String)

/** One line for all that came out in the same way. */
const outcomes = (results: readonly PromiseSettledResult<unknown>[]): string[] => [
  ...new Set(results.map((result) => (result.status === 'fulfilled' ? 'stored' : result.reason.message))),
]

test('the first write of a turn is done when the call returns; those behind it share one transaction', async () => {
  const {appendEach, stored, transactions} = await opened()
  const sending = appendEach(numbers(100))
  expect(stored()).toEqual(['1'])
  expect(transactions()).toBe(1)
  expect(outcomes(await sending)).toEqual(['stored'])
  // How many depends on how long they take.
  expect(transactions()).toBeLessThan(100)
  expect(stored()).toEqual(numbers(100))
})

test('one write after the other has a transaction each', async () => {
  const {store, transactions, stored} = await opened()
  for (const body of numbers(5)) await store.messages.append([outgoing('ops', {body})])
  expect(transactions()).toBe(5)
  expect(stored()).toEqual(numbers(5))
})

test('a group is bounded, so that others can write in between', async () => {
  const {appendEach, transactions, stored} = await opened()
  expect(outcomes(await appendEach(numbers(1000)))).toEqual(['stored'])
  expect(transactions()).toBeGreaterThan(4)
  expect(stored()).toEqual(numbers(1000))
})

test('nobody is told before the disk has it', async () => {
  const {store, stored} = await opened()
  const seen = await Promise.all(
    numbers(20).map(async (body) => {
      await store.messages.append([outgoing('ops', {body})])
      return stored().includes(body)
    }),
  )
  expect(new Set(seen)).toEqual(new Set([true]))
})

test('a commit that fails fails all of its group, and nothing of any is kept', async () => {
  const {session, appendEach, stored, store} = await opened()
  session.connection.script(`
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE children (id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER poison AFTER INSERT ON messages WHEN NEW.content = 'poison' BEGIN INSERT INTO children VALUES (1); END`)
  // What is looked at only by the commit itself: each statement goes well.
  const results = await appendEach(['first', 'a', 'poison', 'b'], {sender: 'zoe'})
  expect(outcomes(results.slice(0, 1))).toEqual(['stored'])
  expect(outcomes(results.slice(1))).toEqual([expect.stringContaining('FOREIGN KEY constraint failed')])
  expect(stored()).toEqual(['first'])
  expect(outcomes(await appendEach(['c', 'd'], {sender: 'zoe'}))).toEqual(['stored'])
  expect((await store.messages.find({by: 'place', channel: 'ops', seq: 3}))[0]).toMatchObject({
    body: 'd',
    sender: 'zoe',
  })
})

test('a transaction that falls as a whole in the middle of a group fails all of it', async () => {
  const {session, appendEach, stored} = await opened()
  session.connection.script(`
    CREATE TRIGGER poison AFTER INSERT ON messages WHEN NEW.content = 'poison' BEGIN SELECT RAISE(ROLLBACK, 'all fell'); END`)
  const results = await appendEach(['first', 'a', 'poison', 'b'])
  expect(outcomes(results.slice(0, 1))).toEqual(['stored'])
  expect(outcomes(results.slice(1))).toEqual([expect.stringContaining('all fell')])
  expect(stored()).toEqual(['first'])
  expect(outcomes(await appendEach(['c', 'd']))).toEqual(['stored'])
  expect(stored()).toEqual(['first', 'c', 'd'])
})

test('on a full disk only that is stored which was acknowledged, and the rest when there is room', async () => {
  const {session, appendEach, stored} = await opened()
  const pages = session.connection.pragma('page_count') as number
  session.connection.pragma(`max_page_count = ${pages + 20}`)
  const bodies = ['first', 'a', ...numbers(6).map((number) => number.repeat(30_000)), 'b']
  const results = await appendEach(bodies)
  const isStored = (index: number): boolean => results[index]?.status === 'fulfilled'
  expect(outcomes(results)).toEqual(['stored', expect.stringContaining('the disk is full')])
  expect(stored()).toEqual(bodies.filter((_, index) => isStored(index)))
  session.connection.pragma(`max_page_count = ${pages + 10_000}`)
  expect(outcomes(await appendEach(bodies.filter((_, index) => !isStored(index))))).toEqual(['stored'])
  expect(stored().toSorted()).toEqual(bodies.toSorted())
})

test('where one of a group finds no room those that need less are stored all the same', async () => {
  const {session, appendEach, stored} = await opened()
  const pages = session.connection.pragma('page_count') as number
  session.connection.pragma(`max_page_count = ${pages + 10}`)
  const bodies = ['first', 'a', 'x'.repeat(200_000), 'b', 'c']
  const results = await appendEach(bodies)
  expect(results.map(({status}) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(stored()).toEqual(['first', 'a', 'b', 'c'])
  session.connection.pragma(`max_page_count = ${pages + 10_000}`)
  await turn()
  expect(outcomes(await appendEach(numbers(50)))).toEqual(['stored'])
})

test('what makes transactions of its own keeps its place among the others', async () => {
  const {store, stored} = await opened()
  const one = outgoing('ops', {body: 'a secret'})
  const done: string[] = []
  const told = async (name: string, writing: Promise<unknown>): Promise<void> => {
    await writing
    done.push(name)
  }
  await Promise.all([
    told('first', store.messages.append([outgoing('ops', {body: 'first'})])),
    told('one', store.messages.append([one])),
    told('redact', store.messages.redact(one.id, 'alice')),
    told('same key', store.messages.append([outgoing('ops', {body: 'last'})])),
    told('compact', store.maintenance.compact({dryRun: true})),
  ])
  expect(done.slice(0, 4)).toEqual(['first', 'one', 'redact', 'same key'])
  expect(stored()).toEqual(['first', '', 'last'])
})

test('of a handle that may not write each of those at once hears its own reason', async () => {
  const {path, store} = await opened()
  await store.messages.append([outgoing('ops', {key: 'taken'})])
  const session = openFile(path, options({readonly: true}))
  const looking = sqliteStore(session, 1000)
  onTestFinished(() => looking.close())
  const attempts = [
    () => looking.messages.append([outgoing('ops')]),
    () => looking.messages.append([outgoing('nowhere')]),
    () => looking.messages.append([outgoing('ops', {key: 'taken', body: 'other'})]),
    () => looking.claims.settle([{token: 'no token', as: 'done'}]),
    () => looking.channels.setState('nowhere', 'closed'),
    () => looking.channels.setState('ops', 'closed'),
    () => looking.roles.delete('nobody'),
  ]
  const codesOf = (results: readonly PromiseSettledResult<unknown>[]): unknown[] =>
    results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'))
  const alone: unknown[] = []
  for (const attempt of attempts) {
    alone.push(...codesOf(await Promise.allSettled([attempt()])))
    await turn()
  }
  expect(alone).toContain('STORAGE')
  expect(alone).toContain('NOT_FOUND')
  expect(codesOf(await Promise.allSettled(attempts.map((attempt) => attempt())))).toEqual(alone)
})

test('a claim whose settling was undone is given up when the handle is closed', async () => {
  const {session, store, path, appendEach} = await opened()
  await appendEach(['a', 'b'])
  await turn()
  session.connection.script(`
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE children (id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER poison AFTER DELETE ON in_flight WHEN OLD.seq = 2 BEGIN INSERT INTO children VALUES (1); END`)
  const terms = {actor: 'w1', limit: 2, lease: 60_000, maxAttempts: 5, bound: true}
  const {claims} = await store.claims.claim({channel: 'ops', group: 'workers'}, terms)
  const settled = await Promise.allSettled([
    store.channels.create('first', {}, 'alice'),
    ...claims.map(({token}) => store.claims.settle([{token, as: 'done'}])),
  ])
  expect(settled.map(({status}) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  session.connection.script('DROP TRIGGER poison')
  await store.close()
  const other = new Database(path, {readonly: true})
  expect(other.prepare('SELECT seq, until, nonce FROM in_flight ORDER BY seq').all()).toEqual([
    {seq: 1, until: 0, nonce: null},
    {seq: 2, until: 0, nonce: null},
  ])
  other.close()
})

test('while another process writes all wait, and the event loop runs on', async () => {
  const {path, appendEach, stored} = await opened()
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  const sending = appendEach(numbers(30))
  let ticks = 0
  await new Promise<void>((resolve) => {
    const ticking = setInterval(() => {
      if (++ticks < 5) return
      clearInterval(ticking)
      resolve()
    }, 10)
  })
  expect(stored()).toEqual([])
  other.exec('COMMIT')
  expect(outcomes(await sending)).toEqual(['stored'])
  expect(stored()).toEqual(numbers(30))
  other.close()
})

test('whose patience is over while another process writes is told, and nothing of it is stored', async () => {
  const {path, appendEach, stored} = await opened({patience: 300})
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  const results = await appendEach(numbers(10))
  expect(outcomes(results)).toEqual([expect.stringContaining('another process keeps writing')])
  other.exec('COMMIT')
  expect(outcomes(await appendEach(['a', 'b']))).toEqual(['stored'])
  expect(stored()).toEqual(['a', 'b'])
  other.close()
})

test('a handle that is closed writes first what waits', async () => {
  const {store, appendEach, stored} = await opened()
  const sending = appendEach(numbers(20))
  const closing = store.close()
  expect(outcomes(await sending)).toEqual(['stored'])
  await closing
  expect(stored()).toEqual(numbers(20))
})

test('a handle that is closed while another process writes says so to who waits', async () => {
  const {path, store, appendEach, stored} = await opened()
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  const sending = appendEach(numbers(5))
  await store.close()
  expect(outcomes(await sending)).toEqual([`${path} was closed`])
  other.exec('COMMIT')
  expect(stored()).toEqual([])
  other.close()
})

test('a removed message leaves nothing in the file, whoever writes at the same time', async () => {
  const {store, session, appendEach} = await opened()
  const secret = 'a secret that is told to nobody'
  const [receipt] = await store.messages.append([outgoing('ops', {body: secret})])
  const sending = appendEach(numbers(10))
  await Promise.all([sending, store.messages.redact(receipt!.id, 'alice')])
  for (const file of [session.path, `${session.path}-wal`])
    expect(readFileSync(file).includes(secret.slice(0, 20))).toBe(false)
})

test('who asks in a loop does not keep the event loop from timers, nor from writes that are gathered', async () => {
  const {store, appendEach} = await opened()
  const done = {timer: false, writes: false}
  setTimeout(() => {
    done.timer = true
  }, 1)
  const sending = appendEach(numbers(10)).then((results) => {
    done.writes = true
    return results
  })
  while (!done.timer || !done.writes) await store.channels.get('ops')
  expect(outcomes(await sending)).toEqual(['stored'])
})

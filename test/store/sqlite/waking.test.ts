import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openStore} from '../../../src/store/open.js'
import {append} from '../../../src/store/sqlite/append.js'
import {Bell} from '../../../src/store/sqlite/bell.js'
import {openFile} from '../../../src/store/sqlite/open.js'
import type {Store} from '../../../src/store/store.js'
import {SECOND, START, testClock} from '../contract/harness.js'
import {folder, options, outgoing} from './files.js'

async function newStore(): Promise<{path: string; store: Store; open: () => Promise<Store>}> {
  const path = join(folder(), 'store.db')
  const open = async () => {
    const store = await openStore(path, options({create: true}))
    onTestFinished(() => store.close())
    return store
  }
  const store = await open()
  await store.channels.create('ops', {}, 'alice')
  return {path, store, open}
}

const never = (): AbortSignal => new AbortController().signal

/** Waits as who follows a channel does: until a message is behind `after`, however often it is woken. */
async function follow(store: Store, channel: string, after: number): Promise<void> {
  while (((await store.channels.get(channel))?.lastSeq ?? 0) <= after) await store.changed({[channel]: after}, never())
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5)
}

describe('the bell', () => {
  const bellOf = (path: string): Bell => {
    const bell = new Bell(path)
    onTestFinished(() => bell.close())
    return bell
  }

  /** A file that stands for a store. */
  const place = (mode = 0o600): string => {
    const path = join(folder(), 'store.db')
    writeFileSync(path, '')
    chmodSync(path, mode)
    return path
  }

  test('is heard by all who watch it, and is made by them alone', async () => {
    const path = place(0o640)
    const ringer = bellOf(path)
    ringer.ring()
    expect(existsSync(`${path}-bell`)).toBe(false)
    let heard = 0
    for (const watcher of [bellOf(path), bellOf(path)]) expect(watcher.watch(() => heard++)).toBe(true)
    // As SQLite does with its own files: who may open the store may ring.
    expect((statSync(`${path}-bell`).mode & 0o777).toString(8)).toBe('640')
    ringer.ring()
    await until(() => heard >= 2)
    for (let count = 0; count < 100; count++) ringer.ring()
    expect(statSync(`${path}-bell`).size).toBe(1)
  })

  test('may be removed under those who use it', async () => {
    const path = place()
    const [ringer, watcher, other] = [bellOf(path), bellOf(path), bellOf(path)]
    watcher.watch(() => undefined)
    ringer.ring()
    rmSync(`${path}-bell`)
    ringer.ring()
    expect([watcher.isWatching, existsSync(`${path}-bell`)]).toEqual([false, false])
    let heard = 0
    other.watch(() => heard++)
    await until(() => !watcher.isWatching)
    expect(other.isWatching).toBe(true)
    watcher.watch(() => heard++)
    ringer.ring()
    await until(() => heard >= 2)
  })

  test('is a file of its own: nothing else that stands there is written or waited for', () => {
    const path = place()
    const [target, bell] = [`${path}-target`, bellOf(path)]
    writeFileSync(target, 'mine')
    symlinkSync(target, `${path}-bell`)
    expect(bell.watch(() => undefined)).toBe(false)
    bell.ring()
    expect(readFileSync(target, 'utf8')).toBe('mine')
    rmSync(`${path}-bell`)
    mkdirSync(`${path}-bell`)
    bell.ring()
    expect([bell.watch(() => undefined), lstatSync(`${path}-bell`).isDirectory()]).toEqual([false, true])
  })
})

test('where nothing can be watched those who wait look by themselves, and watch as soon as it can be', async () => {
  const {path, store, open} = await newStore()
  mkdirSync(`${path}-bell`)
  const follower = await open()
  const following = follow(follower, 'ops', 0)
  await store.messages.append([outgoing('ops')])
  await following
  const waiting = follow(follower, 'ops', 1)
  rmSync(`${path}-bell`, {recursive: true})
  await until(() => existsSync(`${path}-bell`))
  await store.messages.append([outgoing('ops')])
  await waiting
})

test('a bell that is removed while someone waits is made again', async () => {
  const {path, store, open} = await newStore()
  const follower = await open()
  const following = follow(follower, 'ops', 1)
  await until(() => existsSync(`${path}-bell`))
  rmSync(`${path}-bell`)
  await store.messages.append([outgoing('ops')])
  await until(() => existsSync(`${path}-bell`))
  await store.messages.append([outgoing('ops')])
  await following
})

test('what was committed by a writer that died before it rang is seen', async () => {
  const {path, open} = await newStore()
  const follower = await open()
  const following = follow(follower, 'ops', 0)
  const writer = openFile(path, options())
  onTestFinished(() => writer.connection.close())
  append(writer, [outgoing('ops')])
  await following
})

test('nor is it lost on who has looked before, was told of nothing since, and doesn’t look again', async () => {
  const {path, store, open} = await newStore()
  const follower = await open()
  const look = (after: number) =>
    follower.messages.arrivals({channels: [{name: 'ops', after}], actor: 'bob', limit: 10})
  // Rings are heard from here on.
  await store.messages.append([outgoing('ops')])
  await follow(follower, 'ops', 0)
  const writer = openFile(path, options())
  onTestFinished(() => writer.connection.close())
  for (const after of [1, 2]) {
    const {mark} = await look(after)
    append(writer, [outgoing('ops')])
    await follower.changed({ops: after}, never(), mark)
    expect((await look(after)).messages).toMatchObject([{seq: after + 1}])
  }
})

test('what falls due is known to whoever looks, whoever has sent it', async () => {
  const clock = testClock()
  const [path, settings] = [join(folder(), 'store.db'), options({create: true, clock: clock.now})]
  const [own, other] = [await openStore(path, settings), await openStore(path, settings)]
  for (const store of [own, other]) onTestFinished(() => store.close())
  await own.channels.create('ops', {}, 'alice')
  for (const [count, sender] of [own, other, own].entries()) {
    expect((await own.channels.get('ops'))?.lastSeq).toBe(count)
    await sender.messages.append([outgoing('ops', {deliverAt: clock.now() + SECOND})])
    expect((await own.channels.get('ops'))?.lastSeq).toBe(count)
    clock.advance(SECOND)
    expect((await own.channels.get('ops'))?.lastSeq).toBe(count + 1)
  }
})

test('a change between a look and the wait for the next is not lost', async () => {
  const {store, open} = await newStore()
  const follower = await open()
  for (const name of ['a', 'b']) {
    await follower.channels.all()
    await store.channels.create(name, {}, 'alice')
    await follower.changed({ops: 0}, never())
  }
})

test('what fell due and was stored by another call of the same handle wakes who waits, and not again', async () => {
  const clock = testClock()
  const store = await openStore(join(folder(), 'store.db'), options({create: true, clock: clock.now}))
  onTestFinished(() => store.close())
  for (const name of ['ops', 'other']) await store.channels.create(name, {}, 'alice')
  await store.messages.append([outgoing('ops', {deliverAt: START + SECOND})])
  const waiting = store.changed({ops: 0}, never())
  clock.advance(SECOND)
  await store.consumers.take({channel: 'other', reader: 'bob'}, {actor: 'bob', limit: 1, wait: 0})
  await waiting
  const abort = AbortSignal.timeout(100)
  let woken = 0
  for (; !abort.aborted; woken++) await store.changed({ops: 1, other: 0}, abort)
  expect(woken).toBeLessThan(10)
})

// An upper bound: a slow machine only makes it smaller.
test('who follows a quiet channel is woken now and then while others are busy, not at each message', async () => {
  const {store, open} = await newStore()
  await store.channels.create('busy', {}, 'alice')
  const follower = await open()
  const abort = new AbortController()
  let woken = 0
  const following = (async () => {
    for (; !abort.signal.aborted; woken++) await follower.changed({ops: 0}, abort.signal)
  })()
  const began = performance.now()
  for (let count = 0; count < 300; count++) {
    await store.messages.append([outgoing('busy')])
    if (count % 3 === 0) await pause(1)
  }
  const passed = performance.now() - began
  abort.abort()
  await following
  expect(woken).toBeLessThan(passed / 15 + 5)
})

const FOLLOWER = fileURLToPath(new URL('follower.ts', import.meta.url))

test('a process that follows is woken by another; stopped for long, it makes no log grow and misses nothing', async () => {
  const {path, store} = await newStore()
  const child = spawn(process.execPath, ['--import', 'tsx', FOLLOWER, path], {stdio: ['ignore', 'pipe', 'inherit']})
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value as string
  expect(await next()).toBe('waiting')
  await store.messages.append([outgoing('ops')])
  expect(await next()).toBe('1')
  child.kill('SIGSTOP')
  const body = 'x'.repeat(16_000)
  for (let batch = 0; batch < 10; batch++)
    await store.messages.append(Array.from({length: 200}, () => outgoing('ops', {body})))
  // SQLite starts its log again at 4,000 pages of 4 KiB, unless someone still reads what is in it.
  expect(statSync(`${path}-wal`).size).toBeLessThan(24_000_000)
  child.kill('SIGCONT')
  for (let seq = 2; seq <= 2001; seq++) expect(await next()).toBe(`${seq}`)
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
  await store.messages.append([outgoing('ops')])
}, 60_000)

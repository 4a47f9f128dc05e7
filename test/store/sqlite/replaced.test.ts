import {mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {openStore} from '../../../src/store/open.js'
import type {Store} from '../../../src/store/store.js'
import {folder, options, outgoing} from './files.js'

async function open(path: string): Promise<Store> {
  const store = await openStore(path, options({create: true}))
  onTestFinished(() => store.close())
  return store
}

/** A store with one channel, closed, so that all of it is in one file. */
async function made(path: string, channel: string): Promise<void> {
  const store = await openStore(path, options({create: true}))
  await store.channels.create(channel, {}, 'alice')
  await store.close()
}

/** What a restore does. */
function putInPlace(from: string, path: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, {force: true})
  renameSync(from, path)
}

const never = (): AbortSignal => new AbortController().signal

async function expectReplaced(path: string, doing: Promise<unknown>): Promise<void> {
  await expect(doing).rejects.toMatchObject({
    name: 'LeatError',
    code: 'STORAGE',
    message: `${path} was replaced or removed while it was in use`,
    hint: 'start again',
  })
}

test('who waits in a store that is replaced wakes, and is told; the new store is not touched', async () => {
  const [path, other] = [join(folder(), 'store.db'), join(folder(), 'other.db')]
  await made(path, 'old')
  await made(other, 'new')
  const [waiter, reader] = [await open(path), await open(path)]
  const waiting = waiter.changed({old: 0}, never())
  putInPlace(other, path)
  for (let told = false; !told; ) {
    await waiter.changed({old: 0}, never())
    told = await waiter.channels.all().then(
      () => false,
      () => true,
    )
  }
  await waiting
  await expectReplaced(path, waiter.channels.all())
  await expectReplaced(path, waiter.messages.append([outgoing('old')]))
  await expectReplaced(path, reader.messages.append([outgoing('old')]))
  await waiter.changed({old: 0}, never())
  const fresh = await open(path)
  await fresh.messages.append([outgoing('new')])
  await waiter.close()
  await reader.close()
  expect((await fresh.channels.all()).map(({name, lastSeq}) => [name, lastSeq])).toEqual([['new', 1]])
})

test('nothing is written to a store that was removed', async () => {
  const path = join(folder(), 'store.db')
  const store = await open(path)
  await store.channels.create('ops', {}, 'alice')
  for (const suffix of ['', '-wal', '-shm']) unlinkSync(path + suffix)
  await expectReplaced(path, store.messages.append([outgoing('ops')]))
})

test('a store behind a link is another once the link leads elsewhere', async () => {
  const base = folder()
  for (const name of ['one', 'two']) {
    mkdirSync(join(base, name))
    await made(join(base, name, 'store.db'), 'ops')
  }
  const link = join(base, 'store.db')
  symlinkSync('one/store.db', link)
  const store = await open(link)
  await store.messages.append([outgoing('ops')])
  unlinkSync(link)
  symlinkSync('two/store.db', link)
  await expectReplaced(link, store.messages.append([outgoing('ops')]))
})

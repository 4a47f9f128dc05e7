import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openStore} from '../../../src/store/open.js'
import {child, folder, options} from './files.js'

test('8 processes append 300 each at once: 2,400 are stored, and a reader meets no gap meanwhile', async () => {
  const path = join(folder(), 'store.db')
  const store = await openStore(path, options({create: true}))
  await store.channels.create('ops', {}, 'alice')
  let done = false
  const writing = Promise.all(Array.from({length: 8}, () => child(['append', path, '300']))).finally(() => {
    done = true
  })
  const seen: number[] = []
  for (let after = 0; !done || after < 2400; ) {
    const page = await store.messages.scan({
      channels: [{name: 'ops', after}],
      actor: 'bob',
      order: 'forward',
      limit: 500,
    })
    seen.push(...page.messages.map(({seq}) => seq))
    after = page.next['ops'] ?? after
    await store.changed({ops: after}, AbortSignal.timeout(500))
    if (done && page.messages.length === 0 && page.end) break
  }
  const acknowledged = ((await writing) as number[][]).flat().sort((a, b) => a - b)
  const all = Array.from({length: 2400}, (_, index) => index + 1)
  expect(acknowledged).toEqual(all)
  expect(seen).toEqual(all)
  await store.close()
}, 120_000)

test('a store that another process keeps locked is BUSY when the patience is over, and the event loop runs on', async () => {
  const path = join(folder(), 'store.db')
  const store = await openStore(path, options({create: true, patience: 500}))
  const {default: Database} = await import('better-sqlite3')
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  let ticks = 0
  const ticking = setInterval(() => ticks++, 10)
  await expect(store.channels.create('ops', {}, 'alice')).rejects.toMatchObject({name: 'LeatError', code: 'BUSY'})
  clearInterval(ticking)
  expect(ticks).toBeGreaterThan(0)
  other.exec('COMMIT')
  other.close()
  await store.channels.create('ops', {}, 'alice')
  await store.close()
})

test('a store that another process is just putting in order is opened as soon as it is free', async () => {
  const path = join(folder(), 'store.db')
  await (await openStore(path, options({create: true}))).close()
  const {default: Database} = await import('better-sqlite3')
  const other = new Database(path)
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA user_version')
  await expect(openStore(path, options({patience: 100}))).rejects.toMatchObject({name: 'LeatError', code: 'BUSY'})
  const opening = openStore(path, options())
  // The first try has failed by the time that a timer runs.
  setTimeout(() => other.close(), 1)
  await (await opening).close()
})

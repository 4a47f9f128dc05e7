import {chmodSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {world} from './leat.js'

test('store info tells where the store is, what is in it and what is in force', async () => {
  const {leat, store} = world()
  await leat`channel create ops`
  await leat({stdin: '1\n2\n3\n'})`send ops --lines`
  await leat`subscribe ops --as bob`
  await leat`read ops`
  const info = await leat`store info --json`
  expect(info.json()).toEqual({
    location: store,
    storeFrom: 'default',
    engine: 'sqlite',
    schemaVersion: expect.any(Number),
    epoch: expect.stringMatching(/^[0-9a-f-]{36}$/),
    createdAt: expect.stringMatching(/Z$/),
    bytes: expect.any(Number),
    channels: 1,
    messages: 3,
    subscriptions: 1,
    consumers: 2,
    settings: expect.objectContaining({journal_mode: 'wal', synchronous: expect.anything()}),
  })
  const plain = Object.fromEntries((await leat`store info`).lines().map((line) => line.split('\t')))
  expect(plain).toMatchObject({
    STORE: store,
    ENGINE: 'sqlite',
    CHANNELS: '1',
    MESSAGES: '3',
    SIZE: expect.stringMatching(/^\d+$/),
  })
  expect(plain.SETTINGS).toContain('journal_mode=wal')
})

test('the default store is made on first use, for its owner only', async () => {
  const {leat, store, dir} = world()
  expect((await leat`store info --json`).json()).toMatchObject({location: store, channels: 0, messages: 0})
  expect(statSync(store).mode & 0o777).toBe(0o600)
  expect(statSync(join(dir, 'data', 'leat')).mode & 0o777).toBe(0o700)
})

test('of a read-only store everything can be read', async () => {
  const {leat, store} = world()
  await leat`channel create ops`
  await leat`send ops hi`
  chmodSync(store, 0o400)
  expect((await leat`list --names`).lines()).toEqual(['ops'])
  expect((await leat`log ops --raw`).stdout).toBe('hi\n')
  expect((await leat`store info`).code).toBe(0)
})

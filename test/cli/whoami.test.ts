import {chmodSync, existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {world} from './leat.js'

test('says who acts, on which store, and what says so', async () => {
  const {leat, store, dir} = world()
  expect((await leat`whoami --json`).json()).toEqual({
    actor: 'alice',
    actorFrom: 'LEAT_AS',
    reader: 'alice',
    store,
    storeFrom: 'default',
    exists: false,
  })
  expect((await leat`whoami`).stdout).toBe(
    `ACTOR\talice\nACTOR FROM\tLEAT_AS\nREADER\talice\nSTORE\t${store}\nSTORE FROM\tdefault\nEXISTS\tno\n`,
  )
  expect(existsSync(join(dir, 'data'))).toBe(false)
  await leat`channel create ops`
  expect((await leat`whoami --json`).json().exists).toBe(true)
})

test('--as wins over LEAT_AS, and --store over LEAT_STORE', async () => {
  const {leat} = world()
  expect((await leat({env: {LEAT_STORE: './x.db'}})`whoami --as bob --json`).json()).toMatchObject({
    actor: 'bob',
    actorFrom: '--as',
    store: './x.db',
    storeFrom: 'LEAT_STORE',
    exists: false,
  })
  expect((await leat({env: {LEAT_STORE: './x.db'}})`whoami --store ./y.db --json`).json()).toMatchObject({
    store: './y.db',
    storeFrom: '--store',
  })
  expect((await leat({env: {LEAT_READER: 'night'}})`whoami --json`).json()).toMatchObject({
    actor: 'alice',
    reader: 'night',
  })
})

test('an empty variable counts as none', async () => {
  const {leat, store} = world()
  expect((await leat({as: '', env: {LEAT_STORE: ''}})`whoami --json`).json()).toMatchObject({
    actorFrom: 'user name',
    store,
    storeFrom: 'default',
  })
})

test('without LEAT_AS it is the user of the system, and one without a name is called by its number', async () => {
  const {leat, dir} = world()
  chmodSync(dir, 0o755)
  expect((await leat({as: null})`whoami --json`).json()).toMatchObject({actorFrom: 'user name'})
  if (process.getuid?.() !== 0) return
  expect((await leat({as: null, uid: 4242})`whoami --json`).json()).toMatchObject({
    actor: 'uid-4242',
    actorFrom: 'user id',
  })
  expect((await leat({as: 'bob', uid: 4242})`whoami --json`).json()).toMatchObject({actor: 'bob'})
})

test('without a HOME it still knows who, and where the store would be', async () => {
  const {leat} = world()
  const without = await leat({env: {HOME: undefined, XDG_DATA_HOME: undefined}})`whoami --json`
  expect(without.code).toBe(0)
  expect(without.json()).toMatchObject({
    actor: 'alice',
    store: expect.stringMatching(/^\/.*\.local\/share\/leat\/leat\.db$/),
  })
})

test('whatever stands at the store’s path is left alone', async () => {
  const {leat, dir} = world()
  const file = join(dir, 'notes.txt')
  writeFileSync(file, 'not a store')
  expect((await leat`whoami --store ${file} --json`).json()).toMatchObject({exists: true})
})

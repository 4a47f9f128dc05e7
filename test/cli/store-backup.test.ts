import {readdirSync, readFileSync, statSync, truncateSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {describe, expect, test} from 'vitest'
import {SCHEMA_VERSION} from '../../src/store/sqlite/migrate.js'
import {background} from './background.js'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

async function filled() {
  const made = world({defaultStore: false})
  await made.leat`channel create ops`
  await made.leat({stdin: 'one\ntwo\n'})`send ops --lines`
  return made
}

test('a backup is one file for its user alone, verified, and takes no other’s place without --yes', async () => {
  const {leat, dir} = await filled()
  const made = await leat`store backup b.db --verify --json`
  expect(made.json()).toMatchObject({file: 'b.db', channels: 1, messages: 2, verified: true})
  expect(statSync(join(dir, 'b.db')).mode & 0o777).toBe(0o600)
  expect(await leat`store backup b.db`).toMatchObject({code: 6, stdout: '', stderr: expect.stringContaining('--yes')})
  expect(await leat`store backup b.db --yes`).toMatchObject({code: 0, stdout: ''})
  expect(await leat`store backup -`).toMatchObject({code: 2})
  expect(await leat`store backup bus.db --yes`).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the store itself'),
  })
  expect((await leat`log --store b.db --raw`).stdout).toBe('one\ntwo\n')
  expect(readdirSync(dir).sort()).toEqual(['b.db', 'bus.db'])
})

test('a restore needs a yes, keeps what was there, and numbers go on', async () => {
  const {leat, dir, store} = await filled()
  await leat`store backup b.db`
  await leat`send ops three`
  await leat`channel create new`
  const planned = await leat`store restore b.db --dry-run --json`
  expect(planned.json()).toMatchObject({way: 'in place', lost: 1, gained: 0, droppedChannels: ['new'], dryRun: true})
  expect((await leat`store restore b.db --dry-run`).stdout).toContain('1 message lost')
  const unasked = await leat`store restore b.db`
  expect(unasked).toMatchObject({code: 2, stdout: ''})
  expect(unasked.stderr).toContain(`restore ${store} from b.db (1 message lost, 0 back, without new) needs --yes`)
  expect((await leat`log ops --raw`).stdout).toBe('one\ntwo\nthree\n')
  const done = (await leat`store restore b.db --yes --json`).json()
  expect(done.safetyCopy).toContain('bus.db.before-restore-')
  expect((await leat`log ops --raw`).stdout).toBe('one\ntwo\n')
  expect((await leat`log ops --raw --store ${done.safetyCopy}`).stdout).toBe('one\ntwo\nthree\n')
  expect((await leat`send ops four --json`).json().sent).toEqual([{channel: 'ops', seq: 4}])
  await leat`store restore b.db --yes --no-safety-copy`
  expect(readdirSync(dir).filter((name) => name.includes('before-restore'))).toHaveLength(1)
})

test('a store that is missing or damaged is made by a restore', async () => {
  const {leat, store, dir} = await filled()
  await leat`store backup b.db`
  expect(await leat`store restore b.db --store new.db`).toMatchObject({code: 0})
  expect((await leat`log --store new.db --raw`).stdout).toBe('one\ntwo\n')
  truncateSync(store, 8192)
  expect((await leat`store restore b.db`).stderr).toContain("which can't be opened")
  const done = (await leat`store restore b.db --yes --json`).json()
  expect(done.way).toBe('anew')
  expect(readFileSync(done.safetyCopy).length).toBe(8192)
  expect((await leat`log --raw`).stdout).toBe('one\ntwo\n')
  for (const [file, code] of [
    ['none.db', 3],
    ['.', 9],
    [done.safetyCopy, 9],
    ['bus.db', 2],
    ['-', 2],
  ] as const)
    expect(await leat`store restore ${file} --yes`, file).toMatchObject({code, stdout: ''})
  expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([])
})

test.skipIf(!hasTerminal)('at a terminal it asks, naming what is lost', async () => {
  const {leat, env, dir} = await filled()
  const file = join(dir, 'b.db')
  await leat`store backup ${file}`
  await leat`send ops three`
  const no = await terminal(env, {answer: 'n', columns: 200})`store restore ${file}`
  expect(no.code).toBe(2)
  expect(no.text).toContain('(1 message lost, 0 back)?')
  const yes = await terminal(env, {answer: 'y', columns: 200})`store restore ${file}`
  expect(yes.code).toBe(0)
  expect(yes.text).toContain('restored')
  expect((await leat`log ops --raw`).stdout).toBe('one\ntwo\n')
})

describe('whoever had the store open when it was restored', () => {
  test('is told so and ends with 6: followers, workers, servers, deliverers', async () => {
    const {leat, env} = await filled()
    await leat`store backup b.db`
    const others = [
      background(env)`follow ops --from start`,
      background(env)`work ops -- cat`,
      background(env)`serve --port 0`,
      background(env)`serve --port 0 --no-deliver --no-auth`,
    ]
    await others[0]!.says(/two/)
    await others[1]!.says(/two/)
    await others[2]!.says(/ready/)
    await others[3]!.says(/ready/)
    await leat`store restore b.db --yes`
    for (const other of others) {
      const {code, stderr} = await other.ended
      expect(stderr).toMatch(/was restored from a backup while it was in use/)
      expect(code).toBe(6)
    }
  }, 120_000)

  test('a claim of before is a conflict', async () => {
    const {leat} = await filled()
    const claim = (await leat`claim ops --json`).json()
    await leat`store backup b.db`
    await leat`store restore b.db --yes`
    expect((await leat`ack ${claim.claim.token} --json`).error()).toMatchObject({code: 'CONFLICT'})
    expect((await leat`claim ops --json`).json()).toMatchObject({seq: 1})
  })
})

test('migrate says the schema, and saves the store before it changes it', async () => {
  const {leat, dir} = await filled()
  expect((await leat`store migrate --dry-run --json`).json()).toEqual({
    from: SCHEMA_VERSION,
    to: SCHEMA_VERSION,
    dryRun: true,
  })
  expect((await leat`store migrate --backup before.db --json`).json()).toMatchObject({backup: 'before.db'})
  expect((await leat`log --store before.db --raw`).stdout).toBe('one\ntwo\n')
  const db = new Database(join(dir, 'before.db'))
  db.pragma(`user_version = ${SCHEMA_VERSION + 1}`)
  db.close()
  for (const line of ['store migrate', 'store migrate --dry-run'])
    expect((await leat`${line.split(' ')} --store before.db --json`).error()).toMatchObject({code: 'SCHEMA_NEWER'})
})

test('compact gives back what pruned messages had', async () => {
  const {leat} = await filled()
  await leat({stdin: 'x'.repeat(500_000)})`send ops`
  await leat`channel prune ops --keep 0 --yes`
  const planned = (await leat`store compact --dry-run --json`).json()
  expect((await leat`store compact --dry-run`).stdout).toContain('would have')
  const done = (await leat`store compact --json`).json()
  expect(planned.after).toBeLessThan(planned.before)
  expect(done.after).toBeLessThanOrEqual(planned.after)
  expect(await leat`store check --deep`).toMatchObject({code: 0})
})

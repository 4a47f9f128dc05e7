import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {describe, expect, test} from 'vitest'
import {LeatError} from '../../../src/model/errors.js'
import {openStore} from '../../../src/store/open.js'
import {SCHEMA_VERSION} from '../../../src/store/sqlite/migrate.js'
import {bitFlips} from './bit-flips.js'
import {altered, body, checkFile, filled, tamper} from './damage.js'
import {folder, options} from './files.js'

const TEXTS = ['one', 'two', 'three', 'four']

test('a sound store, and one that was left by a process, have nothing that is wrong', async () => {
  const path = await filled(TEXTS)
  for (const deep of [false, true])
    expect(await checkFile(path, {deep})).toMatchObject({
      found: [],
      checked: {deep, channels: 2, messages: 6, damage: 0, warnings: 0, notes: 0},
    })
})

/** What is done to a store, and what is found: severity, kind, and what of it is said. */
const DAMAGES: readonly [sql: string, kind: string, says: RegExp, deep?: boolean][] = [
  [`UPDATE counters SET message_count = 9 WHERE channel_id = 1`, 'counter', /ops: 4 messages stored, but it counts 9/],
  [
    `UPDATE counters SET last_seq = 2 WHERE channel_id = 1`,
    'counter',
    /ops: its last number is 2, but there is a message 4/,
  ],
  [`UPDATE counters SET first_seq = 3 WHERE channel_id = 1`, 'counter', /ops: it begins at 1, not at 3/],
  [
    `UPDATE messages SET recipient_id = 1 WHERE channel_id = 1 AND seq = 3`,
    'counter',
    /message 3 is direct or expires/,
  ],
  [`DELETE FROM messages WHERE channel_id = 1 AND seq = 2`, 'counter', /ops: there are 3 messages behind 0, not 4/],
  [`DELETE FROM counters WHERE channel_id = 1`, 'counter', /ops: its counters are missing/],
  [
    `UPDATE messages SET time = time - 9 WHERE channel_id = 1 AND seq = 3`,
    'message',
    /ops\/3: it can be missed by a search by time/,
  ],
  [`UPDATE counters SET newest_time = 5 WHERE channel_id = 1`, 'counter', /its newest time is not/],
  [
    `UPDATE messages SET reply_to = (SELECT id FROM messages WHERE channel_id = 1 AND seq = 1), thread = zeroblob(16) WHERE channel_id = 1 AND seq = 2`,
    'message',
    /ops\/2: it is in another thread/,
  ],
  [
    `UPDATE messages SET reply_to = zeroblob(16) WHERE seq = 2`,
    'message',
    /ops\/2: it answers a message, but is in no thread/,
  ],
  [
    `UPDATE messages SET refs = zeroblob(16) WHERE channel_id = 1 AND seq = 2`,
    'message',
    /ops\/2: its references are not found/,
  ],
  [`INSERT INTO message_references VALUES (999, zeroblob(16))`, 'message', /1 reference of messages that aren't there/],
  [`UPDATE messages SET id = x'00' WHERE channel_id = 1 AND seq = 2`, 'message', /ops\/2: its id has 1 bytes/],
  [
    `UPDATE messages SET id = (SELECT id FROM messages WHERE channel_id = 1 AND seq = 1) WHERE channel_id = 1 AND seq = 2`,
    'message',
    /messages (1, 2|2, 1) have the same id/,
  ],
  [`UPDATE messages SET headers = '{' WHERE channel_id = 1 AND seq = 2`, 'message', /ops\/2: its headers are no JSON/],
  [`UPDATE messages SET sender_id = 99 WHERE seq = 2`, 'name', /names of its messages are missing/],
  [`UPDATE messages SET conversation_id = 99 WHERE seq = 2`, 'name', /conversations of its messages are missing/],
  [`DELETE FROM names WHERE name = 'bob'`, 'name', /the name of 1 subscription is missing/],
  [`UPDATE consumers SET cursor = 99 WHERE kind = 'reader'`, 'cursor', /reader bob is at 99 of ops, which ends at 4/],
  [`UPDATE consumers SET cursor = 99 WHERE kind = 'workers'`, 'cursor', /group workers is at 99 of jobs/],
  [
    `INSERT INTO consumers (channel_id, kind, name_id, cursor, created_at, moved_at) SELECT 1, 'push', id, 0, 0, 0 FROM names WHERE name = 'alice'`,
    'cursor',
    /alice is pushed ops without a subscription/,
  ],
  [
    `INSERT INTO in_flight (channel_id, seq, name_id, attempt, until) VALUES (1, 77, 1, 1, 0)`,
    'claim',
    /ops\/77 is in flight/,
  ],
  [
    `INSERT INTO deliveries (channel_id, subscriber_id, seq, id, state, attempts, until, created_at) VALUES (1, 1, 77, x'00', 'pending', 0, 0, 0)`,
    'delivery',
    /ops\/77 to .* is pending, but it is not stored/,
  ],
  [`INSERT INTO grants VALUES (77, 1, 0, 'manage')`, 'orphan', /1 grant of a channel \(number 77\)/],
  [`UPDATE subscriptions SET channel_id = 77`, 'orphan', /1 subscription of a channel \(number 77\)/],
  [`UPDATE messages SET channel_id = 77 WHERE channel_id = 1`, 'orphan', /messages of a channel \(number 77\)/],
  [`UPDATE channels SET deleted_at = 1 WHERE id = 1`, 'orphan', /ops, which was deleted/],
  [`UPDATE channels SET state = 'ajar' WHERE id = 1`, 'channel', /ops: it is "ajar"/],
  [`UPDATE channels SET metadata = '{' WHERE id = 1`, 'channel', /ops: its metadata/],
  [`UPDATE scheduled SET rest = '{'`, 'content', /the delayed message .*: what is kept of it is no JSON/],
  [`INSERT INTO workers VALUES ('x', 1, 1, 1, 99, 0)`, 'worker', /the process of 1 worker is missing/],
  [`DELETE FROM meta WHERE key = 'created_at'`, 'structure', /doesn't know its created_at/],
  [`DROP INDEX messages_thread`, 'structure', /messages_thread is missing/],
  [`DROP TABLE tokens`, 'structure', /tokens is missing/],
  [
    `UPDATE messages SET content = 'onf' WHERE channel_id = 1 AND seq = 1`,
    'content',
    /ops\/1: its content was altered/,
    true,
  ],
  [
    `UPDATE messages SET content_type = 'application/json' WHERE channel_id = 1 AND seq = 1`,
    'content',
    /ops\/1: its content is not application\/json/,
    true,
  ],
  [
    `UPDATE messages SET redacted_at = 1 WHERE channel_id = 1 AND seq = 1`,
    'content',
    /ops\/1: it was redacted, but has content/,
    true,
  ],
  [`UPDATE scheduled SET content = 'latex'`, 'content', /the delayed message .* content was altered/, true],
  [`UPDATE dead_letters SET content = 'a jib'`, 'content', /the dead letter .* content was altered/, true],
]

describe('damage is found', () => {
  test.each(DAMAGES)('%s', async (sql, kind, says, deep = false) => {
    const path = await filled(TEXTS)
    tamper(path, sql)
    const {found, checked} = await checkFile(path, {deep})
    const [one] = found.filter((finding) => finding.severity === 'damage' && says.test(finding.what))
    expect(one, JSON.stringify(found)).toMatchObject({severity: 'damage', kind})
    expect(one?.hint).not.toBe('')
    expect(checked.damage).toBeGreaterThan(0)
  })
})

describe('what is normal is a note', () => {
  test.each([
    [
      `UPDATE messages SET reply_to = zeroblob(16), thread = zeroblob(16) WHERE channel_id = 1 AND seq = 2`,
      'link',
      /1 message answer/,
    ],
    [
      `UPDATE consumers SET hold_token = 'x', hold_process = '{"machine":"x","pid":1,"started":""}', hold_until = 5, hold_from = 1, hold_to = 1, hold_up_to = 1 WHERE kind = 'reader'`,
      'hold',
      /reader bob of ops holds messages, but its lease ended at 1970/,
    ],
    [
      `INSERT INTO in_flight (channel_id, seq, name_id, attempt, until, nonce) VALUES (1, 1, 1, 1, 5, 'x')`,
      'claim',
      /ops\/1 is claimed by .*, but its lease ended/,
    ],
    [`UPDATE scheduled SET deliver_at = 5`, 'delayed', /1 delayed message fell due/],
  ])('%s', async (sql, kind, says) => {
    const path = await filled(TEXTS)
    tamper(path, sql)
    const {found, checked} = await checkFile(path, {deep: true})
    expect(found).toEqual([expect.objectContaining({severity: 'note', kind, what: expect.stringMatching(says)})])
    expect(checked).toMatchObject({damage: 0, notes: 1})
  })
})

test('bits that flip in bodies are all found, each by its message', async () => {
  const {flips, missed} = await bitFlips(30)
  expect(missed).toEqual([])
  expect(flips).toBe(30)
})

test('what is no store is said in one finding, and stays as it is', async () => {
  const home = folder()
  mkdirSync(join(home, 'folder'))
  writeFileSync(join(home, 'empty'), '')
  writeFileSync(join(home, 'text'), 'dear diary\n'.repeat(500))
  new Database(join(home, 'other')).exec('CREATE TABLE t (x)').close()
  for (const name of ['folder', 'empty', 'text', 'other']) {
    const {found, checked} = await checkFile(join(home, name))
    expect(found, name).toEqual([expect.objectContaining({severity: 'damage', kind: 'file'})])
    expect(checked.damage).toBe(1)
  }
  expect(readFileSync(join(home, 'empty')).length).toBe(0)
  await expect(checkFile(join(home, 'none'))).rejects.toMatchObject({code: 'NOT_FOUND'})
})

test('a store of a newer leat is damage to this one, of an older one a note; neither is changed', async () => {
  const path = await filled(TEXTS)
  for (const [version, severity] of [
    [SCHEMA_VERSION + 1, 'damage'],
    [SCHEMA_VERSION - 1, 'note'],
  ] as const) {
    tamper(path, `PRAGMA user_version = ${version}`)
    const before = readFileSync(path)
    const {found} = await checkFile(path, {deep: true})
    expect(found).toEqual([expect.objectContaining({severity, kind: 'schema'})])
    expect(readFileSync(path).equals(before)).toBe(true)
  }
})

const PAGE = 4096

/** Opens a store and looks into it; the error's code, undefined if all went well. */
async function codeOfUse(path: string): Promise<string | undefined> {
  try {
    const store = await openStore(path, options())
    try {
      await store.channels.all()
      await store.messages.scan({channels: [{name: 'ops'}], actor: 'alice', order: 'forward', limit: 100})
    } finally {
      await store.close()
    }
    return undefined
  } catch (error) {
    if (error instanceof LeatError) return error.code
    throw error
  }
}

test('a store that is cut at any page is refused, and the check says so', async () => {
  const path = await filled(TEXTS.map(() => body(5000)))
  const pages = statSync(path).size / PAGE
  expect(pages).toBeGreaterThan(40)
  for (let kept = 0; kept < pages; kept++) {
    const cut = altered(path, (bytes) => bytes.subarray(0, kept * PAGE))
    expect(await codeOfUse(cut), `${kept} pages`).toBe(kept === 0 ? 'STORAGE' : 'CORRUPT')
    const {checked} = await checkFile(cut, {deep: true})
    expect(checked.damage, `${kept} pages`).toBeGreaterThan(0)
    expect(statSync(cut).size).toBe(kept * PAGE)
  }
}, 120_000)

test('a store with any page overwritten is either refused or works, and the check says that it is damaged', async () => {
  const path = await filled(TEXTS.map(() => body(5000)))
  const pages = statSync(path).size / PAGE
  for (let page = 0; page < pages; page++) {
    const bad = altered(path, (bytes) => Buffer.from(bytes).fill(0x5a, page * PAGE, (page + 1) * PAGE))
    expect([undefined, 'CORRUPT', 'STORAGE'], `page ${page}`).toContain(await codeOfUse(bad))
    expect((await checkFile(bad, {deep: true})).checked.damage, `page ${page}`).toBeGreaterThan(0)
  }
}, 120_000)

test('a header of which any byte is another gives an error of leat or none, and never a hang', async () => {
  const path = await filled(TEXTS)
  for (let at = 0; at < 100; at++) {
    const bad = altered(path, (bytes) => {
      const copy = Buffer.from(bytes)
      copy[at]! ^= 0xff
      return copy
    })
    expect([undefined, 'CORRUPT', 'STORAGE', 'SCHEMA_NEWER'], `byte ${at}`).toContain(await codeOfUse(bad))
    await checkFile(bad)
  }
}, 120_000)

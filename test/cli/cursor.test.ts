import {expect, test} from 'vitest'
import {type Filled, filled} from './filled.js'
import {BIN} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** Ten messages in ops, of which bob has read four. */
async function tenAndFour(): Promise<Filled> {
  const made = await filled(10)
  await (await made.bus('bob')).setCursor('ops', '4')
  return made
}

test('list and show', async () => {
  const {leat} = await tenAndFour()
  await leat`channel create audit`
  await leat`send audit one`
  await leat`read audit`
  const bob = {
    channel: 'ops',
    kind: 'reader',
    name: 'bob',
    cursor: 4,
    unread: 6,
    lastSeq: 10,
    createdAt: ISO,
    movedAt: ISO,
  }
  const alice = {
    channel: 'audit',
    kind: 'reader',
    name: 'alice',
    cursor: 1,
    unread: 0,
    lastSeq: 1,
    createdAt: ISO,
    movedAt: ISO,
  }
  expect((await leat`cursor list --json`).jsonLines()).toEqual([alice, bob])
  expect((await leat`cursor list --channel ops --json`).jsonLines()).toEqual([bob])
  expect((await leat`cursor list --reader alice --json`).jsonLines()).toEqual([alice])
  expect((await leat`cursor list`).lines().map((line) => line.split('\t'))).toEqual([
    ['audit', 'alice', '1', '1', '0', ISO, ''],
    ['ops', 'bob', '4', '10', '6', ISO, ''],
  ])
  expect(await leat`cursor list --reader nobody`).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect((await leat`cursor list --channel opz`).code).toBe(3)

  expect((await leat`cursor show ops --reader bob --json`).json()).toEqual(bob)
  expect((await leat({as: 'bob'})`cursor show ops --json`).json()).toEqual(bob)
  expect((await leat({env: {LEAT_READER: 'bob'}})`cursor show ops --json`).json()).toEqual(bob)
  expect((await leat`cursor show ops --reader bob`).lines().slice(0, 5)).toEqual([
    'CHANNEL\tops',
    'READER\tbob',
    'CURSOR\t4',
    'LAST\t10',
    'UNREAD\t6',
  ])
  const missing = await leat`cursor show ops --json`
  expect([missing.code, missing.error()]).toEqual([
    3,
    {code: 'NOT_FOUND', message: '"alice" has no cursor in ops', hint: 'leat read ops'},
  ])
  await leat`channel create board --restricted`
  expect((await leat({as: 'bob'})`cursor show board`).code).toBe(5)
  expect((await leat({as: 'bob'})`cursor list --json`).jsonLines()).toHaveLength(2)
})

test('set goes anywhere and says what that does', async () => {
  const {leat} = await tenAndFour()
  const set = async (position: string, words: string[] = []) =>
    (await leat({as: 'bob'})`cursor set ops ${position} --json ${words}`).json()
  const move = {channel: 'ops', reader: 'bob'}
  expect(await set('7')).toEqual({...move, from: 4, to: 7, again: 0, skipped: 3})
  expect(await set('ops/2')).toEqual({...move, from: 7, to: 2, again: 5, skipped: 0})
  expect(await set('now')).toEqual({...move, from: 2, to: 10, again: 0, skipped: 8})
  expect(await set('start')).toEqual({...move, from: 10, to: 0, again: 10, skipped: 0})
  expect(await set('start')).toEqual({...move, from: 0, to: 0, again: 0, skipped: 0})
  const {id} = (await leat`show ops/3 --json`).json()
  expect(await set(id)).toMatchObject({to: 3})
  expect(await set('1h')).toMatchObject({to: 0})
  expect(await set('5', ['--reader', 'nightly'])).toEqual({
    channel: 'ops',
    reader: 'nightly',
    from: 0,
    to: 5,
    again: 0,
    skipped: 5,
  })
  expect((await leat({as: 'bob'})`read ops -n 1 --reader nightly --format {seq}`).stdout).toBe('6\n')
  expect(await leat({as: 'bob'})`cursor set ops 9`).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect((await leat({as: 'bob'})`read ops --format {seq}`).stdout).toBe('10\n')
})

test('set --dry-run changes nothing', async () => {
  const {leat} = await tenAndFour()
  expect(await leat({as: 'bob'})`cursor set ops start --dry-run`).toMatchObject({
    code: 0,
    stdout: 'ops\tbob\t4\t0\t4\t0\n',
  })
  expect((await leat({as: 'bob'})`cursor set ops now --dry-run --json`).json()).toMatchObject({
    from: 4,
    to: 10,
    skipped: 6,
  })
  expect((await leat({as: 'bob'})`cursor show ops --json`).json().cursor).toBe(4)
  expect((await leat({as: 'carol'})`cursor set ops 3 --dry-run`).code).toBe(0)
  expect((await leat({as: 'carol'})`cursor show ops`).code).toBe(3)
})

test('set refuses what is not a place', async () => {
  const {leat} = await tenAndFour()
  const beyond = await leat`cursor set ops 11 --json`
  expect([beyond.code, beyond.error()]).toEqual([
    2,
    {code: 'INVALID', message: 'ops has no place 11', hint: 'its last is ops/10'},
  ])
  expect((await leat`cursor set ops whenever`).code).toBe(2)
  expect((await leat`cursor set ops audit/1`).code).toBe(2)
  expect((await leat`cursor set ops 019aa3f0-0000-7000-8000-000000000000`).code).toBe(3)
  expect((await leat`cursor set opz 1`).code).toBe(3)
  expect((await leat`cursor set ops`).code).toBe(2)
  expect((await leat`cursor list --json`).jsonLines()).toHaveLength(1)
})

test('commit moves forward only', async () => {
  const {leat} = await tenAndFour()
  expect((await leat({as: 'bob'})`cursor commit ops/7 --json`).json()).toEqual({
    channel: 'ops',
    reader: 'bob',
    from: 4,
    to: 7,
    again: 0,
    skipped: 3,
  })
  expect((await leat({as: 'bob'})`cursor commit ops/5 --json`).json()).toMatchObject({from: 7, to: 7})
  expect((await leat({as: 'bob'})`cursor show ops --json`).json().cursor).toBe(7)
  const {id} = (await leat`show ops/9 --json`).json()
  expect((await leat({as: 'bob'})`cursor commit ${id} --json`).json()).toMatchObject({from: 7, to: 9})
  expect((await leat`cursor commit ops/2 --reader nightly --json`).json()).toMatchObject({reader: 'nightly', to: 2})
  expect((await leat`cursor commit ops/11`).code).toBe(2)
  expect((await leat`cursor commit opz/1`).code).toBe(3)
  expect((await leat`cursor commit nonsense!`).code).toBe(2)
})

test('a reader that is being handed messages is not moved under its feet', async () => {
  const {leat} = await tenAndFour()
  const env = {NODE: process.execPath, BIN}
  const inside = await leat({
    as: 'bob',
    env,
  })`read ops -n 1 -- sh -c '"$NODE" "$BIN" cursor set ops 9 --json 2>&1; echo $?'`
  expect(inside.code).toBe(0)
  expect(inside.lines()[1]).toBe('9')
  expect(JSON.parse(inside.lines()[0] ?? '').error.code).toBe('BUSY')
  expect((await leat({as: 'bob'})`cursor show ops --json`).json().cursor).toBe(5)
})

test.skipIf(!hasTerminal)('at a terminal: a table, and sentences', async () => {
  const {env} = await tenAndFour()
  const bob = {env: {LEAT_AS: 'bob'}}
  expect((await terminal(env)`cursor list`).text).toMatch(
    /^CHANNEL {2}READER {2}CURSOR {2}LAST {2}UNREAD {2}MOVED\nops {6}bob {10}4 {4}10 {7}6 +(now|\d+s)\n$/,
  )
  expect((await terminal(env, bob)`cursor set ops 9 --dry-run`).text).toBe(
    'bob in ops: would go from 4 to 9, 5 messages skipped\n',
  )
  expect((await terminal(env, bob)`cursor set ops 3`).text).toBe('bob in ops: 4 → 3, 1 message will come again\n')
  expect((await terminal(env, bob)`cursor set ops 3`).text).toBe('bob in ops: at 3, as before\n')
  expect((await terminal(env, bob)`cursor commit ops/5`).text).toBe('bob has read ops up to 5 (2 messages)\n')
  expect((await terminal(env, bob)`cursor commit ops/5`).text).toBe('bob has read ops up to 5 already\n')
  expect((await terminal(env, bob)`cursor list --reader x`).text).toBe('no reader yet; leat read CHANNEL makes one\n')
})

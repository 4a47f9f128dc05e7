import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

const START = ['leat channel create ops', 'leat send ops "hello"', 'leat read ops']

test('where nothing is yet: who, where, and how to start; and nothing is made', async () => {
  const {leat, dir, store} = world()
  const expected = `actor\talice\nstore\t${store}\n${START.map((command) => `next\t${command}\n`).join('')}`
  expect(await leat``).toMatchObject({code: 0, stdout: expected, stderr: ''})
  expect((await leat`status`).stdout).toBe(expected)
  expect((await leat`--json`).json()).toEqual({
    actor: 'alice',
    store,
    exists: false,
    channels: 0,
    next: START,
    unread: [],
  })
  expect(existsSync(join(dir, 'data'))).toBe(false)
})

test('a store that a flag names is named by the next commands too', async () => {
  const {leat, dir} = world()
  const named = await leat`--store ./x.db --json`
  expect(named.code).toBe(0)
  expect(named.json().next).toEqual(START.map((command) => `${command} --store ./x.db`))
  expect((await leat`--store ${"./it's x.db"} --json`).json().next[0]).toBe(
    "leat channel create ops --store './it'\\''s x.db'",
  )
  expect((await leat({env: {LEAT_STORE: './x.db'}})`--json`).json()).toMatchObject({store: './x.db', next: START})
  expect(existsSync(join(dir, 'x.db'))).toBe(false)
})

test('channels with something unread, the newest first, and what to type next', async () => {
  const {leat, store} = world()
  for (const name of ['ops', 'audit', 'quiet']) await leat`channel create ${name}`
  await leat`send audit ${'first\nsecond'}`
  await leat`send ops -m ${'{"n": 1.0}'} -J`
  await leat`send ops two`
  const [audit, , two] = (await leat`log --json`).jsonLines()
  const status = await leat({as: 'bob'})`--json`
  expect(status.json()).toEqual({
    actor: 'bob',
    store,
    exists: true,
    channels: 3,
    next: ['leat read ops', 'leat list'],
    unread: [
      {channel: 'ops', unread: 2, last: two},
      {channel: 'audit', unread: 1, last: audit},
    ],
  })
  expect((await leat({as: 'bob'})``).lines()).toEqual([
    'actor\tbob',
    `store\t${store}`,
    `unread\tops\t2\t${two.time}\talice\ttwo`,
    `unread\taudit\t1\t${audit.time}\talice\tfirst`,
    'next\tleat read ops',
    'next\tleat list',
  ])
  for (const channel of ['ops', 'audit']) await leat({as: 'bob'})`read ${channel}`
  expect((await leat({as: 'bob'})`--json`).json()).toMatchObject({
    unread: [],
    next: ['leat list', expect.stringMatching(/^leat send \w+ "hello"$/)],
  })
  expect((await leat({as: 'bob', env: {LEAT_READER: 'night'}})`--json`).json().unread).toHaveLength(2)
})

test('deliveries that keep failing are counted, for who may see them', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat`subscribe ops --subscriber pager --transport exec --endpoint false`
  await leat`send ops x`
  expect((await leat`--json`).json()).not.toHaveProperty('failingDeliveries')
  expect((await leat`deliver --once`).code).toBe(7)
  expect((await leat`--json`).json()).toMatchObject({
    failingDeliveries: 1,
    next: ['leat read ops', 'leat list', 'leat delivery list --state pending'],
  })
  expect((await leat``).lines()).toContain('failing deliveries\t1')
  expect((await leat({as: 'bob'})`--json`).json()).not.toHaveProperty('failingDeliveries')
})

test.skipIf(!hasTerminal)('at a terminal', async () => {
  const {leat, env, store} = world()
  const empty = await terminal(env)``
  expect(empty).toMatchObject({
    code: 0,
    text: `alice on ${store} (not there yet)\n\nNo channels yet. To start with:\n  ${START.join('\n  ')}\n`,
  })
  for (let index = 1; index <= 12; index++) await leat`send c${index} hi --create`
  const {text} = await terminal(env)`--as bob`
  const lines = text.split('\n')
  expect(lines.slice(0, 3)).toEqual([
    `bob on ${store}`,
    '',
    expect.stringMatching(/^CHANNEL +UNREAD +LAST +SENDER +CONTENT$/),
  ])
  expect(lines[3]).toMatch(/^c12 +1 +(now|\d+s) +alice +hi$/)
  expect(lines.slice(13)).toEqual(['… and 2 more: leat list --sort unread', '', '  leat read c12', '  leat list', ''])
})

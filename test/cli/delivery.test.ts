import {beforeEach, expect, test} from 'vitest'
import {type Leat, world} from './leat.js'
import {receiver} from './receiver.js'

let leat: Leat

/** One delivered, one given up, one that waits for its next attempt. */
beforeEach(async () => {
  ;({leat} = world())
  const {url} = await receiver(({path}) => (path === '/ok' ? 204 : path === '/gone' ? 404 : 503))
  await leat`channel create ops`
  for (const [name, path] of Object.entries({bob: 'ok', mail: 'gone', pager: 'busy'}))
    await leat`subscribe ops --subscriber ${name} --transport http --endpoint ${`${url}/${path}`} --allow-private`
  await leat`send ops hello`
  expect((await leat`deliver --once`).code).toBe(7)
})

test('delivery list: a line each, all to who manages the channel, to others their own', async () => {
  const rows = (await leat`delivery list`).lines().map((line) => line.split('\t'))
  expect(rows.map(([, ...rest]) => rest)).toEqual([
    ['ops/1', 'bob', 'delivered', '1', '', '204', ''],
    ['ops/1', 'mail', 'failed', '1', '', '404', expect.stringContaining('404')],
    ['ops/1', 'pager', 'pending', '1', expect.stringMatching(/^\d{4}-/), '503', expect.stringContaining('503')],
  ])
  expect((await leat({as: 'bob'})`delivery list ops`).lines()).toHaveLength(1)
  expect((await leat`delivery list ops --state failed --json`).json()).toMatchObject({
    subscriber: 'mail',
    state: 'failed',
  })
  expect((await leat`delivery list --subscriber pager -n 1`).lines()).toHaveLength(1)
  expect((await leat`delivery list ops --state lost`).code).toBe(2)
  expect((await leat({as: 'bob'})`delivery list ops --subscriber mail`).code).toBe(5)
  expect((await leat`delivery list none`).code).toBe(3)
})

test('delivery show: each attempt, and when it is tried again', async () => {
  const {stdout} = await leat`delivery show ops/1 --subscriber pager`
  expect(stdout).toMatch(/^STATE\tpending$/m)
  expect(stdout).toMatch(/^NEXT\t\d{4}-/m)
  expect(stdout).toMatch(/^HISTORY\t\d{4}-\S+ http, \d+ ms, 503: .*503/m)
  const one = (await leat`delivery show ops/1 --subscriber mail --json`).json()
  expect(one).toMatchObject({
    channel: 'ops',
    seq: 1,
    state: 'failed',
    attempts: 1,
    history: [{transport: 'http', status: 404, error: expect.any(String), ms: expect.any(Number)}],
  })
  expect((await leat`delivery show ${one.id} --json`).json()).toEqual(one)
  expect((await leat`delivery show ops/1`).stdout.match(/^SUBSCRIBER/gm)).toHaveLength(3)
  const none = await leat({as: 'zoe'})`delivery show ops/1`
  expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('no delivery of "ops/1"')])
})

test('delivery retry: what waits and what was given up is tried again', async () => {
  expect((await leat`delivery retry ops/1 --subscriber mail --json`).json()).toEqual({retried: 1})
  expect((await leat`dead list`).stdout).toBe('')
  expect((await leat`delivery list --state failed`).stdout).toBe('')
  expect((await leat`delivery retry --all ops --json`).json()).toEqual({retried: 2})
  const again = await leat`deliver --once --json`
  expect(
    again
      .jsonLines()
      .map(({subscriber, attempt, outcome}) => `${subscriber} ${attempt} ${outcome}`)
      .sort(),
  ).toEqual(['mail 1 failed', 'pager 2 retry'])
  for (const [words, code, hint] of [
    [[], 2, 'name messages, or --all'],
    [['ops'], 2, '--all ops'],
    [['--all', 'ops', 'dev'], 2, '--all is for one channel'],
    [['ops/9'], 3, 'leat delivery list'],
  ] as const) {
    const refused = await leat`delivery retry ${words}`
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringContaining(hint)])
  }
})

test('what was given up is a dead letter of its subscriber', async () => {
  expect((await leat`dead list ops --json`).json()).toMatchObject({subscriber: 'mail', attempts: 1, message: {seq: 1}})
  expect((await leat`dead list`).stdout.trimEnd().split('\t').at(-1)).toBe('mail')
  expect((await leat`dead list --subscriber bob`).stdout).toBe('')
  expect((await leat`dead show ops/1`).stdout).toMatch(/^SUBSCRIBER\tmail$/m)
  expect((await leat`dead redrive ops/1 --subscriber mail --json`).json()).toMatchObject({subscriber: 'mail', seq: 1})
  expect((await leat`delivery list --subscriber mail --json`).json()).toMatchObject({state: 'pending', attempts: 0})
})

test('why, show and channel show tell of it', async () => {
  expect((await leat`why ops/1 bob`).stdout).toMatch(/ops\/1 was delivered to bob at .* by http/)
  expect((await leat`why ops/1 mail`).stdout).toMatch(
    /given up after 1 attempt .*leat delivery retry ops\/1 --subscriber mail/,
  )
  expect((await leat`why ops/1 pager --json`).json()).toMatchObject({
    state: 'pending',
    reason: expect.stringMatching(/503.*; next at \d/),
  })
  const {deliveries} = (await leat`show ops/1 --json`).json()
  expect(deliveries.map(({subscriber, state}: Record<string, string>) => `${subscriber} ${state}`)).toEqual([
    'bob delivered',
    'mail failed',
    'pager pending',
  ])
  expect((await leat`show ops/1`).stdout).toMatch(
    /^DELIVERIES\tbob: delivered; mail: given up after attempt 1 .*; pager: attempt 1 failed/m,
  )
  expect((await leat`channel show ops`).stdout).toMatch(/^PUSHED TO\tbob, mail, pager \(1 behind\)$/m)
  const {consumers} = (await leat`channel show ops --json`).json()
  expect(consumers).toContainEqual(expect.objectContaining({kind: 'push', name: 'pager', cursor: 1, lag: 1}))
})

test('subscription secret: shown alone, once; the one before stays valid', async () => {
  const first = await leat`subscription secret ops --subscriber pager`
  expect(first.stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/)
  expect(first.stderr).toContain('shown this once')
  const second = (await leat({as: 'pager'})`subscription secret ops --json`).json()
  expect(second).toEqual({channel: 'ops', subscriber: 'pager', secret: expect.stringMatching(/^whsec_/)})
  expect((await leat`subscription list --json`).stdout).not.toContain('whsec_')
  expect((await leat({as: 'bob'})`subscription secret ops --subscriber pager`).code).toBe(5)
  expect((await leat`subscription secret ops`).code).toBe(3)
})

test('subscribe: a private endpoint has to be allowed, and an endpoint has to fit', async () => {
  const refused = await leat`subscribe ops --transport http --endpoint http://127.0.0.1/`
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/private address.*--allow-private/s)])
  expect((await leat`subscribe ops --transport email --endpoint nobody`).code).toBe(2)
  const allowed = (
    await leat`subscribe ops --transport http --endpoint http://127.0.0.1/ --allow-private --json`
  ).json()
  expect(allowed).toMatchObject({allowPrivate: true})
  expect((await leat`channel update ops --egress exec`).code).toBe(2)
})

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openBus} from '../../src/index.js'
import {background} from './background.js'
import {filled} from './filled.js'
import {world} from './leat.js'

async function withJobs(count: number) {
  const made = await filled(0)
  const alice = await made.bus()
  await alice.createChannel('jobs')
  for (let body = 1; body <= count; body++) await alice.send('jobs', {body: String(body)})
  return {...made, alice}
}

test('claim, extend, ack and nack by token', async () => {
  const {leat, alice} = await withJobs(3)
  const claimed = (await leat`claim jobs -n 2 --lease 1m --json`).jsonLines()
  expect(claimed.map(({seq, content}) => [seq, content])).toEqual([
    [1, '1'],
    [2, '2'],
  ])
  const [one, two] = claimed.map(({claim}) => claim)
  expect(one).toEqual({token: expect.any(String), group: 'workers', attempt: 1, until: expect.any(String)})
  const extended = (await leat`extend ${one.token} --lease 1h --json`).json()
  expect(extended).toEqual({
    ...{channel: 'jobs', group: 'workers', seq: 1},
    id: claimed[0].id,
    attempt: 1,
    until: expect.any(String),
  })
  expect(Date.parse(extended.until)).toBeGreaterThan(Date.parse(one.until) + 50 * 60_000)
  expect((await leat`ack ${one.token} --json`).json()).toMatchObject({channel: 'jobs', seq: 1, attempt: 1})
  const nacked = await leat`nack ${two.token} --reason ${'no such host'} --delay 1h --json`
  expect(nacked.json()).toMatchObject({seq: 2, state: 'waiting', attempt: 1, until: expect.any(String)})
  expect(await alice.inFlight({channel: 'jobs'})).toMatchObject([{seq: 2, state: 'waiting', reason: 'no such host'}])
  expect((await leat`show jobs/2 --json`).json().claims).toMatchObject([
    {group: 'workers', state: 'waiting', attempt: 1},
  ])
})

test('a claim that was lost is refused with 6, one of another store with 3, and the others are done all the same', async () => {
  const {leat, alice} = await withJobs(2)
  const [late, good] = await alice.claim('jobs', {limit: 2})
  await alice.ack({claim: late!.token})
  const refused = await leat`--json ack ${late!.token} ${good!.token}`
  expect([refused.code, refused.error().code, refused.json().seq]).toEqual([6, 'STALE_CLAIM', 2])
  expect(await alice.inFlight({channel: 'jobs'})).toEqual([])

  const elsewhere = world()
  const other = await openBus({store: join(elsewhere.dir, 'other.db'), as: 'alice', create: true})
  await other.createChannel('jobs')
  await other.send('jobs', {body: 'x'})
  const [foreign] = await other.claim('jobs')
  await other.close()
  for (const command of ['ack', 'extend', 'nack'])
    expect((await leat`--json ${command} ${foreign!.token}`).error(), command).toMatchObject({code: 'NOT_FOUND'})
})

test('by its place, for the group that the actor claimed it for', async () => {
  const {leat} = await withJobs(1)
  for (const group of ['workers', 'thumbs']) await leat`claim jobs --group ${group}`
  expect((await leat`--json ack jobs/1`).error()).toMatchObject({
    code: 'USAGE',
    hint: expect.stringContaining('--group'),
  })
  expect((await leat`ack jobs/1 --group thumbs`).code).toBe(0)
  expect((await leat`--json ack jobs/1 --group nobody`).error()).toMatchObject({code: 'NOT_FOUND'})
  expect((await leat({as: 'bob'})`--json ack jobs/1`).error()).toMatchObject({code: 'STALE_CLAIM'})
  const dead = await leat`nack jobs/1 --dead --reason broken --json`
  expect(dead.json()).toMatchObject({seq: 1, group: 'workers', state: 'dead'})
  expect((await leat`dead list jobs --json`).json()).toMatchObject({reason: 'broken', attempts: 1})
})

test('what is printed: fields with the token first, a template, content alone, or into a file', async () => {
  const {leat, dir} = await withJobs(5)
  const [token, id, channel, seq] = (await leat`claim jobs`).stdout.split('\t')
  expect([channel, seq, id?.length]).toEqual(['jobs', '1', 36])
  const second = await leat`claim jobs --format ${'{seq} {claim.attempt} {claim.group} {claim.token}'}`
  expect(second.stdout).toMatch(/^2 1 workers \S+\n$/)
  const raw = await leat`claim jobs --raw`
  expect(raw.stdout).toBe('3')
  expect(raw.stderr).toMatch(/^jobs\/3: attempt 1, yours until \S+ \(in \d+s\): leat ack \S+\n$/)
  expect((await leat`claim jobs --output ${join(dir, 'four')}`).stdout).toBe('')
  expect(readFileSync(join(dir, 'four'), 'utf8')).toBe('4')
  const unknown = await leat`--json claim jobs --format ${'{claim.x}'}`
  expect([unknown.code, unknown.error().hint]).toEqual([2, expect.stringContaining('claim.token')])
  // It had claimed nothing.
  expect((await leat`claim jobs --json`).json().seq).toBe(5)
  expect((await leat`ack ${token!.trim()} ${second.stdout.trim().split(' ')[3]!}`).code).toBe(0)
})

test('nothing to claim is exit 4, at once or after --wait; what comes meanwhile is claimed', async () => {
  const {leat, alice, env} = await withJobs(0)
  expect((await leat`--json claim jobs`).error()).toMatchObject({
    code: 'EMPTY',
    message: 'nothing in jobs is ready for workers',
  })
  expect((await leat`--json claim jobs --wait 50ms`).error().code).toBe('TIMEOUT')
  const waiting = background(env)`claim jobs --wait 30s --json --group later`
  await alice.send('jobs', {body: 'now'})
  const {code, stdout} = await waiting.ended
  expect([code, JSON.parse(stdout).content]).toEqual([0, 'now'])
  expect((await leat`--json claim nowhere`).error().code).toBe('NOT_FOUND')
})

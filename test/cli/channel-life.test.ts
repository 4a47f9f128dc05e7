/** What becomes of channels: closed, drained, renamed, pruned, deleted. */
import {mkdirSync} from 'node:fs'
import {dirname} from 'node:path'
import {v7} from 'uuid'
import {expect, test} from 'vitest'
import {type Bus, createBus} from '../../src/bus/bus.js'
import {openStore} from '../../src/store/open.js'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

test('close, drain and open, several at once', async () => {
  const {leat} = world()
  for (const name of ['a', 'b']) await leat`channel create ${name}`
  const first = (await leat`send a question`).stdout.trim()
  const closed = await leat`channel close a b --json`
  expect(closed.jsonLines()).toMatchObject([
    {name: 'a', state: 'closed'},
    {name: 'b', state: 'closed'},
  ])
  const refused = await leat`send a hi --json`
  expect([refused.code, refused.error()]).toEqual([
    6,
    {code: 'CHANNEL_CLOSED', message: 'channel "a" is closed', hint: 'leat channel open a'},
  ])
  expect((await leat`send a answer --reply-to ${first}`).code).toBe(6)
  expect((await leat`read a --json`).jsonLines()).toMatchObject([{content: 'question'}])
  expect(await leat`channel open a b`).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect((await leat`send a hi`).code).toBe(0)
  // Nothing is on its way, so what drains is closed at once.
  expect((await leat`channel drain a --json`).json()).toMatchObject({name: 'a', state: 'closed'})
})

test('with a typo among several names nothing is changed', async () => {
  const {leat} = world()
  for (const name of ['a', 'b']) await leat`channel create ${name}`
  for (const words of [['close'], ['drain'], ['delete', '--yes'], ['prune', '--keep', '1', '--yes']]) {
    const [verb, ...flags] = words
    const refused = await leat`channel ${verb} a tpyo b ${flags} --json`
    expect([verb, refused.code, refused.stdout]).toEqual([verb, 3, ''])
  }
  await leat({as: 'bob'})`channel create mine`
  for (const words of [['close'], ['open'], ['delete', '--yes']]) {
    const [verb, ...flags] = words
    expect([verb, (await leat`channel ${verb} a mine ${flags}`).code]).toEqual([verb, 5])
  }
  expect((await leat`list --json`).jsonLines().map(({name, state}) => `${name} ${state}`)).toEqual([
    'a open',
    'b open',
    'mine open',
  ])
})

test('channel rename keeps messages, cursors and subscriptions', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat`subscribe ops --as bob`
  await leat({stdin: 'one\ntwo\n'})`send ops --lines`
  await leat`read ops -n 1`
  const renamed = await leat`channel rename ops operations --json`
  expect(renamed.json()).toMatchObject({name: 'operations', lastSeq: 2})
  expect((await leat`read operations --json`).jsonLines()).toMatchObject([
    {channel: 'operations', seq: 2, content: 'two'},
  ])
  expect((await leat`channel show operations --json`).json().subscriptions).toMatchObject([
    {subscriber: 'bob', channel: 'operations'},
  ])
  expect((await leat`send ops hi`).code).toBe(3)
  await leat`channel create taken`
  const taken = await leat`channel rename operations TAKEN --json`
  expect([taken.code, taken.error().code]).toEqual([6, 'EXISTS'])
  expect((await leat`channel rename operations 'not a name'`).code).toBe(2)
  expect((await leat`channel rename nothing new`).code).toBe(3)
  expect(await leat`channel rename operations Operations`).toMatchObject({code: 0, stdout: ''})
  // The old name begins where it stopped.
  await leat`channel create ops`
  expect((await leat`send ops hi --json`).json().sent).toEqual([{channel: 'ops', seq: 3}])
})

test('channel delete needs --yes where nobody can be asked, and never gives a number twice', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat`channel create audit`
  await leat({stdin: 'one\ntwo\n'})`send ops --lines`
  const unasked = await leat`channel delete ops audit --json`
  expect([unasked.code, unasked.error()]).toMatchObject([
    2,
    {code: 'USAGE', message: 'delete ops (2 messages), audit (0 messages) needs --yes when nobody can be asked'},
  ])
  expect((await leat`list --names`).lines()).toEqual(['audit', 'ops'])
  const deleted = await leat`channel delete ops audit ops -y --json`
  expect(deleted.jsonLines()).toEqual([
    {channel: 'ops', deleted: 2},
    {channel: 'audit', deleted: 0},
  ])
  expect((await leat`list --names`).stdout).toBe('')
  expect((await leat`channel show ops`).code).toBe(3)
  await leat`channel create ops`
  expect((await leat`send ops again --json`).json().sent).toEqual([{channel: 'ops', seq: 3}])
  expect((await leat`read ops --json`).jsonLines()).toMatchObject([{seq: 3}])
})

test('channel prune keeps the newest, or what is younger', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat({stdin: '1\n2\n3\n4\n5\n'})`send ops --lines`
  expect((await leat`channel prune ops --keep 2`).code).toBe(2)
  const dry = await leat`channel prune ops --keep 2 --dry-run --json`
  expect(dry.json()).toEqual({channel: 'ops', deleted: 3, kept: 2, clockDoubted: false})
  expect((await leat`log ops --json`).jsonLines()).toHaveLength(5)
  const pruned = await leat`channel prune ops --keep 2 --yes`
  expect(pruned).toMatchObject({code: 0, stdout: 'ops\t3\t2\n'})
  expect((await leat`log ops --json`).jsonLines().map(({seq}) => seq)).toEqual([4, 5])
  expect((await leat`channel prune ops --before 1h -y --json`).json()).toMatchObject({deleted: 0, kept: 2})
  expect((await leat`channel prune ops --before now -y --json`).json()).toMatchObject({deleted: 2, kept: 0})
  expect((await leat`send ops six --json`).json().sent).toEqual([{channel: 'ops', seq: 6}])
})

test('channel prune --keep-unread keeps what a reader has not read', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat({stdin: '1\n2\n3\n4\n5\n'})`send ops --lines`
  await leat({as: 'bob'})`read ops -n 2`
  expect((await leat`channel prune ops --keep 1 --keep-unread -y --json`).json()).toMatchObject({deleted: 2, kept: 3})
  expect((await leat({as: 'bob'})`read ops --json`).jsonLines().map(({seq}) => seq)).toEqual([3, 4, 5])
})

test('a clock far past the newest message is not believed, unless --yes', async () => {
  const {leat, store} = world()
  mkdirSync(dirname(store), {recursive: true})
  await daysAgo(3, store, async (bus) => {
    await bus.createChannel('ops', {retention: {maxAge: 60_000}})
    await bus.send('ops', {body: 'old'})
  })
  const dry = await leat`channel prune ops --dry-run --json`
  expect(dry.json()).toEqual({channel: 'ops', deleted: 0, kept: 1, clockDoubted: true})
  expect(dry.stderr).toMatch(/^nothing is deleted by age: the clock is more than a day past the newest message/)
  expect((await leat`channel prune ops --dry-run --yes --json`).json()).toMatchObject({deleted: 1, clockDoubted: false})
  expect((await leat`list --idle 2d --names`).lines()).toEqual(['ops'])
  expect((await leat`channel prune ops --yes`).stdout).toBe('ops\t1\t0\n')
})

test('a draining channel takes replies, and is closed when nothing is on its way', async () => {
  const {leat} = world()
  await leat({
    stdin: '{"content":"now"}\n{"content":"later","deliverAt":"2999-01-01T00:00:00Z"}\n',
  })`send jobs --jsonl --create`
  expect((await leat`channel drain jobs --json`).json()).toMatchObject({name: 'jobs', state: 'draining'})
  const refused = await leat`send jobs more --json`
  expect([refused.code, refused.error().message]).toEqual([6, 'channel "jobs" is draining: it takes replies only'])
  expect((await leat`send jobs answer --reply-to jobs/1`).code).toBe(0)
  expect((await leat`channel open jobs --json`).json().state).toBe('open')
})

test('channel prune goes by the retention of the channel, or says that there is none', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat`channel create other`
  await leat({stdin: '1\n2\n3\n'})`send ops,other --lines`
  await leat`channel update ops --max-messages 1`
  expect((await leat`channel prune ops --yes --json`).json()).toMatchObject({channel: 'ops', deleted: 2, kept: 1})
  const none = await leat`channel prune other --yes --json`
  expect([none.code, none.error()]).toMatchObject([
    2,
    {code: 'USAGE', message: expect.stringContaining('"other" has no retention')},
  ])
})

test.runIf(hasTerminal)('delete and prune ask at a terminal, naming what and how many', async () => {
  const {leat, env} = world()
  await leat`channel create ops`
  await leat({stdin: '1\n2\n3\n'})`send ops --lines`
  const no = await terminal(env, {answer: 'n'})`channel delete ops`
  expect(no.text).toContain('Delete ops (3 messages)?')
  expect([no.code, (await leat`list --names`).stdout]).toEqual([2, 'ops\n'])
  const pruned = await terminal(env, {answer: 'y'})`channel prune ops --keep 1`
  expect(pruned.text).toContain('Delete 2 of 3 messages of ops?')
  expect(pruned.code).toBe(0)
  expect((await leat`log ops --json`).jsonLines().map(({seq}) => seq)).toEqual([3])
  const unasked = await terminal(env)`channel delete ops --no-input`
  expect([unasked.code, unasked.text]).toEqual([2, expect.stringContaining('needs --yes')])
  const yes = await terminal(env, {answer: 'y'})`channel delete ops`
  expect(yes.text).toContain('deleted ops with 1 message')
  expect((await leat`list --names`).stdout).toBe('')
})

/** Does something as alice while the clock stands some days ago. */
async function daysAgo(days: number, path: string, act: (bus: Bus) => Promise<void>): Promise<void> {
  const clock = (): number => Date.now() - days * 86_400_000
  const store = await openStore(path, {clock, ids: v7, create: true})
  const bus = createBus({store, actor: 'alice', clock, ids: v7})
  await act(bus)
  await bus.close()
}

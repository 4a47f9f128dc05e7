import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {NewChannel} from '../../src/bus/channels.js'
import {numbered, refusal, sendEach, take, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
})

describe('create', () => {
  test('with everything', async () => {
    const settings: NewChannel = {
      title: 'Operations',
      description: 'what happens\nand what not',
      contentType: 'application/json',
      schema: '{"type":"object"}',
      restricted: true,
      retention: {maxAge: 1000, maxMessages: 5},
      ingress: 'http',
      egress: 'email',
      metadata: {team: 'platform'},
      hidden: true,
    }
    const made = await alice.createChannel('ops', {...settings, members: ['bob', 'bob']})
    expect(made).toEqual({
      name: 'ops',
      state: 'open',
      createdAt: '2026-06-01T12:00:00.000Z',
      createdBy: 'alice',
      lastSeq: 0,
      ...settings,
    })
    expect((await bob.channel('ops')).members).toEqual(['bob'])
  })

  test('what is undefined takes no default away', async () => {
    expect(await alice.createChannel('ops', {restricted: undefined, retention: undefined})).toMatchObject({
      restricted: false,
      retention: {},
      metadata: {},
    })
  })

  test.each<[string, NewChannel, 'INVALID' | 'TOO_LARGE']>([
    ['no name', {}, 'INVALID'],
    ['a..b', {}, 'INVALID'],
    ['ops', {title: 'a\nb'}, 'INVALID'],
    ['ops', {title: 'x'.repeat(257)}, 'TOO_LARGE'],
    ['ops', {contentType: 'json'}, 'INVALID'],
    ['ops', {retention: {maxAge: 0}}, 'INVALID'],
    ['ops', {retention: {maxMessages: 1.5}}, 'INVALID'],
    ['ops', {members: ['a b']}, 'INVALID'],
    ['ops', {egress: 'no transport'}, 'INVALID'],
    ['ops', {metadata: {'a b': 'x'}}, 'INVALID'],
    ['ops', {schema: '{}', contentType: 'text/plain'}, 'INVALID'],
  ])('%s %o is refused', async (name, settings, code) => {
    await expect(alice.createChannel(name, settings)).rejects.toMatchObject(refusal(code))
    expect(await alice.channels()).toEqual([])
  })

  test('a name that is taken, be it in other case', async () => {
    await alice.createChannel('ops')
    for (const name of ['ops', 'Ops']) await expect(bob.createChannel(name)).rejects.toMatchObject(refusal('EXISTS'))
  })
})

test('show: counts as the actor sees them', async () => {
  await alice.createChannel('ops')
  await sendEach(alice, 'ops', ['a', 'b'])
  await sendEach(alice, 'ops', ['psst'], {recipient: 'zoe'})
  await take(bob.read('ops', {limit: 1}))
  await bob.subscribe('ops')
  expect(await bob.channel('ops')).toMatchObject({
    messages: 2,
    unread: 1,
    lastSeq: 3,
    subscriptions: [{subscriber: 'bob'}],
    consumers: [{kind: 'reader', name: 'bob', cursor: 1}],
  })
  expect((await alice.channel('ops')).messages).toBe(3)
})

test('update: a value sets, null takes away, what is absent stays', async () => {
  await alice.createChannel('ops', {title: 'Old', description: 'd'})
  const updated = await alice.updateChannel('ops', {title: 'New', description: null, egress: undefined})
  expect([updated.title, updated.description, 'egress' in updated]).toEqual(['New', undefined, false])
  await expect(alice.updateChannel('ops', {title: 'Newer', members: {add: ['a b']}})).rejects.toMatchObject(
    refusal('INVALID'),
  )
  expect((await alice.channel('ops')).title).toBe('New')
})

test('rename keeps identity, delete takes all, prune the oldest', async () => {
  await alice.createChannel('ops')
  await sendEach(alice, 'ops', numbered(5))
  await take(bob.read('ops', {limit: 2}))
  await alice.renameChannel('ops', 'operations')
  await expect(bob.channel('ops')).rejects.toMatchObject(refusal('NOT_FOUND'))
  expect(await alice.pruneChannel('operations', {keep: 1, dryRun: true})).toMatchObject({deleted: 4, kept: 1})
  expect(await alice.pruneChannel('operations', {keepUnread: true, keep: 0})).toMatchObject({deleted: 2, kept: 3})
  expect(await take(bob.read('operations'))).toEqual(['m3', 'm4', 'm5'])
  await expect(alice.pruneChannel('operations', {keep: -1})).rejects.toMatchObject(refusal('INVALID'))
  await expect(alice.renameChannel('operations', 'a b')).rejects.toMatchObject(refusal('INVALID'))
  expect(await alice.deleteChannel('operations')).toBe(3)
  expect(await alice.cursors()).toEqual([])
})

test('a clock that jumped ahead prunes nothing by age unless it is trusted', async () => {
  await alice.createChannel('ops', {retention: {maxAge: 60_000}})
  await sendEach(alice, 'ops', numbered(2))
  w.clock.now += 48 * 3_600_000
  expect(await alice.pruneChannel('ops')).toMatchObject({deleted: 0, clockDoubted: true})
  expect(await alice.pruneChannel('ops', {trustClock: true})).toMatchObject({deleted: 2})
})

describe('list', () => {
  beforeEach(async () => {
    for (const name of ['build.b', 'build.a', 'ops']) await alice.createChannel(name)
    await alice.createChannel('ops.replies', {hidden: true})
    await alice.createChannel('hr', {restricted: true})
    w.clock.now += 3_600_000
    await sendEach(alice, 'build.b', numbered(3))
    w.clock.now += 3_600_000
    await sendEach(alice, 'ops', numbered(2))
    await take(bob.read('ops'))
  })

  const names = async (...[options]: Parameters<Bus['channels']>): Promise<string> =>
    (await bob.channels(options)).map(({name}) => name).join(' ')

  test.each<[Parameters<Bus['channels']>[0], string]>([
    [undefined, 'build.a build.b ops'],
    [{all: true}, 'build.a build.b ops ops.replies'],
    [{pattern: 'build.*'}, 'build.a build.b'],
    [{pattern: 'x*'}, ''],
    [{pattern: 'ops.replies'}, 'ops.replies'],
    [{sort: 'last'}, 'ops build.b build.a'],
    [{sort: 'unread'}, 'build.b build.a ops'],
    [{sort: 'size'}, 'build.b ops build.a'],
    [{reader: 'other', sort: 'unread'}, 'build.b ops build.a'],
    [{idle: 5_400_000}, 'build.a'],
    [{idle: 1_800_000}, 'build.a build.b'],
  ])('%o: %s', async (options, expected) => {
    expect(await names(options)).toBe(expected)
  })

  test('what is named and not there, or not allowed', async () => {
    await expect(names({pattern: 'tea'})).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(names({pattern: 'hr'})).rejects.toMatchObject(refusal('FORBIDDEN'))
    expect((await alice.channels()).map(({name}) => name)).toContain('hr')
  })
})

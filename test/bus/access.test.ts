import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {all, bodies, refusal, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus
let eve: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob, eve] = [w.as('alice'), w.as('bob'), w.as('eve')]
  await alice.createChannel('ops')
  await alice.createChannel('hr', {restricted: true, members: ['bob']})
})

describe('a channel by its name', () => {
  test('that is not there is NOT_FOUND, naming the store and what to type', async () => {
    await expect(bob.send('tea', {body: 'x'})).rejects.toMatchObject(
      refusal('NOT_FOUND', `no channel "tea" in ${w.store.label}`, 'leat channel create tea'),
    )
  })

  test.each(['OPS', 'op', 'opss'])('%s: a near name is suggested', async (typed) => {
    await expect(bob.send(typed, {body: 'x'})).rejects.toMatchObject(refusal('NOT_FOUND', /./, /did you mean ops\?/))
  })

  test('a near name that the actor may not read is not suggested', async () => {
    const {hint} = await eve.unread('hrr').catch((error) => error)
    expect(hint).toBe('leat channel create hrr')
  })

  test('that is no name is INVALID with a suggestion', async () => {
    await expect(bob.send('General Chat', {body: 'x'})).rejects.toMatchObject(refusal('INVALID', /./, /general-chat/))
  })

  test('that the actor may not use is FORBIDDEN with the reason, for every act', async () => {
    await bob.send('hr', {body: 'secret'})
    const acts: Record<string, () => Promise<unknown>> = {
      send: () => eve.send('hr', {body: 'x'}),
      bulk: () => eve.sendAll('hr', (async function* () {})()),
      read: () => all(eve.read('hr')),
      peek: () => all(eve.peek('hr')),
      unread: () => eve.unread('hr'),
      log: () => all(eve.log(['hr'])),
      show: () => eve.show('hr/1'),
      thread: () => eve.thread('hr/1'),
      why: () => eve.why('hr/1'),
      subscribe: () => eve.subscribe('hr'),
      channel: () => eve.channel('hr'),
      list: () => eve.channels({pattern: 'hr'}),
      cursor: () => eve.cursor('hr'),
      cursors: () => eve.cursors({channel: 'hr'}),
      setCursor: () => eve.setCursor('hr', 'start'),
      commitCursor: () => eve.commitCursor('hr/1'),
      subscriptions: () => eve.subscriptions({channel: 'hr'}),
    }
    for (const [name, act] of Object.entries(acts))
      await expect(act(), name).rejects.toMatchObject(
        refusal('FORBIDDEN', /^eve may not (read|send to) "hr": hr is restricted/),
      )
  })

  test('managing is for its creator and who was granted it', async () => {
    const acts: Record<string, (bus: Bus) => Promise<unknown>> = {
      update: (bus) => bus.updateChannel('ops', {title: 'x'}),
      members: (bus) => bus.updateChannel('ops', {members: {add: ['eve']}}),
      close: (bus) => bus.setChannelState('ops', 'closed'),
      prune: (bus) => bus.pruneChannel('ops', {keep: 0}),
      misfits: (bus) => all(bus.misfits('ops', '{}')),
      rename: (bus) => bus.renameChannel('ops', 'ops2'),
      delete: (bus) => bus.deleteChannel('ops'),
      other: (bus) => bus.subscribe('ops', {subscriber: 'zoe'}),
      unsubscribeOther: (bus) => bus.unsubscribe('ops', {subscriber: 'zoe'}),
    }
    for (const [name, act] of Object.entries(acts))
      await expect(act(bob), name).rejects.toMatchObject(
        refusal('FORBIDDEN', /^bob may not manage "ops": alice made ops, and bob was not granted manage/),
      )
    await w.store.grants.change('ops', {actor: 'bob'}, {add: ['manage']})
    expect((await bob.updateChannel('ops', {title: 'x'})).title).toBe('x')
  })
})

test('members read and send, the creator manages, nobody else gets in', async () => {
  await bob.send('hr', {body: 'from bob'})
  expect(await bodies(alice.log(['hr']))).toEqual(['from bob'])
  await expect(bob.updateChannel('hr', {title: 'x'})).rejects.toMatchObject(refusal('FORBIDDEN'))
  await alice.updateChannel('hr', {members: {add: ['eve'], remove: ['bob']}})
  expect(await bodies(eve.log(['hr']))).toEqual(['from bob'])
  await expect(bob.send('hr', {body: 'x'})).rejects.toMatchObject(refusal('FORBIDDEN'))
  expect((await alice.channel('hr')).members).toEqual(['eve'])
})

test('a member that leaves keeps what it manages', async () => {
  await w.store.grants.change('hr', {actor: 'bob'}, {add: ['manage']})
  await alice.updateChannel('hr', {members: {remove: ['bob']}})
  expect(await w.store.grants.list({channel: 'hr', actor: 'bob'})).toMatchObject([{permission: 'manage'}])
})

describe('a message by its id', () => {
  test('in a channel that the actor may not read looks like one that is not there', async () => {
    const {id} = await bob.send('hr', {body: 'secret'})
    const missing = '01890000-0000-7000-8000-000000000000'
    for (const act of ['show', 'thread', 'ancestors', 'why', 'redact'] as const) {
      const [hidden, absent] = await Promise.all([eve[act](id), eve[act](missing)].map((done) => done.catch((e) => e)))
      expect(hidden).toMatchObject({code: 'NOT_FOUND', message: `no message "${id}" in ${w.store.label}`})
      expect({...absent, message: absent.message.replace(missing, id)}).toEqual({...hidden, message: hidden.message})
    }
    await expect(eve.send('ops', {body: 'x', replyTo: id})).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(eve.send('ops', {body: 'x', references: [id]})).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(eve.reply(id, {body: 'x'})).rejects.toMatchObject(refusal('NOT_FOUND'))
    expect(await bodies(eve.log([]))).toEqual([])
  })

  test('that is between others looks like one that is not there, by its place too', async () => {
    const {id} = await alice.send('ops', {body: 'psst', recipient: 'bob'})
    for (const ref of [id, id.slice(-8), 'ops/1'])
      await expect(eve.show(ref)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: `no message "${ref}" in ${w.store.label}`,
      })
    await expect(eve.show('ops/2')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `no message "ops/2" in ${w.store.label}`,
    })
    expect((await bob.show('ops/1')).message.id).toBe(id)
  })

  test('by an end that several messages have lists them', async () => {
    await alice.send('ops', {body: '1', id: '00000000-0000-7000-8000-0000abcdef12'})
    await alice.send('ops', {body: '2', id: '11111111-0000-7000-8000-0000abcdef12'})
    await expect(alice.show('abcdef12')).rejects.toMatchObject(
      refusal('USAGE', /end of several ids/, /0000abcdef12, 1111/),
    )
    expect((await alice.show('11110000700080000000abcdef12')).message.seq).toBe(2)
  })
})

describe('direct messages of others', () => {
  beforeEach(async () => {
    await bob.send('ops', {body: 'for zoe', recipient: 'zoe'})
    await bob.send('ops', {body: 'for all'})
  })

  test('are seen by who manages the channel in log, show and thread, never in read', async () => {
    expect(await bodies(alice.log(['ops']))).toEqual(['for zoe', 'for all'])
    expect((await alice.show('ops/1')).message.recipient).toBe('zoe')
    expect(await alice.thread('ops/1')).toHaveLength(1)
    expect(await bodies(alice.peek('ops', {from: 'start', all: true}))).toEqual(['for all'])
    expect(await alice.unread('ops')).toBe(1)
  })

  test('are in nobody else’s log or count', async () => {
    expect(await bodies(eve.log(['ops']))).toEqual(['for all'])
    expect(await bodies(eve.log([], {reverse: true}))).toEqual(['for all'])
    const [summary] = await eve.channels()
    expect(summary).toMatchObject({messages: 1, unread: 1})
    expect(await eve.unread('ops')).toBe(1)
  })

  test('are seen by sender and recipient', async () => {
    expect(await bodies(bob.log(['ops']))).toEqual(['for zoe', 'for all'])
    expect(await bodies(w.as('zoe').log(['ops']))).toEqual(['for zoe', 'for all'])
  })
})

test('can answers with the reason', async () => {
  expect(await alice.can('submit', 'hr', 'eve')).toMatchObject({
    allowed: false,
    reason: expect.stringMatching(/restricted/),
  })
  expect(await alice.can('submit', 'hr', 'bob')).toMatchObject({
    allowed: true,
    reason: expect.stringMatching(/granted/),
  })
  expect(await eve.can('subscribe', 'ops')).toMatchObject({allowed: true, reason: expect.stringMatching(/open to all/)})
  await expect(eve.can('submit', 'tea')).rejects.toMatchObject(refusal('NOT_FOUND'))
})

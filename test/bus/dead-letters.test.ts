import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {all, numbered, refusal, sendEach, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['jobs', 'mail']) await alice.createChannel(name)
})

/** Sends messages and gives them up. */
async function bury(channel: string, bodies: readonly string[], group = 'workers'): Promise<string[]> {
  const ids = await sendEach(alice, channel, bodies)
  await giveUp(channel, group)
  return ids
}

const giveUp = (channel: string, group: string) =>
  bob.work(channel, async () => ({done: false, reason: 'no', dead: true}), {group, untilEmpty: true})

const dead = async (bus: Bus, filter = {}) => (await all(bus.deadLetters(filter))).map(({message}) => text(message))

describe('a list', () => {
  test('in the order in which they died, more than a page of them', async () => {
    await bury('jobs', numbered(250))
    await bury('mail', ['last'])
    expect(await dead(bob)).toEqual([...numbered(250), 'last'])
    expect(await dead(bob, {channel: 'mail'})).toEqual(['last'])
  })

  test('of a group, of a message by its place, id or end, or of one letter', async () => {
    const [x, y] = await bury('jobs', ['x', 'y'])
    await giveUp('jobs', 'other')
    expect(await dead(bob, {group: 'other'})).toEqual(['x', 'y'])
    for (const message of ['jobs/1', x!, x!.slice(-10)]) expect(await dead(bob, {message})).toEqual(['x', 'x'])
    expect(await dead(bob, {message: y, group: 'other'})).toEqual(['y'])
    const [letter] = await all(bob.deadLetters({message: y}))
    for (const message of [letter!.id, letter!.id.slice(-10)]) expect(await dead(bob, {message})).toEqual(['y'])
  })

  test('of what is not there', async () => {
    await bury('jobs', ['x'])
    for (const message of ['jobs/2', 'abcdef'])
      await expect(dead(bob, {message})).rejects.toMatchObject(
        refusal('NOT_FOUND', `no dead letter "${message}" in ${w.store.label}`),
      )
    await expect(dead(bob, {group: 'nobody', channel: 'jobs'})).rejects.toMatchObject(
      refusal('NOT_FOUND', 'no group "nobody" works on jobs'),
    )
    await expect(dead(bob, {group: 'nobody'})).rejects.toMatchObject(refusal('NOT_FOUND', /no group "nobody"/))
    await expect(dead(bob, {channel: 'nowhere'})).rejects.toMatchObject(refusal('NOT_FOUND'))
    await bob.claim('mail', {group: 'quiet'})
    expect(await dead(bob, {group: 'quiet'})).toEqual([])
  })

  test('only of channels that the actor may read', async () => {
    await bury('jobs', ['x'])
    const [id] = await bury('mail', ['y'])
    await alice.updateChannel('mail', {restricted: true})
    expect(await dead(bob)).toEqual(['x'])
    expect(await dead(alice)).toEqual(['x', 'y'])
    await expect(dead(bob, {channel: 'mail'})).rejects.toMatchObject(refusal('FORBIDDEN'))
    await expect(dead(bob, {message: id})).rejects.toMatchObject(refusal('NOT_FOUND'))
  })

  test('a direct message that fell due too late is between two', async () => {
    await w.as('zoe').send('jobs', {body: 'psst', recipient: 'bob', deliverAt: w.clock.now + 10})
    await w.as('zoe').send('jobs', {body: 'all', deliverAt: w.clock.now + 20})
    await alice.setChannelState('jobs', 'closed')
    w.clock.now += 30
    const reasons = (await all(bob.deadLetters({channel: 'jobs'}))).map(({group, message}) => [group, text(message)])
    expect(reasons).toEqual([
      [undefined, 'psst'],
      [undefined, 'all'],
    ])
    expect(await dead(w.as('eve'), {channel: 'jobs'})).toEqual(['all'])
    expect(await dead(alice, {channel: 'jobs'})).toEqual(['psst', 'all'])
  })
})

describe('redrive', () => {
  test('gives them to their group again, with all their attempts', async () => {
    await bury('jobs', ['x', 'y'])
    expect(await bob.redrive({message: 'jobs/2'})).toMatchObject([{channel: 'jobs', group: 'workers', seq: 2}])
    expect(await bob.claim('jobs', {limit: 5})).toMatchObject([{attempt: 1, message: {body: 'y'}}])
    expect(await bob.redrive({channel: 'jobs'})).toHaveLength(1)
    expect(await bob.redrive({channel: 'jobs'})).toEqual([])
  })

  test('needs submit on every channel, and a channel that is not closed', async () => {
    await bury('jobs', ['x'])
    await bury('mail', ['y'])
    await w.store.grants.change('mail', {actor: 'eve'}, {add: ['subscribe']})
    await alice.updateChannel('mail', {restricted: true})
    const eve = w.as('eve')
    for (const filter of [{}, {channel: 'mail'}, {message: 'mail/1'}])
      await expect(eve.redrive(filter)).rejects.toMatchObject(refusal('FORBIDDEN', /may not send to "mail"/))
    expect(await dead(alice)).toEqual(['x', 'y'])
    await alice.setChannelState('jobs', 'closed')
    await expect(bob.redrive({channel: 'jobs'})).rejects.toMatchObject(refusal('CHANNEL_CLOSED'))
  })
})

describe('purge', () => {
  test('deletes what matches, or says how much', async () => {
    await bury('jobs', numbered(3))
    expect(await alice.purge({channel: 'jobs', dryRun: true})).toBe(3)
    expect(await alice.purge({message: 'jobs/2'})).toBe(1)
    expect(await dead(alice)).toEqual(['m1', 'm3'])
    expect(await alice.purge({})).toBe(2)
    expect(await alice.purge({})).toBe(0)
  })

  test('one by one while they are listed, more than a page of them', async () => {
    await bury('jobs', numbered(210))
    for await (const {id} of alice.deadLetters()) await alice.purge({message: id})
    expect(await dead(alice)).toEqual([])
  })

  test('needs manage', async () => {
    await bury('jobs', ['x'])
    for (const filter of [{}, {channel: 'jobs'}, {message: 'jobs/1'}])
      await expect(bob.purge(filter)).rejects.toMatchObject(refusal('FORBIDDEN', /may not manage "jobs"/))
    expect(await dead(alice)).toEqual(['x'])
  })
})

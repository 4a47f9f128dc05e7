import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {Handler} from '../../src/bus/work.js'
import {all, bodies, refusal, sendEach, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['jobs', 'results']) await alice.createChannel(name)
})

/** Gives results, the upper-case body and its length. */
const shout: Handler = async ({message}) => {
  const body = text(message)
  return {done: true, results: [{body: body.toUpperCase()}, {body: String(body.length), type: 'length'}]}
}

test('results refer to the message and have its conversation and correlation id', async () => {
  const {id} = await alice.send('jobs', {body: 'hey', conversation: 'launch', correlationId: 'c1'})
  await bob.work('jobs', shout, {untilEmpty: true, into: 'results'})
  expect(await all(alice.log(['results']))).toMatchObject([
    {body: 'HEY', sender: 'bob', references: [id], conversation: 'launch', correlationId: 'c1'},
    {body: '3', type: 'length', references: [id]},
  ])
})

test('results are there as soon as their message is done', async () => {
  await sendEach(alice, 'jobs', ['a', 'b'])
  const before: string[][] = []
  const handler: Handler = async (claim, signal) => {
    before.push(await bodies(alice.log(['results'])))
    return shout(claim, signal)
  }
  await bob.work('jobs', handler, {untilEmpty: true, into: 'results'})
  expect(before).toEqual([[], ['A', '1']])
})

test('results and the end of their claim are one step, so nothing can part them', async () => {
  const {id} = await alice.send('jobs', {body: 'a'})
  const append = vi.spyOn(bob.context.store.messages, 'append')
  await bob.work('jobs', shout, {untilEmpty: true, into: 'results'})
  expect(append).not.toHaveBeenCalled()
  expect(await all(alice.log(['results']))).toMatchObject([{references: [id]}, {body: '1'}])
})

test('of a message addressed to the group, which the worker itself would not see', async () => {
  const {id} = await alice.send('jobs', {body: 'x', recipient: 'workers'})
  await bob.work('jobs', shout, {untilEmpty: true, into: 'results'})
  expect(await all(alice.log(['results']))).toMatchObject([{references: [id]}, {}])
})

describe('once, however often the message is done', () => {
  /** Does the work, but loses the claim before the ack, as a worker that is killed then. */
  const doneAndLost = async (who: Bus, channel: string, handler: Handler): Promise<void> => {
    const report = await who.work(
      channel,
      async (claim, signal) => {
        w.clock.now += 30_001
        return handler(claim, signal)
      },
      {count: 1, into: 'results'},
    )
    expect(report).toMatchObject({lost: 1})
  }

  test('by the same worker with the same results', async () => {
    await sendEach(alice, 'jobs', ['x'])
    await doneAndLost(bob, 'jobs', shout)
    expect(await bob.work('jobs', shout, {untilEmpty: true, into: 'results'})).toMatchObject({done: 1})
    expect(await bodies(alice.log(['results']))).toEqual(['X', '1'])
  })

  test('by another worker with other results', async () => {
    await sendEach(alice, 'jobs', ['x'])
    await doneAndLost(bob, 'jobs', shout)
    const other: Handler = async () => ({done: true, results: [{body: 'other'}, {body: '1'}, {body: 'more'}]})
    expect(await w.as('zoe').work('jobs', other, {untilEmpty: true, into: 'results'})).toMatchObject({done: 1})
    expect(await bodies(alice.log(['results']))).toEqual(['X', '1'])
  })

  test('but each group, and each place of a message, gives its own', async () => {
    await alice.createChannel('more')
    await alice.send(['jobs', 'more'], {body: 'x'})
    const one: Handler = async ({channel, group}) => ({done: true, results: [{body: `${channel} ${group}`}]})
    for (const channel of ['jobs', 'more'])
      for (const group of ['a', 'b']) await bob.work(channel, one, {untilEmpty: true, into: 'results', group})
    expect(await bodies(alice.log(['results']))).toEqual(['jobs a', 'jobs b', 'more a', 'more b'])
  })
})

describe('refused', () => {
  const failing = async (handler: Handler): Promise<string | undefined> => {
    await sendEach(alice, 'jobs', ['x'])
    const told: (string | undefined)[] = []
    const report = await bob.work('jobs', handler, {
      count: 1,
      into: 'results',
      onSettled: ({reason}) => told.push(reason),
    })
    expect(report).toMatchObject({done: 0, retried: 1})
    return told[0]
  }

  test('by the schema: the attempt has failed, and nothing of it is sent', async () => {
    await alice.updateChannel('results', {schema: '{"type":"object"}'})
    const reason = await failing(async () => ({done: true, results: [{body: '{}'}, {body: '[]'}]}))
    expect(reason).toMatch(/does not fit the schema of results/)
    expect(await bodies(alice.log(['results']))).toEqual([])
  })

  test('by a closed channel', async () => {
    await alice.setChannelState('results', 'closed')
    expect(await failing(shout)).toMatch(/"results" is closed/)
  })

  test('for an id that another message has', async () => {
    const {id} = await alice.send('results', {body: 'first'})
    expect(await failing(async () => ({done: true, results: [{body: 'second', id}]}))).toMatch(id)
    expect(await bodies(alice.log(['results']))).toEqual(['first'])
  })

  test('because the actor may not send there: at the start', async () => {
    await alice.updateChannel('results', {restricted: true})
    const working = bob.work('jobs', shout, {into: 'results'})
    await expect(working).rejects.toMatchObject(refusal('FORBIDDEN', /may not send to "results"/))
    await expect(bob.work('jobs', shout, {into: 'nowhere'})).rejects.toMatchObject(refusal('NOT_FOUND'))
  })
})

import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {aborted} from '../../src/bus/deadline.js'
import {LONGEST_LEASE} from '../../src/model/claim.js'
import {refusal, sendEach, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('jobs')
})

describe('a lease', () => {
  test('is renewed while the handler runs', async () => {
    await sendEach(alice, 'jobs', ['x'])
    const lease = 30
    const report = await bob.work(
      'jobs',
      async ({until}) => {
        // Three leases long, and renewed in time each time.
        for (let end = until, round = 0; round < 3; round++) {
          w.clock.now += lease - 1
          await vi.waitFor(async () => expect((await alice.inFlight({channel: 'jobs'}))[0]?.until).not.toBe(end))
          end = (await alice.inFlight({channel: 'jobs'}))[0]!.until
        }
        return undefined
      },
      {count: 1, lease},
    )
    expect(report).toMatchObject({done: 1, lost: 0})
  })

  test('that is lost stops the handler, and settles nothing', async () => {
    await sendEach(alice, 'jobs', ['x'])
    const told: string[] = []
    const report = await bob.work(
      'jobs',
      async (_, signal) => {
        w.clock.now += 31
        expect(await alice.claim('jobs')).toMatchObject([{attempt: 2}])
        await aborted(signal)
        return undefined
      },
      {count: 1, lease: 30, onSettled: ({outcome}) => told.push(outcome)},
    )
    expect([report.lost, report.done, told]).toEqual([1, 0, ['lost']])
    expect(await alice.inFlight({channel: 'jobs'})).toMatchObject([{by: 'alice', state: 'claimed'}])
  })

  test('that ran out before the handler came back: the late ack changes nothing', async () => {
    await sendEach(alice, 'jobs', ['x'])
    const report = await bob.work(
      'jobs',
      async () => {
        w.clock.now += 30_001
        await alice.claim('jobs')
        return undefined
      },
      {count: 1},
    )
    expect(report).toMatchObject({lost: 1, done: 0})
    expect(await alice.ack({claim: 'jobs/1'})).toMatchObject({attempt: 2})
  })
})

describe('an error', () => {
  test('the channel is deleted', async () => {
    const working = bob.work('jobs', async () => undefined, {onReady: () => void alice.deleteChannel('jobs')})
    await expect(working).rejects.toMatchObject(refusal('NOT_FOUND', /no channel "jobs"/))
  })

  test('the channel is deleted under a handler: it is stopped', async () => {
    await sendEach(alice, 'jobs', ['x'])
    const told: string[] = []
    const working = bob.work(
      'jobs',
      async (_, signal) => {
        await alice.deleteChannel('jobs')
        await aborted(signal)
        return undefined
      },
      {lease: 30, onSettled: ({outcome}) => told.push(outcome)},
    )
    await expect(working).rejects.toMatchObject(refusal('NOT_FOUND'))
    expect(told).toEqual(['lost'])
  })

  test('the actor may not read the channel, at the start or any more', async () => {
    await alice.createChannel('hers', {restricted: true})
    await expect(bob.work('hers', async () => undefined)).rejects.toMatchObject(refusal('FORBIDDEN', /may not read/))
    const working = bob.work('jobs', async () => undefined, {
      onReady: () => void alice.updateChannel('jobs', {restricted: true}),
    })
    await expect(working).rejects.toMatchObject(refusal('FORBIDDEN', /may not read/))
  })

  test('what is told throws: the work ends with it', async () => {
    await sendEach(alice, 'jobs', ['x', 'y'])
    const working = bob.work('jobs', async () => undefined, {
      onSettled: () => {
        throw new Error('broken pipe')
      },
    })
    await expect(working).rejects.toThrow('broken pipe')
    expect(await alice.inFlight({channel: 'jobs'})).toEqual([])
  })

  test.each([
    ['concurrency', {concurrency: 0}],
    ['a lease', {lease: 0}],
    ['a lease', {lease: LONGEST_LEASE + 1}],
    ['count', {count: 0}],
    ['grace', {grace: -1}],
    ['max attempts', {maxAttempts: 1.5}],
    ['backoff', {backoff: {base: -1, max: 1}}],
    ['backoff', {backoff: {base: 1, max: LONGEST_LEASE + 1}}],
    ['"a b" is not a group name', {group: 'a b'}],
  ])('%s is not what it has to be', async (what, options) => {
    await expect(bob.work('jobs', async () => undefined, options)).rejects.toMatchObject(
      refusal('INVALID', new RegExp(what)),
    )
  })
})

test('a draining channel is closed by the last ack', async () => {
  await sendEach(alice, 'jobs', ['x', 'y'])
  await bob.work('jobs', async () => undefined, {count: 1})
  const states: string[] = []
  await bob.work(
    'jobs',
    async () => {
      states.push((await alice.setChannelState('jobs', 'draining')).state)
      return undefined
    },
    {count: 1},
  )
  expect([...states, (await alice.channel('jobs')).state]).toEqual(['draining', 'closed'])
})

import {beforeEach, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {refusal, START, sendEach, take, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('jobs')
  await sendEach(alice, 'jobs', ['1', '2', '3', '4'])
})

const at = (ms: number): string => new Date(START + ms).toISOString()

test('queued, claimed, waiting, done, dead', async () => {
  const [first, second, third] = await bob.claim('jobs', {limit: 3})
  expect(await alice.why('jobs/4', 'workers')).toMatchObject({
    who: 'workers',
    state: 'queued',
    reason: 'group workers is at jobs/3, in front of jobs/4, and no worker is there',
    next: 'leat claim jobs --group workers',
  })
  expect(await alice.why('jobs/1', 'workers')).toMatchObject({
    state: 'claimed',
    reason: `jobs/1 is claimed by bob until ${at(30_000)}, attempt 1`,
    next: 'leat show jobs/1',
  })
  expect((await bob.why('jobs/1', 'workers')).next).toBe('leat ack jobs/1 --group workers')
  await bob.nack({claim: first!.token}, {delay: 2000, reason: 'status 503'})
  expect(await alice.why('jobs/1', 'workers')).toMatchObject({
    state: 'waiting',
    reason: `attempt 1 of jobs/1 failed: status 503; it is given again at ${at(2000)}`,
  })
  await bob.ack({claim: second!.token})
  expect(await alice.why('jobs/2', 'workers')).toMatchObject({
    state: 'done',
    reason: `group workers is done with jobs/2, or passed it over: it is at jobs/3 since ${at(0)}`,
  })
  await bob.nack({claim: third!.token}, {dead: true, reason: 'nonsense'})
  expect(await alice.why('jobs/3', 'workers')).toMatchObject({
    state: 'dead',
    reason: `jobs/3 is a dead letter since ${at(0)}, after 1 attempt: nonsense`,
    next: 'leat dead redrive jobs/3 --group workers',
  })
  await alice.redrive({message: 'jobs/3'})
  expect((await alice.why('jobs/3', 'workers')).state).toBe('waiting')
})

test('addressed to someone else, expired', async () => {
  await alice.send('jobs', {body: 'x', recipient: 'bob'})
  await alice.send('jobs', {body: 'x', expiresAt: START + 10})
  await bob.claim('jobs')
  expect((await bob.why('jobs/5', 'workers')).state).toBe('addressed')
  w.clock.now += 20
  expect((await bob.why('jobs/6', 'workers')).state).toBe('expired')
})

test('how many workers are there', async () => {
  const stop = new AbortController()
  const reasons: string[] = []
  await bob.work(
    'jobs',
    async () => {
      reasons.push((await alice.why('jobs/4', 'workers')).reason)
      stop.abort()
      return undefined
    },
    {signal: stop.signal},
  )
  expect(reasons).toEqual(['group workers is at jobs/1, in front of jobs/4, and 1 worker is there'])
})

test('a reader of the same name comes first', async () => {
  await bob.claim('jobs')
  await take(w.as('workers').read('jobs', {limit: 2}))
  expect((await alice.why('jobs/1', 'workers')).state).toBe('read')
})

test('where nobody is named, the groups that are in the middle of it are', async () => {
  await bob.claim('jobs', {group: 'mail'})
  const [claim] = await bob.claim('jobs', {group: 'bill'})
  await bob.nack({claim: claim!.token}, {dead: true, reason: 'no'})
  const {state, reason} = await alice.why('jobs/1')
  expect(state).toBe('unsubscribed')
  expect(reason).toMatch(
    /: only read gives jobs\/1; in group mail, jobs\/1 is claimed by bob until .*; in group bill, jobs\/1 is a dead letter since .*: no$/,
  )
  expect((await alice.why('jobs/2')).reason).not.toMatch(/group/)
})

test('the group of a channel that the actor may not read', async () => {
  await bob.claim('jobs')
  await alice.updateChannel('jobs', {restricted: true})
  await expect(bob.why('jobs/1', 'workers')).rejects.toMatchObject(refusal('FORBIDDEN'))
})

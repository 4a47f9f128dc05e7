import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {LONGEST_LEASE} from '../../src/model/claim.js'
import {all, numbered, refusal, START, sendEach, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('jobs')
})

const at = (ms: number): string => new Date(START + ms).toISOString()

describe('claim', () => {
  test('gives messages to one until they are finished', async () => {
    await sendEach(alice, 'jobs', numbered(3))
    const claims = await bob.claim('jobs', {limit: 2, lease: 1000})
    expect(claims.map(({message, attempt, until}) => [text(message), attempt, until])).toEqual([
      ['m1', 1, at(1000)],
      ['m2', 1, at(1000)],
    ])
    expect((await alice.claim('jobs', {limit: 5})).map(({message}) => text(message))).toEqual(['m3'])
    expect(await alice.claim('jobs')).toEqual([])
  })

  test('lasts when the process is gone, but no longer than its lease', async () => {
    await sendEach(alice, 'jobs', ['x'])
    const elsewhere = await w.elsewhere('bob')
    const [claim] = await elsewhere.claim('jobs', {lease: 1000})
    await elsewhere.close()
    expect(await bob.claim('jobs')).toEqual([])
    await expect(bob.extend({claim: claim!.token}, LONGEST_LEASE + 1)).rejects.toMatchObject(
      refusal('INVALID', `a lease takes ${LONGEST_LEASE} ms at most, not ${LONGEST_LEASE + 1}`),
    )
    expect(await bob.extend({claim: claim!.token}, 2000)).toMatchObject({until: at(2000)})
    w.clock.now += 2000
    expect(await bob.claim('jobs')).toMatchObject([{attempt: 2}])
    await expect(bob.ack({claim: claim!.token})).rejects.toMatchObject(refusal('STALE_CLAIM'))
  })

  test('waits for the first, in vain or not, or is called off', async () => {
    await expect(bob.claim('jobs', {wait: 20})).rejects.toMatchObject(
      refusal('TIMEOUT', 'nothing came to jobs for workers within 0.02 s'),
    )
    const stop = new AbortController()
    const called = bob.claim('jobs', {wait: 60_000, signal: stop.signal})
    stop.abort()
    expect(await called).toEqual([])
    const waiting = bob.claim('jobs', {wait: 60_000})
    await sendEach(alice, 'jobs', ['x'])
    expect(await waiting).toHaveLength(1)
  })

  test('is refused', async () => {
    await alice.createChannel('hers', {restricted: true})
    await expect(bob.claim('hers')).rejects.toMatchObject(refusal('FORBIDDEN'))
    await expect(bob.claim('nowhere')).rejects.toMatchObject(refusal('NOT_FOUND'))
    for (const options of [
      {limit: 0},
      {lease: 0},
      {lease: LONGEST_LEASE + 1},
      {maxAttempts: 0},
      {wait: -1},
      {group: '..'},
    ])
      await expect(bob.claim('jobs', options)).rejects.toMatchObject(refusal('INVALID'))
  })
})

describe('by token, place, id or the end of it', () => {
  test('a claim is finished', async () => {
    const ids = await sendEach(alice, 'jobs', numbered(4))
    const claims = await bob.claim('jobs', {limit: 4})
    const names = [claims[0]!.token, 'jobs/2', ids[2]!, ids[3]!.slice(-8).toUpperCase()]
    for (const [index, name] of names.entries()) expect((await bob.ack({claim: name})).message.id).toBe(ids[index])
    expect(await bob.inFlight({channel: 'jobs'})).toEqual([])
    await expect(bob.ack({claim: claims[0]!.token})).rejects.toMatchObject(refusal('STALE_CLAIM'))
  })

  test('whoever has the token has the claim, whoever names the message must have claimed it', async () => {
    await sendEach(alice, 'jobs', ['x', 'y'])
    const [x] = await bob.claim('jobs', {limit: 2})
    await alice.ack({claim: x!.token})
    await expect(alice.ack({claim: 'jobs/2'})).rejects.toMatchObject(
      refusal(
        'STALE_CLAIM',
        `jobs/2 is claimed for workers by bob until ${at(30_000)}, not by alice`,
        'leat why jobs/2 workers',
      ),
    )
    await expect(bob.ack({claim: 'jobs/1'})).rejects.toMatchObject(
      refusal('STALE_CLAIM', 'nobody has claimed "jobs/1"'),
    )
    await bob.nack({claim: 'jobs/2'}, {delay: 1000})
    await expect(bob.ack({claim: 'jobs/2', group: 'workers'})).rejects.toMatchObject(
      refusal('STALE_CLAIM', `nobody has claimed jobs/2 for workers: it is given again at ${at(1000)}`),
    )
  })

  test('a message claimed in two groups needs the group', async () => {
    const [id] = await sendEach(alice, 'jobs', ['x'])
    for (const group of ['mail', 'bill']) await bob.claim('jobs', {group})
    for (const claim of ['jobs/1', id!])
      await expect(bob.ack({claim})).rejects.toMatchObject(
        refusal('USAGE', /2 claims: jobs\/1 for bill, jobs\/1 for mail/, /--group bill/),
      )
    expect(await bob.ack({claim: id!, group: 'mail'})).toMatchObject({group: 'mail'})
    expect(await bob.ack({claim: 'jobs/1'})).toMatchObject({group: 'bill'})
  })

  test('of a message that is addressed to the group', async () => {
    const [id] = await sendEach(alice, 'jobs', ['x', 'y'], {recipient: 'workers'})
    await bob.claim('jobs', {limit: 2})
    await bob.ack({claim: id!})
    await bob.ack({claim: 'jobs/2'})
    expect(await bob.inFlight({channel: 'jobs'})).toEqual([])
  })

  test('what is not there', async () => {
    const other = await world()
    await other.as('bob').createChannel('jobs')
    await sendEach(other.as('bob'), 'jobs', ['x'])
    const [foreign] = await other.as('bob').claim('jobs')
    await expect(bob.ack({claim: foreign!.token})).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(bob.ack({claim: 'jobs/1'})).rejects.toMatchObject(refusal('NOT_FOUND', /no message "jobs\/1"/))
    await expect(bob.ack({claim: 'what?'})).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(bob.ack({claim: 'jobs/1', group: 'nobody'})).rejects.toMatchObject(
      refusal('NOT_FOUND', 'no group "nobody" works on jobs'),
    )
  })

  test('who may not read the channel any more has no claim either', async () => {
    const [id] = await sendEach(alice, 'jobs', ['x'])
    const [claim] = await bob.claim('jobs')
    await alice.updateChannel('jobs', {restricted: true})
    for (const name of [claim!.token, 'jobs/1'])
      await expect(bob.ack({claim: name})).rejects.toMatchObject(refusal('FORBIDDEN'))
    await expect(bob.ack({claim: id!})).rejects.toMatchObject(refusal('NOT_FOUND'))
  })
})

describe('nack', () => {
  test('gives back, later with each attempt, until the attempts are used up', async () => {
    await sendEach(alice, 'jobs', ['x'])
    const nack = async () => {
      await bob.claim('jobs')
      const nacked = await bob.nack({claim: 'jobs/1'}, {random: () => 0, maxAttempts: 3, reason: 'no'})
      w.clock.now += 10_000
      return nacked
    }
    expect(await nack()).toMatchObject({state: 'waiting', attempt: 1, until: at(500), seq: 1, group: 'workers'})
    expect(await nack()).toMatchObject({state: 'waiting', attempt: 2, until: at(11_000)})
    const last = await nack()
    expect([last.state, last.attempt, last.until]).toEqual(['dead', 3, undefined])
    expect(await all(alice.deadLetters())).toMatchObject([{reason: 'no', attempts: 3}])
  })

  test('after a delay of its own, or for good at once', async () => {
    await sendEach(alice, 'jobs', ['x', 'y'])
    await bob.claim('jobs', {limit: 2})
    await bob.nack({claim: 'jobs/1'}, {delay: 0})
    expect(await bob.claim('jobs')).toMatchObject([{attempt: 2, message: {seq: 1}}])
    expect(await bob.nack({claim: 'jobs/2'}, {dead: true, detail: 'stack'})).toMatchObject({state: 'dead'})
    expect(await all(alice.deadLetters())).toMatchObject([{reason: 'bob gave it back', detail: 'stack'}])
    for (const delay of [-1, LONGEST_LEASE + 1])
      await expect(bob.nack({claim: 'jobs/1'}, {delay})).rejects.toMatchObject(refusal('INVALID'))
  })
})

test('in flight: who has what, without the tokens', async () => {
  await sendEach(alice, 'jobs', ['x', 'y'])
  await bob.claim('jobs', {limit: 2})
  await bob.nack({claim: 'jobs/2'}, {delay: 1000, reason: 'no'})
  const standing = await alice.inFlight({channel: 'jobs', group: 'workers'})
  expect(standing).toMatchObject([
    {seq: 1, state: 'claimed', by: 'bob', attempt: 1, until: at(30_000)},
    {seq: 2, state: 'waiting', attempt: 1, until: at(1000), reason: 'no'},
  ])
  expect(standing.some((one) => 'token' in one)).toBe(false)
  expect((await alice.show('jobs/1')).claims).toEqual([standing[0]])
  await expect(alice.inFlight({channel: 'jobs', group: 'nobody'})).rejects.toMatchObject(refusal('NOT_FOUND'))
})

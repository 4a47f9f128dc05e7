import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {DeliveryFilter} from '../../src/bus/deliveries.js'
import {failing, ok, type Recorder, recorder, transportsOf} from './transports.js'
import {all, numbered, refusal, START, sendEach, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus
/** Delivers to bob, refuses what is for mail, and fails for the rest. */
let to: Recorder

const TO = {transport: 'test', endpoint: 'x'}

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('ops')
  to = recorder('test', ({recipient: {subscription}}) => {
    if (subscription.subscriber === 'bob') return ok
    return subscription.subscriber === 'mail' ? failing('550', {failure: 'final'}) : failing('503', {status: 503})
  })
})

const deliver = () => alice.deliver({transports: transportsOf(to), once: true, random: () => 0.5})

async function subscribed(...subscribers: string[]): Promise<void> {
  for (const subscriber of subscribers) await alice.subscribe('ops', {subscriber, ...TO})
}

const listed = async (bus: Bus, filter?: DeliveryFilter) =>
  (await all(bus.deliveries(filter))).map(
    ({channel, seq, subscriber, state}) => `${channel}/${seq} ${subscriber} ${state}`,
  )

describe('deliveries', () => {
  beforeEach(async () => {
    await subscribed('bob', 'mail', 'pager')
    await sendEach(alice, 'ops', numbered(2))
    await deliver()
  })

  test('are all shown to who manages the channel, to others their own', async () => {
    expect(await listed(alice)).toEqual([
      'ops/1 bob delivered',
      'ops/2 bob delivered',
      'ops/1 mail failed',
      'ops/2 mail failed',
      'ops/1 pager pending',
    ])
    expect(await listed(bob)).toEqual(['ops/1 bob delivered', 'ops/2 bob delivered'])
    expect(await listed(bob, {channel: 'ops', state: 'delivered'})).toHaveLength(2)
    expect(await listed(w.as('zoe'), {channel: 'ops'})).toEqual([])
    await expect(listed(bob, {channel: 'ops', subscriber: 'pager'})).rejects.toMatchObject(refusal('FORBIDDEN'))
    expect(await listed(bob, {subscriber: 'pager'})).toEqual([])
    expect(await listed(alice, {subscriber: 'pager'})).toEqual(['ops/1 pager pending'])
    await expect(listed(alice, {channel: 'none'})).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(listed(alice, {subscriber: 'a b'})).rejects.toMatchObject(refusal('INVALID'))
  })

  test('are named by a message, a place, or the id of a delivery', async () => {
    const {message} = await alice.show('ops/1')
    const of = ['ops/1 bob delivered', 'ops/1 mail failed', 'ops/1 pager pending']
    for (const name of ['ops/1', message.id, message.id.slice(-10)])
      expect(await listed(alice, {message: name})).toEqual(of)
    expect(await listed(alice, {message: 'ops/1', subscriber: 'mail'})).toEqual(['ops/1 mail failed'])
    expect(await listed(alice, {message: message.id, state: 'pending'})).toEqual(['ops/1 pager pending'])
    const [one] = await all(alice.deliveries({subscriber: 'pager'}))
    for (const name of [one!.id, one!.id.slice(-10)])
      expect(await listed(alice, {message: name})).toEqual(['ops/1 pager pending'])
    for (const name of [one!.id, 'ops/9', '00000000-0000-7000-8000-000000000000'])
      await expect(listed(bob, {message: name})).rejects.toMatchObject(refusal('NOT_FOUND', /no delivery of/))
    await expect(listed(alice, {message: 'ops/1', channel: 'dev'})).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(listed(alice, {message: 'nonsense'})).rejects.toMatchObject(refusal('INVALID'))
  })

  test('are tried again by who manages the channel, or whose they are', async () => {
    expect(await bob.retryDeliveries({message: 'ops/1'})).toBe(0)
    await expect(bob.retryDeliveries({channel: 'ops', subscriber: 'mail'})).rejects.toMatchObject(refusal('FORBIDDEN'))
    expect(await w.as('pager').retryDeliveries({message: 'ops/1'})).toBe(1)
    expect(await alice.retryDeliveries({channel: 'ops', state: 'failed'})).toBe(2)
    expect(await all(alice.deadLetters())).toEqual([])
    to = recorder('test')
    expect(await deliver()).toEqual({delivered: 4, retried: 0, failed: 0})
    expect(to.sent.toSorted()).toEqual(['ops/1 mail 1', 'ops/1 pager 2', 'ops/2 mail 1', 'ops/2 pager 1'])
  })

  test('that failed are dead letters, for who they were for and who manages the channel', async () => {
    const letters = async (bus: Bus, filter = {}) =>
      (await all(bus.deadLetters(filter))).map(
        ({subscriber, message, reason}) => `${message.seq} ${subscriber} ${reason}`,
      )
    expect(await letters(alice)).toEqual(['1 mail 550', '2 mail 550'])
    expect(await letters(alice, {subscriber: 'mail'})).toHaveLength(2)
    expect(await letters(alice, {subscriber: 'bob'})).toEqual([])
    expect(await letters(w.as('mail'))).toHaveLength(2)
    expect(await letters(bob)).toEqual([])
  })

  test('are part of what show tells, as far as they may be seen', async () => {
    expect((await alice.show('ops/1')).deliveries.map(({subscriber}) => subscriber)).toEqual(['bob', 'mail', 'pager'])
    expect((await bob.show('ops/1')).deliveries).toMatchObject([{subscriber: 'bob', state: 'delivered'}])
    expect((await w.as('zoe').show('ops/1')).deliveries).toEqual([])
  })

  test('a channel tells how far those are that it is pushed to', async () => {
    const {consumers} = await alice.channel('ops')
    expect(consumers.filter(({kind}) => kind === 'push')).toMatchObject([
      {name: 'bob', cursor: 2, lag: 0},
      {name: 'mail', cursor: 2, lag: 0},
      {name: 'pager', cursor: 1, lag: 2},
    ])
    expect(consumers.find(({kind}) => kind === 'reader')).not.toHaveProperty('lag')
  })
})

describe('why', () => {
  const why = async (message: string, who: string, bus = alice) => {
    const {state, reason, next} = await bus.why(message, who)
    return [state, reason, next]
  }

  test('tells how a message stands with who it is pushed to', async () => {
    await subscribed('bob', 'mail', 'pager')
    const [sent] = await sendEach(alice, 'ops', numbered(2))
    expect(sent).toBeDefined()
    expect(await why('ops/1', 'bob')).toEqual([
      'pending',
      'ops/1 waits to be pushed to bob, who was given messages up to ops/0',
      'leat deliver --once',
    ])
    await deliver()
    const at = new Date(START).toISOString()
    expect(await why('ops/1', 'bob')).toEqual([
      'delivered',
      `ops/1 was delivered to bob at ${at} by test`,
      'leat delivery show ops/1',
    ])
    expect(await why('ops/1', 'mail')).toEqual([
      'failed',
      'ops/1 was given up after 1 attempt to deliver it to mail with 550',
      'leat delivery retry ops/1 --subscriber mail',
    ])
    const next = new Date(START + 5000).toISOString()
    expect(await why('ops/1', 'pager')).toEqual([
      'pending',
      `attempt 1 to deliver ops/1 to pager failed with 503; next at ${next}`,
      'leat delivery retry ops/1 --subscriber pager',
    ])
    expect((await why('ops/1', 'pager', bob))[1]).toBe(`attempt 1 to deliver ops/1 to pager failed; next at ${next}`)
    expect((await alice.why('ops/1')).reason).toBe(
      [
        "alice has never read ops, and isn't subscribed to it: only read gives ops/1",
        'ops/1 was given up after 1 attempt to deliver it to mail with 550',
        `attempt 1 to deliver ops/1 to pager failed with 503; next at ${next}`,
      ].join('; '),
    )
    expect((await bob.why('ops/1')).reason).not.toContain('pager')
    await alice.subscribe('ops', {subscriber: 'pager', paused: true})
    expect(await why('ops/1', 'pager')).toEqual([
      'paused',
      'attempt 1 to deliver ops/1 to pager failed with 503, and the subscription is paused',
      'leat subscription resume ops --subscriber pager',
    ])
    expect((await why('ops/2', 'pager'))[0]).toBe('paused')
  })

  test("of what isn't pushed to it tells what it tells of readers", async () => {
    await alice.send('ops', {body: 'before'})
    await alice.subscribe('ops', {subscriber: 'bob', ...TO, types: ['a']})
    await alice.send('ops', {body: 'other'})
    await alice.send('ops', {body: 'direct', recipient: 'zoe'})
    await alice.send('ops', {body: 'soon', type: 'a', expiresAt: w.clock.now + 1000})
    expect((await why('ops/1', 'bob'))[0]).toBe('read')
    expect((await why('ops/2', 'bob'))[0]).toBe('filtered')
    expect((await why('ops/3', 'bob'))[0]).toBe('addressed')
    expect((await why('ops/4', 'bob'))[0]).toBe('pending')
    w.clock.now += 1000
    expect((await why('ops/4', 'bob'))[0]).toBe('expired')
  })
})

describe('waiting for delivery', () => {
  const wait = (bus: Bus, receipt: Awaited<ReturnType<Bus['send']>>, timeout = 0) =>
    bus.waitForDelivery(receipt, {timeout})

  test('counts what became of it in each channel', async () => {
    await alice.createChannel('dev')
    await subscribed('bob', 'mail', 'pager')
    const receipt = await alice.send(['ops', 'dev'], {body: 'x'})
    expect(await wait(alice, receipt)).toEqual([
      {channel: 'ops', delivered: 0, failed: 0, pending: 3, errors: []},
      {channel: 'dev', delivered: 0, failed: 0, pending: 0, errors: []},
    ])
    await deliver()
    expect(await wait(alice, receipt)).toEqual([
      {channel: 'ops', delivered: 1, failed: 1, pending: 1, errors: ['mail: 550', 'pager: 503']},
      {channel: 'dev', delivered: 0, failed: 0, pending: 0, errors: []},
    ])
  })

  test('ends as soon as nothing is on its way', async () => {
    await subscribed('bob')
    const receipt = await alice.send('ops', {body: 'x'})
    const waiting = wait(alice, receipt, 60_000)
    const elsewhere = await w.elsewhere('deliverer')
    await elsewhere.deliver({transports: transportsOf(to), once: true})
    expect(await waiting).toEqual([{channel: 'ops', delivered: 1, failed: 0, pending: 0, errors: []}])
  })

  test("only who wants the message counts, and who is paused isn't waited for", async () => {
    await subscribed('bob', 'mail')
    await alice.subscribe('ops', {subscriber: 'typed', ...TO, types: ['a']})
    await alice.subscribe('ops', {subscriber: 'paused', ...TO, paused: true})
    await alice.subscribe('ops', {subscriber: 'reader'})
    const direct = await alice.send('ops', {body: 'x', recipient: 'bob'})
    expect(await wait(alice, direct)).toMatchObject([{pending: 1}])
    const receipt = await alice.send('ops', {body: 'y'})
    await deliver()
    expect(await wait(alice, direct, 60_000)).toMatchObject([{delivered: 1, failed: 0, pending: 0, errors: []}])
    expect(await wait(alice, receipt, 60_000)).toMatchObject([
      {delivered: 1, failed: 1, pending: 1, errors: ['mail: 550', 'paused: paused']},
    ])
    await subscribed('late')
    expect(await wait(alice, receipt, 60_000)).toMatchObject([{delivered: 1, failed: 1, pending: 1}])
  })

  test('a delayed message is still to come', async () => {
    await subscribed('bob')
    const receipt = await alice.send('ops', {body: 'x', deliverAt: w.clock.now + 1000})
    expect(await wait(alice, receipt)).toMatchObject([{pending: 1}])
    w.clock.now += 1000
    await deliver()
    expect(await wait(alice, receipt, 60_000)).toMatchObject([{delivered: 1, pending: 0}])
  })

  test('what others sent is told only to who may see it, and errors only to who may read', async () => {
    await subscribed('mail')
    await alice.updateChannel('ops', {restricted: true, members: {add: ['mail']}})
    const receipt = await alice.send('ops', {body: 'x'})
    await deliver()
    await expect(wait(bob, receipt)).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(bob.waitForDelivery(receipt, {timeout: -1})).rejects.toMatchObject(refusal('INVALID'))
    await alice.updateChannel('ops', {members: {add: ['bob']}})
    const own = await bob.send('ops', {body: 'y'})
    await deliver()
    expect(await wait(bob, own)).toMatchObject([{failed: 1, errors: ['mail: 550']}])
    await alice.updateChannel('ops', {members: {remove: ['bob']}})
    expect(await wait(bob, own)).toMatchObject([{failed: 1, errors: []}])
  })
})

describe('secrets', () => {
  test('are for the subscriber, or who manages the channel', async () => {
    await subscribed('bob')
    const own = await bob.newSecret('ops')
    expect(own).toMatch(/^whsec_/)
    expect(Buffer.from(own.slice('whsec_'.length), 'base64')).toHaveLength(32)
    expect(await alice.newSecret('ops', {subscriber: 'bob'})).not.toBe(own)
    await expect(bob.newSecret('ops', {subscriber: 'mail'})).rejects.toMatchObject(refusal('FORBIDDEN'))
    await expect(alice.newSecret('ops')).rejects.toMatchObject(refusal('NOT_FOUND', /alice is not subscribed/))
    await expect(alice.newSecret('none')).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(alice.newSecret('ops', {subscriber: 'a b'})).rejects.toMatchObject(refusal('INVALID'))
  })
})

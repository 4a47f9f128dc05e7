import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {DeliverOptions, DeliverySettled} from '../../src/bus/deliver.js'
import {DELIVERY_SCHEDULE} from '../../src/model/delivery.js'
import type {Transport} from '../../src/transport/transport.js'
import {failing, ok, recorder, transportsOf} from './transports.js'
import {all, numbered, START, sendEach, type World, world} from './world.js'

let w: World
let alice: Bus

beforeEach(async () => {
  w = await world()
  alice = w.as('alice')
  await alice.createChannel('ops')
})

const hook = {subscriber: 'pager', transport: 'test', endpoint: 'somewhere'}

/** Delivers what can be delivered now. */
const once = (transport: Transport, options: Partial<DeliverOptions> = {}) =>
  alice.deliver({transports: transportsOf(transport), once: true, random: () => 0.5, ...options})

/** Delivers until it is ended; the store as another process has it. */
async function running(transports: Transport[], options: Partial<DeliverOptions> = {}, bus?: Bus) {
  const stop = new AbortController()
  const settled: DeliverySettled[] = []
  let ready = (): void => {}
  const isReady = new Promise<void>((resolve) => {
    ready = resolve
  })
  const delivering = (bus ?? (await w.elsewhere('deliverer'))).deliver({
    transports: transportsOf(...transports),
    signal: stop.signal,
    onReady: ready,
    onSettled: (one) => settled.push(one),
    ...options,
  })
  await Promise.race([isReady, delivering])
  return {
    settled,
    end: () => {
      stop.abort()
      return delivering
    },
  }
}

const until = (expectation: () => void | Promise<void>) => vi.waitFor(expectation, {timeout: 20_000, interval: 5})

const standing = async (channel = 'ops') =>
  (await all(alice.deliveries({channel}))).map(
    ({seq, subscriber, state, attempts}) => `${seq} ${subscriber} ${state} ${attempts}`,
  )

test('one message in two channels is two deliveries, each with an id of its own', async () => {
  await alice.createChannel('audit')
  for (const channel of ['ops', 'audit']) await alice.subscribe(channel, hook)
  const {id} = await alice.send(['ops', 'audit'], {body: 'x'})
  const to = recorder('test')
  expect(await once(to)).toEqual({delivered: 2, retried: 0, failed: 0})
  expect(to.calls.map(({message}) => message.id)).toEqual([id, id])
  expect(new Set([id, ...to.calls.map(({recipient}) => recipient.deliveryId)]).size).toBe(3)
})

/** A door that is opened once. */
function gate() {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {open, opened}
}

describe('one subscription', () => {
  beforeEach(async () => {
    await alice.subscribe('ops', hook)
  })

  test('gets what comes, in order, and is done with it', async () => {
    const to = recorder('test')
    await sendEach(alice, 'ops', numbered(3))
    expect(await once(to)).toEqual({delivered: 3, retried: 0, failed: 0})
    expect(to.sent).toEqual(['ops/1 pager 1', 'ops/2 pager 1', 'ops/3 pager 1'])
    expect(to.calls.map(({message}) => message.content)).toEqual(['m1', 'm2', 'm3'])
    expect(await once(to)).toEqual({delivered: 0, retried: 0, failed: 0})
    expect(await standing()).toEqual(['1 pager delivered 1', '2 pager delivered 1', '3 pager delivered 1'])
  })

  test('a failure is tried again on the schedule, under the same id, in front of all that is behind it', async () => {
    const to = recorder('test', (_, count) => (count <= 2 ? failing('503 Service Unavailable', {status: 503}) : ok))
    await sendEach(alice, 'ops', numbered(2))
    const settled: DeliverySettled[] = []
    const onSettled = (one: DeliverySettled): void => void settled.push(one)
    expect(await once(to, {onSettled})).toEqual({delivered: 0, retried: 1, failed: 0})
    expect(settled).toMatchObject([
      {
        outcome: 'retry',
        transport: 'test',
        error: '503 Service Unavailable',
        delivery: {seq: 1, nextAt: new Date(START + 5000).toISOString()},
      },
    ])
    w.clock.now += DELIVERY_SCHEDULE[0]! - 1
    expect(await once(to)).toEqual({delivered: 0, retried: 0, failed: 0})
    w.clock.now += 1
    expect(await once(to)).toEqual({delivered: 0, retried: 1, failed: 0})
    w.clock.now += DELIVERY_SCHEDULE[1]!
    expect(await once(to)).toEqual({delivered: 2, retried: 0, failed: 0})
    expect(to.sent).toEqual(['ops/1 pager 1', 'ops/1 pager 2', 'ops/1 pager 3', 'ops/2 pager 1'])
    expect(new Set(to.calls.slice(0, 3).map(({recipient}) => recipient.deliveryId)).size).toBe(1)
    const [delivery] = await all(alice.deliveries({message: 'ops/1'}))
    expect(delivery?.history.map(({status, error}) => [status, error])).toEqual([
      [503, '503 Service Unavailable'],
      [503, '503 Service Unavailable'],
      [undefined, undefined],
    ])
  })

  test('what the endpoint asks to wait is obeyed', async () => {
    const to = recorder('test', () => failing('429', {status: 429, retryAfter: 3_600_000}))
    await alice.send('ops', {body: 'x'})
    await once(to)
    const [delivery] = await all(alice.deliveries())
    expect(delivery?.nextAt).toBe(new Date(START + 3_600_000).toISOString())
  })

  test('when the attempts are used up it is a dead letter, and the next goes on', async () => {
    const to = recorder('test', ({message}) => (message.seq === 1 ? failing('no route') : ok))
    await sendEach(alice, 'ops', numbered(2))
    for (const delay of DELIVERY_SCHEDULE) {
      expect(await once(to)).toEqual({delivered: 0, retried: 1, failed: 0})
      w.clock.now += delay
    }
    expect(await once(to)).toEqual({delivered: 1, retried: 0, failed: 1})
    expect(await all(alice.deadLetters())).toMatchObject([{subscriber: 'pager', attempts: 10, reason: 'no route'}])
    expect(await standing()).toEqual(['1 pager failed 10', '2 pager delivered 1'])
  })

  test('a final failure is a dead letter at once; redriven it is delivered under the same id', async () => {
    const to = recorder('test', (_, count) => (count === 1 ? failing('404', {status: 404, failure: 'final'}) : ok))
    await sendEach(alice, 'ops', numbered(2))
    expect(await once(to)).toEqual({delivered: 1, retried: 0, failed: 1})
    expect(await alice.redrive({message: 'ops/1'})).toMatchObject([{subscriber: 'pager', seq: 1}])
    expect(await once(to)).toEqual({delivered: 1, retried: 0, failed: 0})
    expect(to.sent).toEqual(['ops/1 pager 1', 'ops/2 pager 1', 'ops/1 pager 1'])
    expect(to.calls[2]?.recipient.deliveryId).toBe(to.calls[0]?.recipient.deliveryId)
  })

  test('who is gone is paused, with the message kept for when it is resumed', async () => {
    const to = recorder('test', (_, count) => (count === 1 ? failing('410 Gone', {status: 410, failure: 'gone'}) : ok))
    await sendEach(alice, 'ops', numbered(2))
    expect(await once(to)).toEqual({delivered: 0, retried: 1, failed: 0})
    expect(await alice.subscriptions()).toMatchObject([{subscriber: 'pager', paused: true}])
    expect(await once(to)).toEqual({delivered: 0, retried: 0, failed: 0})
    await alice.subscribe('ops', {subscriber: 'pager', paused: false, existing: true})
    expect(await once(to)).toEqual({delivered: 2, retried: 0, failed: 0})
    expect(to.sent).toEqual(['ops/1 pager 1', 'ops/1 pager 2', 'ops/2 pager 1'])
  })

  test('a transport that throws has failed, with what it says', async () => {
    const to = recorder('test', () => {
      throw new Error('socket exploded')
    })
    await alice.send('ops', {body: 'x'})
    expect(await once(to)).toEqual({delivered: 0, retried: 1, failed: 0})
    const [delivery] = await all(alice.deliveries())
    expect(delivery).toMatchObject({state: 'pending', attempts: 1, history: [{error: 'socket exploded'}]})
  })

  test("who isn't there is not counted, and tried again when it may be reached", async () => {
    let isThere = false
    const to = recorder('test', () => (isThere ? ok : failing('nobody is connected', {failure: 'unreached'})))
    await alice.send('ops', {body: 'x'})
    expect(await once(to)).toEqual({delivered: 0, retried: 0, failed: 0})
    expect(await standing()).toEqual(['1 pager pending 0'])
    const deliverer = await running([to])
    await until(() => expect(to.calls).toHaveLength(2))
    // Nothing but a word about this subscriber wakes it.
    await alice.send('ops', {body: 'y'})
    to.reach('someone else')
    await alice.createChannel('dev')
    isThere = true
    to.reach('pager')
    await until(() => expect(to.calls).toHaveLength(4))
    expect(to.sent.slice(2)).toEqual(['ops/1 pager 1', 'ops/2 pager 1'])
    expect(await deliverer.end()).toEqual({delivered: 2, retried: 0, failed: 0})
  })

  test('a subscription that is changed is tried again, too', async () => {
    const to = recorder('test', ({recipient}) =>
      recipient.subscription.endpoint === 'elsewhere' ? ok : failing('nobody', {failure: 'unreached'}),
    )
    await alice.send('ops', {body: 'x'})
    const deliverer = await running([to])
    await until(() => expect(to.calls).toHaveLength(1))
    await alice.subscribe('ops', {...hook, endpoint: 'elsewhere'})
    await until(() => expect(to.calls).toHaveLength(2))
    expect(await deliverer.end()).toEqual({delivered: 1, retried: 0, failed: 0})
  })

  test('who may not read the channel any more gets nothing, until it may again', async () => {
    const to = recorder('test')
    // Then who delivers has no say in anything.
    await alice.grant({permissions: ['manage'], to: [{actor: 'root'}]})
    await alice.updateChannel('ops', {restricted: true})
    await alice.send('ops', {body: 'x'})
    expect(await once(to)).toEqual({delivered: 0, retried: 0, failed: 0})
    const deliverer = await running([to])
    expect(to.calls).toEqual([])
    await alice.updateChannel('ops', {members: {add: ['pager']}})
    await until(() => expect(to.sent).toEqual(['ops/1 pager 1']))
    await deliverer.end()
  })

  test('what is being sent when the deliverer stops gets its time', async () => {
    const {open, opened} = gate()
    const to = recorder('test', async () => {
      await opened
      return ok
    })
    await sendEach(alice, 'ops', numbered(2))
    const deliverer = await running([to])
    await until(() => expect(to.calls).toHaveLength(1))
    const ended = deliverer.end()
    open()
    expect(await ended).toEqual({delivered: 1, retried: 0, failed: 0})
    expect(await standing()).toEqual(['1 pager delivered 1'])
  })

  test("what doesn't get there in that time is given back, uncounted", async () => {
    const to = recorder('test', async ({signal}) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return failing('stopped')
    })
    await alice.send('ops', {body: 'x'})
    const deliverer = await running([to])
    await until(() => expect(to.calls).toHaveLength(1))
    expect(await deliverer.end()).toEqual({delivered: 0, retried: 0, failed: 0})
    expect(deliverer.settled).toMatchObject([{outcome: 'released'}])
    expect(await standing()).toEqual(['1 pager pending 0'])
  })

  test('a deliverer that was too slow is told, and has settled nothing', async () => {
    const {open, opened} = gate()
    const slow = recorder('test', async () => {
      await opened
      return failing('too late', {failure: 'final'})
    })
    await alice.send('ops', {body: 'x'})
    const deliverer = await running([slow])
    await until(() => expect(slow.calls).toHaveLength(1))
    w.clock.now += 30_000
    const to = recorder('test')
    expect(await once(to)).toEqual({delivered: 1, retried: 0, failed: 0})
    expect(to.calls[0]?.recipient).toMatchObject({deliveryId: slow.calls[0]?.recipient.deliveryId, attempt: 2})
    open()
    await until(() => expect(deliverer.settled).toMatchObject([{outcome: 'lost'}]))
    expect(await deliverer.end()).toEqual({delivered: 0, retried: 0, failed: 0})
    expect(await standing()).toEqual(['1 pager delivered 2'])
  })

  test('secrets are made when a transport asks for them, and new ones stand in front', async () => {
    const asked: (readonly string[])[] = []
    const to = recorder('test', async ({recipient}) => {
      asked.push(await recipient.secrets())
      return ok
    })
    await alice.send('ops', {body: 'x'})
    await once(to)
    const made = [
      await alice.newSecret('ops', {subscriber: 'pager'}),
      await alice.newSecret('ops', {subscriber: 'pager'}),
    ]
    await alice.send('ops', {body: 'y'})
    await once(to)
    expect(asked[0]).toEqual([expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/)])
    expect(asked[1]).toEqual(made.toReversed())
  })
})

describe('several subscriptions', () => {
  test('one that hangs holds up nobody else', async () => {
    for (const subscriber of ['slow', 'fast']) await alice.subscribe('ops', {...hook, subscriber})
    const {open, opened} = gate()
    const to = recorder('test', async ({recipient}) => {
      if (recipient.subscription.subscriber === 'slow') await opened
      return ok
    })
    const deliverer = await running([to])
    await sendEach(alice, 'ops', numbered(20))
    await until(() => expect(to.sent.filter((one) => one.includes('fast'))).toHaveLength(20))
    expect(to.sent.filter((one) => one.includes('slow'))).toEqual(['ops/1 slow 1'])
    open()
    await until(() => expect(to.sent.filter((one) => one.includes('slow'))).toHaveLength(20))
    expect(await deliverer.end()).toEqual({delivered: 40, retried: 0, failed: 0})
    const order = to.sent.filter((one) => one.includes('slow')).map((one) => Number(/\d+/.exec(one)))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  test('one that nothing is for costs little, and gets what is for it all the same', async () => {
    await alice.subscribe('ops', hook)
    await alice.subscribe('ops', {...hook, subscriber: 'picky', types: ['alarm']})
    const bus = await w.elsewhere('deliverer')
    const looks = vi.spyOn(bus.context.store.deliveries, 'take')
    const to = recorder('test')
    const deliverer = await running([to], {}, bus)
    const began = performance.now()
    for (let sent = 1; sent <= 40; sent++) {
      await alice.send('ops', {body: 'x'})
      await until(() => expect(to.calls).toHaveLength(sent))
    }
    const tenths = (performance.now() - began) / 100
    const inVain = looks.mock.calls.filter(([{subscriber}]) => subscriber === 'picky').length
    expect(inVain).toBeLessThanOrEqual(tenths + 3)
    await alice.send('ops', {body: 'fire', type: 'alarm'})
    await until(() => expect(to.sent).toContain('ops/41 picky 1'))
    await until(() => expect(to.calls).toHaveLength(42))
    expect(await deliverer.end()).toEqual({delivered: 42, retried: 0, failed: 0})
  })

  test('are found as they come and go, in channels that come and go', async () => {
    const to = recorder('test')
    const deliverer = await running([to])
    await alice.subscribe('ops', hook)
    await alice.send('ops', {body: '1'})
    await until(() => expect(to.sent).toEqual(['ops/1 pager 1']))
    await alice.renameChannel('ops', 'prod')
    await alice.send('prod', {body: '2'})
    await until(() => expect(to.sent.at(-1)).toBe('prod/2 pager 1'))
    await alice.unsubscribe('prod', {subscriber: 'pager'})
    await alice.send('prod', {body: '3'})
    await alice.createChannel('dev')
    await alice.subscribe('dev', hook)
    await alice.send('dev', {body: '1'})
    await until(() => expect(to.sent.at(-1)).toBe('dev/1 pager 1'))
    await alice.deleteChannel('dev')
    await alice.subscribe('prod', hook)
    await alice.send('prod', {body: '4'})
    await until(() => expect(to.sent.at(-1)).toBe('prod/4 pager 1'))
    expect(await deliverer.end()).toEqual({delivered: 4, retried: 0, failed: 0})
  })

  test('shared by three deliverers, each message goes out once and in order', async () => {
    for (const subscriber of ['a', 'b']) await alice.subscribe('ops', {...hook, subscriber})
    const to = recorder('test')
    const deliverers = await Promise.all([running([to]), running([to]), running([to])])
    await sendEach(alice, 'ops', numbered(30))
    await until(async () => expect((await standing()).filter((one) => one.endsWith('delivered 1'))).toHaveLength(60))
    const reports = await Promise.all(deliverers.map((one) => one.end()))
    expect(reports.reduce((sum, {delivered}) => sum + delivered, 0)).toBe(60)
    for (const subscriber of ['a', 'b'])
      expect(to.sent.filter((one) => one.includes(` ${subscriber} `))).toEqual(
        numbered(30, 'ops/').map((place) => `${place} ${subscriber} 1`),
      )
  })

  test('only those of a channel, or of some transports', async () => {
    await alice.createChannel('dev')
    for (const channel of ['ops', 'dev']) {
      await alice.subscribe(channel, hook)
      await alice.subscribe(channel, {...hook, subscriber: 'other', transport: 'second'})
      await alice.send(channel, {body: 'x'})
    }
    const [first, second] = [recorder('test'), recorder('second')]
    const options = {transports: transportsOf(first, second), once: true}
    expect(await alice.deliver({...options, channel: 'dev', only: ['second']})).toMatchObject({delivered: 1})
    expect([first.sent, second.sent]).toEqual([[], ['dev/1 other 1']])
    expect(await alice.deliver({...options, channel: 'ops'})).toMatchObject({delivered: 2})
    await expect(alice.deliver({...options, channel: 'none'})).rejects.toMatchObject({code: 'NOT_FOUND'})
  })

  test('without a transport what waits goes on waiting, uncounted, and that is told once', async () => {
    let isThere = false
    const to = recorder('test', undefined, {isAvailable: () => isThere, unavailableBecause: () => 'no server'})
    await alice.subscribe('ops', hook)
    const stuck: unknown[] = []
    const onStuck = (one: unknown): void => void stuck.push(one)
    await once(to, {onStuck})
    expect(stuck).toEqual([])
    const deliverer = await running([to], {onStuck})
    await sendEach(alice, 'ops', numbered(2))
    const reason = 'test is not available: no server'
    await until(() => expect(stuck).toEqual([{channel: 'ops', subscriber: 'pager', reason}]))
    expect(await standing()).toEqual([])
    isThere = true
    await alice.send('ops', {body: 'm3'})
    await until(() => expect(to.calls).toHaveLength(3))
    expect(await deliverer.end()).toEqual({delivered: 3, retried: 0, failed: 0})
    expect(stuck).toHaveLength(1)
  })

  test('a deliverer whose signal has aborted before it began does nothing', async () => {
    await alice.subscribe('ops', hook)
    await alice.send('ops', {body: 'x'})
    const to = recorder('test')
    expect(await once(to, {once: false, signal: AbortSignal.abort()})).toEqual({delivered: 0, retried: 0, failed: 0})
    expect(to.calls).toEqual([])
  })
})

import {v7} from 'uuid'
import {beforeEach, describe, expect, test} from 'vitest'
import {type Bus, createBus} from '../../src/bus/bus.js'
import {aborted} from '../../src/bus/deadline.js'
import type {Handler, WorkSettled} from '../../src/bus/work.js'
import {openMemory} from '../store/memory/open.js'
import {all, numbered, refusal, sendEach, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('jobs')
})

/** The bodies that a handler was given. */
function recorder(): {seen: string[]; handler: Handler} {
  const seen: string[] = []
  return {
    seen,
    handler: async ({message}) => {
      seen.push(text(message))
      return undefined
    },
  }
}

/** Told of an attempt that comes again, lets the time until then pass. */
const passTime = ({delay = 0}: WorkSettled): void => {
  w.clock.now += delay
}

describe('one attempt', () => {
  test('done, in order, each once', async () => {
    await sendEach(alice, 'jobs', numbered(5))
    const {seen, handler} = recorder()
    const report = await bob.work('jobs', handler, {untilEmpty: true})
    expect(seen).toEqual(numbered(5))
    expect(report).toEqual({done: 5, retried: 0, dead: 0, released: 0, lost: 0})
    expect(await alice.inFlight({channel: 'jobs'})).toEqual([])
    expect(await bob.work('jobs', handler, {untilEmpty: true})).toMatchObject({done: 0})
  })

  test('fails and comes again with backoff until its attempts are used up', async () => {
    await sendEach(alice, 'jobs', ['x'])
    const told: WorkSettled[] = []
    const report = await bob.work(
      'jobs',
      async ({attempt}) => ({done: false, reason: `no ${attempt}`, detail: 'stderr'}),
      {
        untilEmpty: true,
        maxAttempts: 3,
        random: () => 0,
        onSettled: (settled) => {
          told.push(settled)
          passTime(settled)
        },
      },
    )
    expect(told.map(({outcome, reason, delay}) => [outcome, reason, delay])).toEqual([
      ['retry', 'no 1', 500],
      ['retry', 'no 2', 1000],
      ['dead', 'no 3', undefined],
    ])
    expect(report).toMatchObject({done: 0, retried: 2, dead: 1})
    expect(await all(alice.deadLetters({channel: 'jobs'}))).toMatchObject([
      {group: 'workers', attempts: 3, reason: 'no 3', detail: 'stderr', message: {body: 'x'}},
    ])
  })

  test('that throws has failed; given up at once when the handler says so', async () => {
    await sendEach(alice, 'jobs', ['throws', 'hopeless'])
    const told: WorkSettled[] = []
    await bob.work(
      'jobs',
      async ({message}) => {
        if (text(message) === 'throws') throw new Error('out of memory')
        return {done: false, reason: 'not mine', dead: true}
      },
      {count: 2, onSettled: (settled) => told.push(settled)},
    )
    expect(told).toMatchObject([
      {outcome: 'retry', reason: 'out of memory'},
      {outcome: 'dead', reason: 'not mine'},
    ])
  })

  test('of a message to the group, and of none to others', async () => {
    await sendEach(alice, 'jobs', ['for the group'], {recipient: 'workers'})
    await sendEach(alice, 'jobs', ['for bob'], {recipient: 'bob'})
    const {seen, handler} = recorder()
    await bob.work('jobs', handler, {untilEmpty: true})
    expect(seen).toEqual(['for the group'])
  })
})

describe('several', () => {
  test('never more at once than asked for, and as many as that', async () => {
    await sendEach(alice, 'jobs', numbered(12))
    let [now, most] = [0, 0]
    const waiting: (() => void)[] = []
    const report = await bob.work(
      'jobs',
      async () => {
        most = Math.max(most, ++now)
        // All three have to be there before one may go on.
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          if (waiting.length === 3) for (const go of waiting.splice(0)) go()
        })
        now--
        return undefined
      },
      {concurrency: 3, untilEmpty: true},
    )
    expect([report.done, most]).toEqual([12, 3])
  })

  test('4 workers and 200 messages: each is done once', async () => {
    for (const body of numbered(200)) await alice.send('jobs', {body})
    const {seen, handler} = recorder()
    const reports = await Promise.all(
      numbered(4, 'worker').map(async (name) =>
        (await w.elsewhere(name)).work('jobs', handler, {concurrency: 3, untilEmpty: true}),
      ),
    )
    expect(seen.toSorted()).toEqual(numbered(200).toSorted())
    expect(reports.reduce((sum, {done}) => sum + done, 0)).toBe(200)
  })

  test('groups get every message each', async () => {
    await sendEach(alice, 'jobs', numbered(3))
    const [mail, bill] = [recorder(), recorder()]
    await bob.work('jobs', mail.handler, {group: 'mail', untilEmpty: true})
    await bob.work('jobs', bill.handler, {group: 'bill', untilEmpty: true})
    expect([mail.seen, bill.seen]).toEqual([numbered(3), numbered(3)])
    expect(await alice.unread('jobs')).toBe(3)
  })
})

describe('ends', () => {
  test('after a count of attempts', async () => {
    await sendEach(alice, 'jobs', numbered(5))
    const {seen, handler} = recorder()
    await bob.work('jobs', handler, {count: 3, concurrency: 2})
    expect(seen).toHaveLength(3)
  })

  test('when empty: not while another has a claim, but as soon as it is finished', async () => {
    await sendEach(alice, 'jobs', ['hers', 'his'])
    const [hers] = await alice.claim('jobs')
    const {seen, handler} = recorder()
    const working = bob.work('jobs', handler, {
      untilEmpty: true,
      onSettled: () => void alice.ack({claim: hers!.token}),
    })
    expect(await working).toMatchObject({done: 1})
    expect(seen).toEqual(['his'])
    expect(await alice.inFlight({channel: 'jobs'})).toEqual([])
  })

  test('at the signal: idle at once, and without a claim when it came before', async () => {
    const stop = new AbortController()
    const {seen, handler} = recorder()
    const working = bob.work('jobs', handler, {signal: stop.signal, onReady: () => stop.abort()})
    expect(await working).toMatchObject({done: 0})
    await sendEach(alice, 'jobs', ['x'])
    expect(await bob.work('jobs', handler, {signal: AbortSignal.abort()})).toMatchObject({done: 0})
    expect(seen).toEqual([])
    expect(await alice.inFlight({channel: 'jobs'})).toEqual([])
  })

  test('at the signal, once the running handlers are done', async () => {
    await sendEach(alice, 'jobs', numbered(3))
    const stop = new AbortController()
    let aborted = false
    const report = await bob.work(
      'jobs',
      async (_, signal) => {
        stop.abort()
        await bob.info()
        aborted ||= signal.aborted
        return undefined
      },
      {signal: stop.signal},
    )
    expect([report.done, aborted]).toEqual([1, false])
  })

  test('grace over: the handler is told to stop, and its message is given back uncounted', async () => {
    await sendEach(alice, 'jobs', ['x'])
    const stop = new AbortController()
    const told: string[] = []
    const report = await bob.work(
      'jobs',
      async (_, signal) => {
        stop.abort()
        await aborted(signal)
        return {done: false, reason: 'killed'}
      },
      {signal: stop.signal, grace: 1, onSettled: ({outcome}) => told.push(outcome)},
    )
    expect([report.released, report.retried, told]).toEqual([1, 0, ['released']])
    expect(await alice.claim('jobs')).toMatchObject([{attempt: 1}])
  })

  test('the worker is there while it works, and gone afterwards', async () => {
    await sendEach(alice, 'jobs', ['x'])
    const workers = async () =>
      (await w.store.consumers.get({channel: 'jobs', kind: 'workers', name: 'workers'}))?.workers?.map(
        ({actor}) => actor,
      )
    let during: string[] | undefined
    await bob.work(
      'jobs',
      async () => {
        during = await workers()
        return undefined
      },
      {count: 1},
    )
    expect([during, await workers()]).toEqual([['bob'], []])
  })

  test('with nothing left that keeps a process alive', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    await sendEach(alice, 'jobs', ['x', 'y'])
    const before = timers()
    const stop = new AbortController()
    const {handler} = recorder()
    await bob.work('jobs', handler, {
      signal: stop.signal,
      onSettled: ({claim}) => claim.message.seq === 2 && stop.abort(),
    })
    await expect(bob.claim('jobs', {wait: 1})).rejects.toMatchObject(refusal('TIMEOUT'))
    expect(timers()).toBeLessThanOrEqual(before)
  })
})

describe('wakes', () => {
  test('for what is sent, and for what falls due', async () => {
    const {seen, handler} = recorder()
    const fallDue = async (): Promise<void> => {
      await alice.send('jobs', {body: 'due', deliverAt: w.clock.now + 50})
      w.clock.now += 100
      await alice.unread('jobs')
    }
    const working = bob.work('jobs', handler, {
      count: 2,
      onReady: () => void alice.send('jobs', {body: 'sent'}),
      onSettled: ({claim}) => {
        if (text(claim.message) === 'sent') void fallDue()
      },
    })
    await working
    expect(seen).toEqual(['sent', 'due'])
  })

  test('by itself for the next attempt', async () => {
    const real = createBus({store: openMemory({clock: Date.now}), actor: 'bob', clock: Date.now, ids: v7})
    await real.createChannel('jobs')
    await real.send('jobs', {body: 'x'})
    const working = real.work('jobs', async ({attempt}) => (attempt < 3 ? {done: false, reason: 'no'} : undefined), {
      untilEmpty: true,
      backoff: {base: 20, max: 20},
    })
    expect(await working).toMatchObject({done: 1, retried: 2})
    await real.close()
  })
})

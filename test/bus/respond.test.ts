import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {Answerer, RespondSettled} from '../../src/bus/respond.js'
import type {Draft, Message} from '../../src/model/message.js'
import {all, bodies, numbered, refusal, START, sendEach, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['calc', 'calc.replies']) await alice.createChannel(name)
})

const ask = (body: string, rest: Partial<Draft> = {}): Promise<{id: string}> =>
  alice.send('calc', {body, replyChannel: 'calc.replies', ...rest})

const replies = (): Promise<Message[]> => all(w.as('alice').log(['calc.replies']))

const shout: Answerer = async (request) => ({body: text(request).toUpperCase()})

describe('an answer', () => {
  test('is in the thread, has the correlation id, and goes to who asked', async () => {
    const {id} = await ask('hey', {correlationId: 'c1', conversation: 'launch'})
    expect(await bob.respond('calc', shout, {count: 1})).toEqual({answered: 1, failed: 0, removed: false})
    expect(await replies()).toMatchObject([
      {
        body: 'HEY',
        sender: 'bob',
        replyTo: id,
        thread: id,
        correlationId: 'c1',
        conversation: 'launch',
        recipient: 'alice',
      },
    ])
    expect(await alice.inFlight({channel: 'calc'})).toEqual([])
  })

  test('may be several messages, or none', async () => {
    const [three, none] = [await ask('three'), await ask('none')]
    const told: number[] = []
    await bob.respond(
      'calc',
      async (request) => (text(request) === 'none' ? [] : numbered(3).map((body) => ({body}))),
      {count: 2, onSettled: (settled) => told.push(settled.replies)},
    )
    expect((await replies()).map(({body, replyTo}) => [body, replyTo])).toEqual(numbered(3).map((m) => [m, three.id]))
    expect(none.id).not.toBe(three.id)
    expect(told).toEqual([3, 0])
  })

  test('is given to what wants one, and nothing else is claimed', async () => {
    await sendEach(alice, 'calc', ['no request', 'nor this'])
    await ask('x')
    await bob.respond('calc', shout, {count: 1})
    expect((await replies()).map(text)).toEqual(['X'])
    expect(await alice.claim('calc', {group: 'responders'})).toEqual([])
  })

  test('to a request that is addressed to the group', async () => {
    await ask('x', {recipient: 'responders'})
    await bob.respond('calc', shout, {count: 1})
    expect(await replies()).toMatchObject([{body: 'X', recipient: 'alice'}])
  })

  test('is not given to what has expired', async () => {
    await ask('late', {expiresAt: START + 10})
    w.clock.now += 20
    await ask('in time')
    await bob.respond('calc', shout, {count: 1})
    expect((await replies()).map(text)).toEqual(['IN TIME'])
  })

  test('is given once, also when the responder is killed before it is done', async () => {
    await ask('x')
    const slow: Answerer = async () => {
      w.clock.now += 30_001
      return [{body: 'first'}]
    }
    const told: string[] = []
    const report = await bob.respond('calc', slow, {count: 1, onSettled: ({outcome}) => told.push(outcome)})
    expect([report.answered, told]).toEqual([0, ['lost']])
    expect(await w.as('zoe').respond('calc', shout, {count: 1})).toMatchObject({answered: 1})
    expect((await replies()).map(text)).toEqual(['first'])
  })

  test('to 100 requests at once, by 4 responders: each gets its own', async () => {
    const asked = await Promise.all(numbered(100).map(async (body) => [(await ask(body)).id, body.toUpperCase()]))
    const stop = new AbortController()
    let left = asked.length
    const onSettled = (): void => void (--left === 0 && stop.abort())
    await Promise.all(
      numbered(4, 'responder').map(async (name) =>
        (await w.elsewhere(name)).respond('calc', shout, {concurrency: 5, signal: stop.signal, onSettled}),
      ),
    )
    const answers = (await replies()).map(({replyTo, body}) => [replyTo, body])
    expect(answers.toSorted()).toEqual(asked.toSorted())
  })
})

describe('an error reply', () => {
  test('says what was thrown, and nothing is tried again', async () => {
    const {id} = await ask('x')
    const told: RespondSettled[] = []
    const report = await bob.respond(
      'calc',
      async () => {
        throw new Error('division by\0 zero')
      },
      {count: 1, onSettled: (settled) => told.push(settled)},
    )
    expect(report).toEqual({answered: 0, failed: 1, removed: false})
    expect(await replies()).toMatchObject([{type: 'leat.error', body: 'division by zero', replyTo: id}])
    expect(told).toMatchObject([{outcome: 'done', replies: 1, failed: 'division by\0 zero'}])
    expect(await alice.inFlight({channel: 'calc'})).toEqual([])
  })

  test('and the end of its request are one step, as an answer and its are', async () => {
    for (const body of ['fine', 'bad']) await ask(body)
    const append = vi.spyOn(bob.context.store.messages, 'append')
    const answer: Answerer = async (request) => {
      if (text(request) === 'bad') throw new Error('no')
      return {body: 'yes'}
    }
    expect(await bob.respond('calc', answer, {count: 2})).toMatchObject({answered: 1, failed: 1})
    expect(append).not.toHaveBeenCalled()
    expect(await bodies(alice.log(['calc.replies']))).toEqual(['yes', 'no'])
  })

  test('says why the reply channel refused the answer', async () => {
    await alice.updateChannel('calc.replies', {contentType: 'application/json'})
    await ask('x')
    await bob.respond('calc', async () => ({body: 'no json'}), {count: 1})
    expect(await replies()).toMatchObject([{type: 'leat.error', body: expect.stringMatching(/JSON/)}])
  })

  test('that nobody takes is only told of: the request is done', async () => {
    await ask('x')
    await alice.setChannelState('calc.replies', 'closed')
    const told: RespondSettled[] = []
    const report = await bob.respond('calc', shout, {count: 1, onSettled: (settled) => told.push(settled)})
    expect(report).toMatchObject({answered: 0, failed: 1})
    expect(told).toMatchObject([{outcome: 'done', replies: 0, failed: 'channel "calc.replies" is closed'}])
    await alice.deleteChannel('calc.replies')
    await ask('y')
    await bob.respond('calc', shout, {count: 1, onSettled: (settled) => told.push(settled)})
    expect(told[1]).toMatchObject({replies: 0, failed: expect.stringMatching(/no channel "calc.replies"/)})
    expect(await alice.inFlight({channel: 'calc'})).toEqual([])
  })
})

test('the answerer is told to stop when the grace time is over; the request is given back', async () => {
  await ask('x')
  const stop = new AbortController()
  const told: RespondSettled[] = []
  const report = await bob.respond(
    'calc',
    (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({body: 'too late'}))
        stop.abort()
      }),
    {signal: stop.signal, grace: 1, onSettled: (settled) => told.push(settled)},
  )
  expect(report).toMatchObject({answered: 0, failed: 0})
  expect(told).toMatchObject([{outcome: 'released', replies: 0}])
  expect(await replies()).toEqual([])
})

test('who may not read the channel may not respond', async () => {
  await alice.createChannel('hers', {restricted: true})
  await expect(bob.respond('hers', shout)).rejects.toMatchObject(refusal('FORBIDDEN'))
  await expect(bob.respond('nowhere', shout)).rejects.toMatchObject(refusal('NOT_FOUND'))
  await expect(bob.respond('calc', shout, {count: 0})).rejects.toMatchObject(refusal('INVALID', /count/))
})

describe('control messages', () => {
  /** A responder that obeys, in the background, and what it was told. */
  const obedient = async (concurrency = 1) => {
    const told: string[] = []
    const events = new EventTarget()
    let ready = (): void => {}
    const isReady = new Promise<void>((resolve) => {
      ready = resolve
    })
    const responding = bob.respond('calc', shout, {
      control: true,
      concurrency,
      onReady: ready,
      onSettled: ({control, claim}) => {
        told.push(control ?? text(claim.message))
        events.dispatchEvent(new Event('told'))
      },
    })
    await isReady
    const until = async (count: number): Promise<void> => {
      while (told.length < count) await new Promise((resolve) => events.addEventListener('told', resolve, {once: true}))
    }
    return {told, responding, until}
  }
  const order = (type: string, rest: Partial<Draft> = {}) => alice.send('calc', {body: '', type, ...rest})

  test('stop leaves requests alone until start; remove ends it and forgets the group', async () => {
    const {told, responding, until} = await obedient()
    await ask('one')
    await until(1)
    await order('stop')
    await until(2)
    await ask('two')
    expect(await alice.claim('calc', {group: 'responders'})).toMatchObject([{message: {body: 'two'}}])
    await alice.nack({claim: 'calc/3'}, {delay: 0})
    await order('start')
    await until(4)
    await order('remove')
    expect(await responding).toEqual({answered: 2, failed: 0, removed: true})
    expect(told.toSorted()).toEqual(['one', 'remove', 'start', 'stop', 'two'])
    expect(told.slice(0, 2)).toEqual(['one', 'stop'])
    expect((await alice.channel('calc')).consumers).toEqual([])
  })

  test('remove ends one of several, and the others go on where the group is', async () => {
    const [first, second] = [await obedient(), await obedient()]
    await ask('one')
    await Promise.race([first.until(1), second.until(1)])
    await order('remove')
    await Promise.race([first.responding, second.responding])
    await ask('two')
    const told = (): string[] => [...first.told, ...second.told]
    const isAnswered = async (): Promise<boolean> => (await bodies(alice.log(['calc.replies']))).includes('TWO')
    while (!(await isAnswered())) await alice.context.store.changed({'calc.replies': 1}, AbortSignal.timeout(20))
    await order('remove')
    await Promise.all([first.responding, second.responding])
    expect(told().toSorted()).toEqual(['one', 'remove', 'remove', 'two'])
    expect((await alice.channel('calc')).consumers).toEqual([])
  })

  test('what was claimed together with a stop is given back', async () => {
    const stop = new AbortController()
    const told: string[] = []
    const responding = bob.respond('calc', shout, {
      control: true,
      concurrency: 5,
      signal: stop.signal,
      onReady: () =>
        void alice.sendAll(
          'calc',
          (async function* () {
            yield {line: 1, draft: {body: 'one', replyChannel: 'calc.replies'}}
            yield {line: 2, draft: {body: '', type: 'stop'}}
            yield {line: 3, draft: {body: 'two', replyChannel: 'calc.replies'}}
          })(),
        ),
      onSettled: ({control, claim}) => {
        told.push(control ?? text(claim.message))
        if (told.length === 2) stop.abort()
      },
    })
    await responding
    expect(told.toSorted()).toEqual(['one', 'stop'])
    expect(await alice.claim('calc', {group: 'responders'})).toMatchObject([{attempt: 1, message: {body: 'two'}}])
  })

  test('remove is obeyed while stopped; what asks gets an answer', async () => {
    const {responding, until} = await obedient()
    await order('stop', {replyChannel: 'calc.replies'})
    await until(1)
    await order('remove', {replyChannel: 'calc.replies'})
    expect(await responding).toMatchObject({removed: true})
    expect(await bodies(alice.log(['calc.replies']))).toEqual(['stopped', 'removed'])
  })

  test('that are older than the responder have no effect', async () => {
    await order('stop')
    await order('remove')
    const {told, responding, until} = await obedient()
    await ask('x')
    await until(1)
    await order('remove')
    await responding
    expect(told).toEqual(['x', 'remove'])
  })

  test('are not obeyed by who does not opt in', async () => {
    await order('remove')
    await order('stop', {replyChannel: 'calc.replies'})
    expect(await bob.respond('calc', async ({type}) => ({body: type}), {count: 1})).toMatchObject({removed: false})
    expect((await replies()).map(text)).toEqual(['stop'])
  })
})

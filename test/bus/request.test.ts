import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {RequestOptions} from '../../src/bus/request.js'
import type {Draft, Message} from '../../src/model/message.js'
import {all, bodies, numbered, refusal, sendEach, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('calc')
})

const LONG = 3_600_000

/** A request under way: stored when this returns. */
async function asking(bus: Bus, body: string, options: RequestOptions = {}, draft: Partial<Draft> = {}) {
  let answers!: Promise<Message[]>
  const sent = await new Promise<{id: string; channel: string; seq?: number; duplicate: boolean}>((onSent, reject) => {
    answers = all(bus.requestAll('calc', {body, ...draft}, {timeout: LONG, onSent, ...options}))
    answers.catch(reject)
  })
  return {...sent, answers, texts: async () => (await answers).map(text)}
}

const requests = (bus: Bus) => all(bus.log(['calc']))

describe('asking', () => {
  test('sends what wants an answer, in time, and gives the answer', async () => {
    const asked = await asking(bob, '1+1', {timeout: 10_000})
    const [stored] = await requests(alice)
    expect(stored).toMatchObject({
      id: asked.id,
      replyChannel: 'calc.replies',
      correlationId: expect.any(String),
      expiresAt: new Date(w.clock.now + 10_000).toISOString(),
    })
    expect(asked).toMatchObject({channel: 'calc', seq: 1, duplicate: false})
    const receipt = await alice.reply('calc/1', {body: '2'})
    expect(receipt.sent).toEqual([{channel: 'calc.replies', seq: 1}])
    expect(await asked.answers).toMatchObject([
      {body: '2', recipient: 'bob', replyTo: asked.id, correlationId: stored?.correlationId},
    ])
    expect(await bob.cursors()).toEqual([])
  })

  test('a hundred at once by one actor: each its own answer', async () => {
    const asked = await Promise.all(numbered(100).map((body) => asking(bob, body)))
    for (const {seq, body} of (await requests(alice)).toReversed())
      await alice.reply(`calc/${seq}`, {body: `re ${body}`})
    expect(await Promise.all(asked.map((one) => one.texts()))).toEqual(numbered(100).map((body) => [`re ${body}`]))
  })

  test('several answers, as they come; the first alone', async () => {
    const asked = await asking(bob, 'who?', {replies: 2})
    await w.as('carol').reply(asked.id, {body: 'carol'})
    await w.as('dave').reply(asked.id, {body: 'dave'})
    expect(await asked.texts()).toEqual(['carol', 'dave'])
    const first = bob.request('calc', {body: 'x'}, {timeout: LONG, onSent: ({id}) => void alice.reply(id, {body: 'y'})})
    expect(text(await first)).toBe('y')
  })

  test('an answer to something else, or with another correlation id, is none', async () => {
    const [one, two] = [await asking(bob, '1'), await asking(bob, '2')]
    await alice.reply(one.id, {body: 'wrong', correlationId: 'other'})
    await alice.send('calc.replies', {body: 'wrong', correlationId: (await requests(alice))[1]!.correlationId})
    await alice.reply(two.id, {body: 'two'})
    await alice.reply(one.id, {body: 'one'})
    expect([await one.texts(), await two.texts()]).toEqual([['one'], ['two']])
  })

  test('an error is REMOTE with its text; what came before it was given', async () => {
    const asked = await asking(bob, '1/0')
    await alice.reply(asked.id, {body: 'division by zero\n'}, {error: true})
    await expect(asked.answers).rejects.toMatchObject(
      refusal('REMOTE', 'alice answered calc/1 with an error: division by zero'),
    )
    const got: string[] = []
    const several = (async () => {
      const onSent = async ({id}: {id: string}) => {
        await alice.reply(id, {body: 'first'})
        await alice.reply(id, {body: ''}, {error: true})
      }
      for await (const message of bob.requestAll('calc', {body: 'x'}, {timeout: LONG, replies: 3, onSent}))
        got.push(text(message))
    })()
    await expect(several).rejects.toMatchObject(refusal('REMOTE', /^alice answered calc\/2 with an error$/))
    expect(got).toEqual(['first'])
  })

  test('called off, it ends quietly', async () => {
    const stop = new AbortController()
    const asked = await asking(bob, 'x', {signal: stop.signal})
    stop.abort()
    expect(await asked.answers).toEqual([])
  })
})

describe('no answer in time', () => {
  const tooLate = (options: RequestOptions = {}) => all(bob.requestAll('calc', {body: 'x'}, {timeout: 20, ...options}))
  const group = {channel: 'calc', group: 'responders'}

  test('says whether a responder was ever seen or is there now', async () => {
    await expect(tooLate()).rejects.toMatchObject(
      refusal('TIMEOUT', 'no answer to calc/1 within 0.02 s: no responder was ever seen', /^leat wait [0-9a-f-]{36}$/),
    )
    const [first, second] = [await w.store.claims.join(group, 'carol'), await w.store.claims.join(group, 'dave')]
    await expect(tooLate()).rejects.toMatchObject(refusal('TIMEOUT', /: 2 responders are there$/))
    await w.store.claims.leave(first.worker)
    await expect(tooLate()).rejects.toMatchObject(refusal('TIMEOUT', /: 1 responder is there$/))
    await w.store.claims.leave(second.worker)
    await expect(tooLate()).rejects.toMatchObject(refusal('TIMEOUT', /: responders were here, none is running now$/))
  })

  test('some of several', async () => {
    const onSent = ({id}: {id: string}) => void alice.reply(id, {body: 'one'})
    await expect(tooLate({replies: 2, timeout: 300, onSent})).rejects.toMatchObject(
      refusal('TIMEOUT', /^1 of 2 answers to calc\/1 within 0.3 s/),
    )
  })

  test.each<[string, RequestOptions]>([
    ['no time', {timeout: 0}],
    ['less', {timeout: -1}],
    ['no number', {timeout: Number.NaN}],
    ['no answers', {replies: 0}],
  ])('%s is INVALID, and nothing is sent', async (_, options) => {
    await expect(tooLate(options)).rejects.toMatchObject(refusal('INVALID'))
    expect((await alice.channels({all: true})).map(({name}) => name)).toEqual(['calc'])
  })
})

describe('where answers go', () => {
  test('the usual reply channel is made with the same access, hidden, for a day', async () => {
    await alice.updateChannel('calc', {restricted: true, members: {add: ['bob', 'carol']}})
    const asked = await asking(bob, 'x')
    const replies = await alice.channel('calc.replies')
    expect(replies).toMatchObject({
      createdBy: 'alice',
      restricted: true,
      hidden: true,
      retention: {maxAge: 86_400_000},
    })
    expect((await bob.channels()).map(({name}) => name)).toEqual(['calc'])
    await w.as('carol').reply(asked.id, {body: 'y'})
    expect(await asked.texts()).toEqual(['y'])
  })

  test('the usual reply channel is for whoever may use the channel, as that stands now', async () => {
    await alice.updateChannel('calc', {restricted: true, members: {add: ['bob']}})
    await asking(bob, 'x')
    await alice.updateChannel('calc', {members: {add: ['carol'], remove: ['bob']}})
    await alice.grant({channel: 'calc', permissions: ['manage'], to: [{actor: 'max'}]})
    const visible = async (name: string) => (await w.as(name).channels({all: true})).map((channel) => channel.name)
    for (const name of ['carol', 'max', 'alice']) expect(await visible(name)).toEqual(['calc', 'calc.replies'])
    expect(await visible('bob')).toEqual([])
    await expect(bob.send('calc.replies', {body: 'y'})).rejects.toMatchObject(refusal('FORBIDDEN'))
    expect(await w.as('carol').can('subscribe', 'calc.replies')).toEqual({
      allowed: true,
      reason: 'carol was granted subscribe on calc',
    })
    const asked = await asking(w.as('carol'), 'z')
    await w.as('max').reply(asked.id, {body: 'y'})
    expect(await asked.texts()).toEqual(['y'])
  })

  test('a channel of such a name that a person made and restricted is not for everyone who may ask', async () => {
    await alice.createChannel('calc.replies', {restricted: true})
    await expect(all(bob.requestAll('calc', {body: 'x'}))).rejects.toMatchObject(
      refusal('FORBIDDEN', /bob may not read "calc.replies"/),
    )
  })

  test('made by many at once it is one', async () => {
    const buses = await Promise.all(numbered(8).map((name) => w.elsewhere(name)))
    const asked = await Promise.all(buses.map((bus) => asking(bus, 'x')))
    for (const {id} of asked) await alice.reply(id, {body: id})
    for (const {id, texts} of asked) expect(await texts()).toEqual([id])
  })

  test('another one that is named has to be there, readable and not closed: else nothing is sent', async () => {
    const named = (replyChannel: string) => all(bob.requestAll('calc', {body: 'x'}, {timeout: 20, replyChannel}))
    await expect(named('nope')).rejects.toMatchObject(refusal('NOT_FOUND', /no channel "nope"/))
    await alice.createChannel('secret', {restricted: true})
    await expect(named('secret')).rejects.toMatchObject(refusal('FORBIDDEN', /bob may not read "secret"/))
    await alice.createChannel('shut')
    await alice.setChannelState('shut', 'closed')
    await expect(named('shut')).rejects.toMatchObject(refusal('CHANNEL_CLOSED'))
    expect(await requests(alice)).toEqual([])
    await bob.createChannel('box')
    const asked = await asking(bob, 'x', {replyChannel: 'box'})
    await alice.reply('calc/1', {body: 'y'})
    expect((await asked.answers)[0]).toMatchObject({channel: 'box', body: 'y'})
  })

  test('who may send but not read the answers is told before anything is sent', async () => {
    await alice.updateChannel('calc', {restricted: true})
    await w.store.grants.change('calc', {actor: 'bob'}, {add: ['submit']})
    await expect(all(bob.requestAll('calc', {body: 'x'}))).rejects.toMatchObject(
      refusal('FORBIDDEN', /bob may not read "calc.replies"/),
    )
    expect(await requests(alice)).toEqual([])
  })

  test('a closed channel, an unknown one, a name too long for its replies', async () => {
    const ask = (name: string) => all(bob.requestAll(name, {body: 'x'}))
    await expect(ask('nope')).rejects.toMatchObject(refusal('NOT_FOUND'))
    await alice.setChannelState('calc', 'closed')
    await expect(ask('calc')).rejects.toMatchObject(refusal('CHANNEL_CLOSED'))
    expect((await alice.channels({all: true})).length).toBe(1)
    const long = 'x'.repeat(125)
    await alice.createChannel(long)
    await expect(ask(long)).rejects.toMatchObject(refusal('INVALID', /too long/, /--reply-channel/))
  })
})

describe('with a key', () => {
  const keyed = (body: string, options: RequestOptions = {}) => asking(bob, body, options, {key: 'k'})

  test('asking again waits for the same request', async () => {
    const [first, again] = [await keyed('x'), await keyed('x')]
    expect(again).toMatchObject({id: first.id, seq: 1, duplicate: true})
    await alice.reply('calc/1', {body: 'y'})
    expect([await first.texts(), await again.texts()]).toEqual([['y'], ['y']])
  })

  test('what was answered is not asked once more, not even when the request is gone', async () => {
    const first = await keyed('x')
    await alice.reply('calc/1', {body: 'y'})
    await first.answers
    await alice.pruneChannel('calc', {keep: 0})
    const again = await keyed('x')
    expect(again).toMatchObject({id: first.id, duplicate: true})
    expect(again.seq).toBeUndefined()
    expect(await again.texts()).toEqual(['y'])
    expect(await requests(alice)).toEqual([])
  })

  test('other content is a conflict while the first is stored', async () => {
    await keyed('x', {timeout: LONG})
    await expect(keyed('y')).rejects.toMatchObject(refusal('CONFLICT'))
  })

  test('one that was sent before under an id of its own is waited for where its answers go', async () => {
    await bob.createChannel('box')
    const {id} = await bob.send('calc', {body: 'x', key: 'k', replyChannel: 'box', correlationId: 'c'})
    const asked = await keyed('x')
    expect(asked).toMatchObject({id, seq: 1, duplicate: true})
    await alice.reply('calc/1', {body: 'y'})
    expect(await asked.texts()).toEqual(['y'])
  })
})

describe('waiting for an answer to what was sent', () => {
  const waiting = (message: string, options = {}) => bodies(bob.waitForReply(message, options))

  test('the first, there already or to come, in whatever channel', async () => {
    const [id] = await sendEach(bob, 'calc', ['question'])
    const other = await w.elsewhere('alice')
    const wait = waiting('calc/1')
    await other.createChannel('elsewhere')
    await other.send('elsewhere', {body: 'answer', replyTo: id})
    expect(await wait).toEqual(['answer'])
    expect(await waiting(id!)).toEqual(['answer'])
    await expect(waiting('calc/1', {replies: 2, timeout: 20})).rejects.toMatchObject(
      refusal('TIMEOUT', '1 of 2 answers to calc/1 within 0.02 s'),
    )
  })

  test('an answer in several channels is one; an error is REMOTE', async () => {
    await sendEach(bob, 'calc', ['question'])
    await alice.createChannel('other')
    await alice.send(['calc', 'other'], {body: 'twice', replyTo: 'calc/1'})
    await alice.reply('calc/1', {body: 'boom'}, {error: true})
    await expect(waiting('calc/1', {replies: 2})).rejects.toMatchObject(refusal('REMOTE', /boom/))
  })

  test('a request that is gone is known by its answers, if its whole id is given', async () => {
    const asked = await asking(bob, 'x')
    await alice.reply('calc/1', {body: 'y'})
    await asked.answers
    await alice.pruneChannel('calc', {keep: 0})
    expect(await waiting(asked.id)).toEqual(['y'])
    for (const name of [asked.id.slice(-8), 'calc/1', '0190c7a2-3f4e-7abc-8def-0123456789ab'])
      await expect(waiting(name)).rejects.toMatchObject(refusal('NOT_FOUND'))
  })

  test('a delayed message', async () => {
    const {id} = await bob.send('calc', {body: 'later', deliverAt: w.clock.now + 1000})
    const wait = waiting(id)
    w.clock.now += 1000
    await vi.waitFor(async () => expect((await requests(alice)).length).toBe(1))
    await alice.reply(id, {body: 'y'})
    expect(await wait).toEqual(['y'])
  })
})

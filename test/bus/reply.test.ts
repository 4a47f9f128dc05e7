import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {all, refusal, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['ops', 'audit', 'ops.replies']) await alice.createChannel(name)
})

test('an answer carries thread, correlation id and conversation', async () => {
  const {id} = await alice.send('ops', {body: 'q', correlationId: 'c1', conversation: 'launch'})
  const answer = await bob.reply(id, {body: 'a'})
  expect(answer).toMatchObject({thread: id, sent: [{channel: 'ops', seq: 2}]})
  expect((await bob.show('ops/2')).message).toMatchObject({
    replyTo: id,
    correlationId: 'c1',
    conversation: 'launch',
    type: 'message',
  })
  expect((await bob.show('ops/2')).message.recipient).toBeUndefined()
})

test('it goes to the reply channel, addressed to who asked', async () => {
  const {id} = await alice.send('ops', {body: 'q', replyChannel: 'ops.replies'})
  await bob.reply('ops/1', {body: 'a'})
  expect((await alice.show('ops.replies/1')).message).toMatchObject({replyTo: id, thread: id, recipient: 'alice'})
})

test('--error answers as leat.error, also for who may not send such types', async () => {
  await alice.send('ops', {body: 'q'})
  await bob.reply('ops/1', {body: 'no'}, {error: true})
  expect((await bob.show('ops/2')).message.type).toBe('leat.error')
  await expect(bob.reply('ops/1', {body: 'no', type: 'leat.error'})).rejects.toMatchObject(refusal('FORBIDDEN'))
})

test('what was said between two stays between them', async () => {
  await alice.send('ops', {body: 'psst', recipient: 'bob'})
  await bob.reply('ops/1', {body: 'yes?'})
  await alice.reply('ops/1', {body: 'and another thing'})
  const recipients = (await all(alice.log(['ops']))).map(({recipient}) => recipient)
  expect(recipients).toEqual(['bob', 'alice', 'bob'])
})

describe('a message with several places', () => {
  let id: string
  beforeEach(async () => {
    id = (await alice.send(['ops', 'audit'], {body: 'q'})).id
  })

  test('named by its id lists them', async () => {
    await expect(bob.reply(id, {body: 'a'})).rejects.toMatchObject(
      refusal('USAGE', /2 places: ops\/1, audit\/1/, /ops\/1/),
    )
  })

  test('named by a place is answered there', async () => {
    expect((await bob.reply('audit/1', {body: 'a'})).sent).toEqual([{channel: 'audit', seq: 2}])
  })

  test('of which the actor may read one is answered there', async () => {
    await alice.updateChannel('audit', {restricted: true})
    expect((await bob.reply(id, {body: 'a'})).sent).toEqual([{channel: 'ops', seq: 2}])
  })
})

test('10 answers to 10 requests, interleaved: each is found by its correlation id', async () => {
  const numbers = Array.from({length: 10}, (_, index) => index)
  const requests = await Promise.all(
    numbers.map((n) => alice.send('ops', {body: `q${n}`, correlationId: `c${n}`, replyChannel: 'ops.replies'})),
  )
  await Promise.all(requests.map(async ({id}, n) => bob.reply(id, {body: `a${n}`})).reverse())
  const answers = await Promise.all(
    numbers.map((n) => all(alice.log(['ops.replies'], {filter: {correlationId: `c${n}`}}))),
  )
  expect(answers.map((found) => found.map(({body}) => body))).toEqual(numbers.map((n) => [`a${n}`]))
  expect(await alice.unread('ops.replies')).toBe(10)
})

test('to a missing message: NOT_FOUND, nothing stored', async () => {
  await expect(bob.reply('ops/1', {body: 'a'})).rejects.toMatchObject(refusal('NOT_FOUND'))
  expect((await alice.channel('ops')).lastSeq).toBe(0)
})

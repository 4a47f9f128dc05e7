/** On to other channels, of one store and of two. */
import {expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {forwarding} from '../../src/bus/forwarding.js'
import {LeatError} from '../../src/model/errors.js'
import type {Message} from '../../src/model/message.js'
import {ChannelTransport} from '../../src/transport/channel.js'
import {all, world} from '../bus/world.js'
import {DELIVERED, message, recipient, sendTo} from './given.js'

/** A store with the channels ops and copy, another one with queue, and the transport from the one to the other. */
async function twoStores() {
  const here = await world()
  const there = await world()
  for (const name of ['ops', 'copy']) await here.as('alice').createChannel(name)
  await there.as('alice').createChannel('queue')
  const opened: string[] = []
  const {forward, close} = forwarding(here.as('leat').context, async (address) => {
    opened.push(address)
    if (address !== '/other.db') throw new LeatError('NOT_FOUND', `no store at ${address}`)
    return there.store
  })
  return {here, there, opened, close, transport: new ChannelTransport(forward)}
}

const last = async (bus: Bus, channel: string): Promise<Message | undefined> => (await all(bus.log([channel]))).at(-1)

const to = (endpoint: string) => recipient({transport: 'channel', endpoint})

/** Sends to ops as alice; the message as it was stored. */
async function sent(bus: Bus, draft: Parameters<Bus['send']>[1]): Promise<Message> {
  await bus.send('ops', draft)
  return (await last(bus, 'ops')) as Message
}

test('a message goes on under its own id, as the subscriber, and says where it comes from', async () => {
  const {here, transport} = await twoStores()
  const {id} = await here.as('alice').send('ops', {body: 'root'})
  const original = await sent(here.as('alice'), {
    body: '{"n":12345678901234567890}',
    contentType: 'application/json',
    type: 'alert',
    headers: {trace: 't1'},
    correlationId: 'c1',
    key: 'k1',
    replyTo: id,
    references: [id],
    replyChannel: 'copy',
  })
  expect(await sendTo(transport, to('copy'), {sent: original})).toEqual(DELIVERED)
  const copy = await last(here.as('bob'), 'copy')
  expect(copy).toMatchObject({
    id: original.id,
    sender: 'bob',
    type: 'alert',
    body: '{"n":12345678901234567890}',
    contentType: 'application/json',
    headers: {trace: 't1', 'leat-from': 'ops/2', 'leat-sender': 'alice'},
    correlationId: 'c1',
    replyTo: id,
    thread: id,
    references: [id],
  })
  expect(copy).not.toHaveProperty('key')
  expect(copy).not.toHaveProperty('replyChannel')
})

test('in another store, what it answers is left out unless it is there too', async () => {
  const {here, there, transport, opened} = await twoStores()
  const root = await sent(here.as('alice'), {body: 'root'})
  const answer = await sent(here.as('alice'), {body: 'answer', replyTo: root.id})
  const queue = to('/other.db#queue')
  expect(await sendTo(transport, queue, {sent: answer})).toEqual(DELIVERED)
  expect(await last(there.as('bob'), 'queue')).toMatchObject({id: answer.id, thread: answer.id, body: 'answer'})
  expect(await sendTo(transport, queue, {sent: root})).toEqual(DELIVERED)
  const second = await sent(here.as('alice'), {body: 'second', replyTo: root.id})
  expect(await sendTo(transport, queue, {sent: second})).toEqual(DELIVERED)
  expect(await last(there.as('bob'), 'queue')).toMatchObject({replyTo: root.id, thread: root.id})
  expect(opened).toEqual(['/other.db'])
})

test('delivered again it is there once; by two subscribers, or in a circle, too', async () => {
  const {here, transport} = await twoStores()
  const original = await sent(here.as('alice'), {body: 'hi'})
  for (let attempt = 0; attempt < 3; attempt++)
    expect(await sendTo(transport, to('copy'), {sent: original})).toEqual(DELIVERED)
  const carols = recipient({transport: 'channel', endpoint: 'copy', subscriber: 'carol'})
  expect(await sendTo(transport, carols, {sent: original})).toEqual(DELIVERED)
  const copy = (await last(here.as('bob'), 'copy')) as Message
  expect(await sendTo(transport, to('ops'), {sent: copy})).toEqual(DELIVERED)
  expect(await all(here.as('bob').log(['copy']))).toHaveLength(1)
  expect(await all(here.as('bob').log(['ops']))).toHaveLength(1)
})

test('a direct message stays one', async () => {
  const {here, transport} = await twoStores()
  const direct = await sent(here.as('alice'), {body: 'for bob', recipient: 'bob'})
  expect(await sendTo(transport, to('copy'), {sent: direct})).toEqual(DELIVERED)
  expect(await last(here.as('bob'), 'copy')).toMatchObject({recipient: 'bob', body: 'for bob'})
  expect(await last(here.as('eve'), 'copy')).toBeUndefined()
})

test('bytes, and an end', async () => {
  const {here, transport} = await twoStores()
  const expiresAt = here.clock.now + 60_000
  const original = await sent(here.as('alice'), {body: new Uint8Array([0, 255]), contentType: 'image/png', expiresAt})
  expect(await sendTo(transport, to('copy'), {sent: original})).toEqual(DELIVERED)
  const copy = await last(here.as('bob'), 'copy')
  expect(copy).toMatchObject({contentType: 'image/png', expiresAt: original.expiresAt})
  expect(copy?.body).toEqual(original.body)
})

test.each([
  ['no such channel: somebody may make it', 'nowhere', {}, 'retry', /no channel "nowhere"/],
  ['no such store: it may come back', '/gone.db#queue', {}, 'retry', /no store at \/gone\.db/],
  ['a reserved type', 'copy', {type: 'leat.end'}, 'final', /may not send type "leat\.end"/],
  ['too many headers', 'copy', {headers: {big: 'x'.repeat(65_530)}}, 'final', /./],
])('%s', async (_what, endpoint, fields, failure, error) => {
  const {here, transport} = await twoStores()
  const original = await sent(here.as('alice'), {body: 'hi', ...fields})
  const result = await sendTo(transport, to(endpoint), {sent: original})
  expect(result).toMatchObject({success: false, failure, errors: [expect.stringMatching(error)]})
  expect(await all(here.as('alice').log(['copy']))).toEqual([])
})

test('a closed channel: it may be opened again', async () => {
  const {here, transport} = await twoStores()
  await here.as('alice').setChannelState('copy', 'closed')
  expect(await sendTo(transport, to('copy'))).toMatchObject({
    failure: 'retry',
    errors: [expect.stringMatching(/closed/)],
  })
})

test('a schema that it does not fit', async () => {
  const {here, transport} = await twoStores()
  await here.as('alice').createChannel('strict', {schema: '{"type":"object"}'})
  const sentJson = message({body: '"text"', contentType: 'application/json'})
  expect(await sendTo(transport, to('strict'), {sent: sentJson})).toMatchObject({failure: 'final'})
})

test('an error that is none of leat is a bug, and not hidden', async () => {
  const broken = new ChannelTransport(async () => {
    throw new TypeError('oops')
  })
  await expect(sendTo(broken, to('copy'))).rejects.toThrow('oops')
})

test('what it can deliver to', async () => {
  const {transport} = await twoStores()
  const refusal = (settings: object) => transport.refuses(recipient(settings).subscription)
  expect(refusal({endpoint: 'copy'})).toBeUndefined()
  for (const endpoint of ['/other.db#queue', 'sqlite:/other.db#queue', 'postgres://host/db#queue', '/a#b.db#queue'])
    expect(refusal({transport: 'channel', endpoint})).toBeUndefined()
  expect(refusal({endpoint: '/other.db#queue'})).toMatch(/only for subscriptions that name it/)
  expect(refusal({})).toMatch(/needs an endpoint/)
  for (const endpoint of [
    '',
    'no such',
    'other.db#queue',
    './other.db#queue',
    '#queue',
    '/other.db#',
    'a@b.org',
    'https://example.org',
  ])
    expect(refusal({transport: 'channel', endpoint})).toMatch(/delivers to NAME, or to/)
  expect(refusal({transport: 'channel', endpoint: 'x://u:secret@h/#a b'})).not.toContain('secret')
  expect(await sendTo(transport, to('not a name'))).toMatchObject({failure: 'final'})
})

test('the other stores are closed in the end, this one is not', async () => {
  const {here, there, transport, close} = await twoStores()
  const original = await sent(here.as('alice'), {body: 'hi'})
  await sendTo(transport, to('/other.db#queue'), {sent: original})
  let closed = false
  const close2 = there.store.close.bind(there.store)
  there.store.close = async () => {
    closed = true
    await close2()
  }
  await close()
  expect(closed).toBe(true)
  expect((await here.as('alice').channel('ops')).name).toBe('ops')
})

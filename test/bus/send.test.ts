import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {BYTES} from '../../src/model/content.js'
import {type Draft, messageJson} from '../../src/model/message.js'
import {bodies, refusal, START, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('ops')
})

const nothingStored = async (): Promise<void> => {
  for (const {name, lastSeq} of await w.store.channels.all()) expect([name, lastSeq]).toEqual([name, 0])
}

describe('what a draft may be', () => {
  const long = 'x'.repeat(257)
  test.each<[string, Partial<Draft>, string, RegExp]>([
    ['type with a space', {type: 'user joined'}, 'INVALID', /not a type/],
    ['empty type', {type: ''}, 'INVALID', /type/],
    ['type with a newline', {type: 'a\nb'}, 'INVALID', /control/],
    ['long type', {type: long}, 'TOO_LARGE', /256/],
    ['long key', {key: long}, 'TOO_LARGE', /256/],
    ['key with a control', {key: 'a\u0085'}, 'INVALID', /control/],
    ['key with half a surrogate', {key: 'a\ud800'}, 'INVALID', /./],
    ['long correlation id', {correlationId: 'é'.repeat(257)}, 'TOO_LARGE', /256/],
    ['conversation that is no name', {conversation: 'Q3 plan'}, 'INVALID', /conversation name/],
    ['recipient that is no name', {recipient: 'bob smith'}, 'INVALID', /actor name/],
    ['reply channel that is no name', {replyChannel: '../x'}, 'INVALID', /channel name/],
    ['id that is no UUID', {id: '42'}, 'INVALID', /UUID/],
    ['reply to no reference', {replyTo: '!'}, 'INVALID', /name a message/],
    ['reply to a missing message', {replyTo: 'ops/9'}, 'NOT_FOUND', /no message "ops\/9"/],
    ['reference to a missing message', {references: ['abcdef99']}, 'NOT_FOUND', /no message/],
    ['header name with a space', {headers: {'a b': 'x'}}, 'INVALID', /header name/],
    ['header value with a newline', {headers: {a: 'x\r\ny'}}, 'INVALID', /"a"/],
    ['header value that is no text', {headers: {a: 1 as unknown as string}}, 'INVALID', /"a"/],
    ['large headers', {headers: {a: 'x'.repeat(65_536)}}, 'TOO_LARGE', /64 KiB/],
    ['content type that is none', {contentType: 'json'}, 'INVALID', /content type/],
    ['bad JSON', {contentType: 'application/json', body: '{'}, 'INVALID', /not valid JSON/],
    ['deep JSON', {contentType: 'application/json', body: '['.repeat(65) + ']'.repeat(65)}, 'TOO_LARGE', /64 levels/],
    ['lone surrogate', {body: 'a\udc00'}, 'INVALID', /surrogate/],
    ['NUL', {body: 'a\0b'}, 'INVALID', /NUL/],
    ['bytes without a content type', {body: Buffer.from([0xff])}, 'INVALID', /needs a content type/],
    ['bytes as JSON', {body: Buffer.from([0xff]), contentType: 'application/json'}, 'INVALID', /UTF-8/],
    ['body that is neither', {body: {a: 1} as unknown as string}, 'INVALID', /neither/],
    ['too large', {body: 'x'.repeat(16 * 1024 * 1024 + 1)}, 'TOO_LARGE', /16 MiB/],
    ['expired already', {expiresAt: START}, 'INVALID', /expired/],
    ['expires before it is delivered', {expiresAt: START + 5, deliverAt: START + 9}, 'INVALID', /before/],
    ['a time that is none', {deliverAt: Number.NaN}, 'INVALID', /not a time/],
    ['a reserved type', {type: 'leat.end'}, 'FORBIDDEN', /leat's own/],
  ])('%s is refused, and nothing is stored', async (_, draft, code, message) => {
    await expect(bob.send('ops', {body: 'x', ...draft})).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
    await nothingStored()
  })

  test('256 characters are allowed, whatever their size', async () => {
    await bob.send('ops', {body: 'x', key: '😀'.repeat(256)})
  })

  test('reserved types are for who manages the channel', async () => {
    await alice.send('ops', {body: 'x', type: 'leat.end'})
    await bob.send('own', {body: 'x', type: 'leat.end'}, {create: true})
  })

  test('a header named __proto__ is a header', async () => {
    await bob.send('ops', {body: 'x', headers: JSON.parse('{"__proto__":"a","X-y":"tab\\there"}')})
    const {message} = await bob.show('ops/1')
    expect(messageJson(message)).toContain('"headers":{"__proto__":"a","X-y":"tab\\there"}')
  })
})

describe('content', () => {
  test.each(['12345678901234567890', '1.0', '1e400', '{"a":1,"a":2}', '{"__proto__":{"b":1.50}}'])(
    '%s comes out as it went in',
    async (json) => {
      await bob.send('ops', {body: json, contentType: 'application/json'})
      const {message} = await bob.show('ops/1')
      expect(message.body).toBe(json)
      expect(messageJson(message)).toContain(`"content":${json},`)
    },
  )

  test('a type is what the draft, the channel or the body say', async () => {
    await alice.createChannel('events', {contentType: 'application/json'})
    await alice.createChannel('pics', {contentType: 'image/png'})
    await alice.createChannel('typed', {schema: '{}'})
    const typeOf = async (channel: string, draft: Draft): Promise<string> => {
      const {id} = await bob.send(channel, draft)
      return (await bob.show(id)).message.contentType
    }
    expect(await typeOf('ops', {body: '{"a":1}'})).toBe('text/plain')
    expect(await typeOf('events', {body: '{"a":1}'})).toBe('application/json')
    expect(await typeOf('typed', {body: '{"a":1}'})).toBe('application/json')
    expect(await typeOf('events', {body: 'not json', contentType: 'text/plain'})).toBe('text/plain')
    expect(await typeOf('pics', {body: Buffer.from([0xff])})).toBe('image/png')
    await expect(bob.send('events', {body: 'not json'})).rejects.toMatchObject(refusal('INVALID', /not valid JSON/))
  })

  test('bytes stay bytes, byte for byte; JSON in bytes is JSON', async () => {
    const bytes = Buffer.from([0, 1, 0xff, 0xfe, 13, 10])
    await bob.send('ops', {body: bytes, contentType: BYTES})
    expect(Buffer.from((await bob.show('ops/1')).message.body as Uint8Array)).toEqual(bytes)
    await bob.send('ops', {body: Buffer.from('{"a":1.0}'), contentType: 'application/json'})
    expect((await bob.show('ops/2')).message.body).toBe('{"a":1.0}')
  })

  test('CRLF, a BOM and an empty text are kept', async () => {
    for (const body of ['a\r\nb\r\n', '\ufeffa', '']) await bob.send('ops', {body})
    expect(await bodies(bob.log(['ops']))).toEqual(['a\r\nb\r\n', '\ufeffa', ''])
  })
})

describe('several channels', () => {
  beforeEach(() => alice.createChannel('audit'))

  test('one id, a place in each, named twice is once', async () => {
    const receipt = await bob.send(['ops', 'audit', 'ops'], {body: 'x'})
    expect(receipt.sent).toEqual([
      {channel: 'ops', seq: 1},
      {channel: 'audit', seq: 1},
    ])
    expect((await bob.show(receipt.id)).places).toHaveLength(2)
  })

  test('one that is missing, closed or not allowed: nothing is stored in any', async () => {
    await alice.createChannel('hr', {restricted: true})
    await alice.createChannel('old')
    await alice.setChannelState('old', 'closed')
    await expect(bob.send(['ops', 'tea'], {body: 'x'})).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(bob.send(['ops', 'hr'], {body: 'x'})).rejects.toMatchObject(refusal('FORBIDDEN'))
    await expect(bob.send(['ops', 'old'], {body: 'x'})).rejects.toMatchObject(
      refusal('CHANNEL_CLOSED', /closed/, 'leat channel open old'),
    )
    await expect(bob.send([], {body: 'x'})).rejects.toMatchObject(refusal('USAGE'))
    await nothingStored()
  })
})

describe('create', () => {
  test('makes what is missing; the sender manages it', async () => {
    await bob.send(['ops', 'tea'], {body: 'x'}, {create: true})
    expect((await alice.channel('tea')).createdBy).toBe('bob')
  })

  test('a refused message leaves no channel behind', async () => {
    await alice.setChannelState('ops', 'closed')
    await expect(bob.send(['tea'], {body: 'a\0'}, {create: true})).rejects.toMatchObject(refusal('INVALID'))
    await expect(bob.send(['tea', 'ops'], {body: 'x'}, {create: true})).rejects.toMatchObject(refusal('CHANNEL_CLOSED'))
    await expect(bob.send(['a b'], {body: 'x'}, {create: true})).rejects.toMatchObject(refusal('INVALID'))
    expect(await bob.channels()).toHaveLength(1)
  })

  test('a name in other case is EXISTS', async () => {
    await expect(bob.send('OPS', {body: 'x'}, {create: true})).rejects.toMatchObject(refusal('EXISTS'))
  })

  test('by many at once makes one', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => w.as(name).send('tea', {body: name}, {create: true})))
    expect((await bodies(bob.log(['tea']))).sort()).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('again', () => {
  const id = '01890000-0000-7000-8000-00000000abcd'

  test('with the same id or key and content returns the first place', async () => {
    const first = await bob.send('ops', {body: 'x', id})
    expect(await bob.send('ops', {body: 'x', id: id.toUpperCase()})).toEqual({...first, duplicate: true})
    const keyed = await bob.send('ops', {body: 'y', key: 'k'})
    expect(await bob.send('ops', {body: 'y', key: 'k'})).toEqual({...keyed, duplicate: true})
    expect(await bodies(bob.log(['ops']))).toEqual(['x', 'y'])
  })

  test('with other content or sender is a conflict', async () => {
    await bob.send('ops', {body: 'x', id, key: 'k'})
    await expect(bob.send('ops', {body: 'z', id})).rejects.toMatchObject(refusal('CONFLICT'))
    await expect(bob.send('ops', {body: 'z', key: 'k'})).rejects.toMatchObject(refusal('CONFLICT'))
    await expect(alice.send('ops', {body: 'x', id})).rejects.toMatchObject(refusal('CONFLICT'))
    expect(await bodies(bob.log(['ops']))).toEqual(['x'])
  })
})

test('a message can’t answer itself, even as a copy elsewhere', async () => {
  await alice.createChannel('audit')
  const {id} = await bob.send('ops', {body: 'x'})
  await expect(bob.send('audit', {body: 'x', id, replyTo: 'ops/1'})).rejects.toMatchObject(
    refusal('INVALID', /answer itself/),
  )
})

test('draining takes replies only; closed takes nothing and still reads', async () => {
  await bob.send('ops', {body: 'q'})
  await bob.send('ops', {body: 'later', deliverAt: START + 1000})
  await alice.setChannelState('ops', 'draining')
  await expect(bob.send('ops', {body: 'x'})).rejects.toMatchObject(refusal('CHANNEL_CLOSED', /draining/))
  await bob.reply('ops/1', {body: 'a'})
  await alice.setChannelState('ops', 'closed')
  await expect(bob.reply('ops/1', {body: 'a'})).rejects.toMatchObject(refusal('CHANNEL_CLOSED', /closed/))
  expect(await bodies(bob.log(['ops']))).toEqual(['q', 'a'])
})

test('a delayed message has no seq until it is due', async () => {
  const {sent} = await bob.send('ops', {body: 'later', deliverAt: START + 60_000})
  expect(sent).toEqual([{channel: 'ops', deliverAt: '2026-06-01T12:01:00.000Z'}])
  expect(await bodies(bob.log(['ops']))).toEqual([])
  w.clock.now += 60_000
  expect(await bodies(bob.log(['ops']))).toEqual(['later'])
})

test('the newest message or the channel deleted: no seq is used again', async () => {
  await bob.send('ops', {body: '1'})
  await alice.pruneChannel('ops', {keep: 0})
  expect((await bob.send('ops', {body: '2'})).sent).toEqual([{channel: 'ops', seq: 2}])
  await alice.deleteChannel('ops')
  await alice.createChannel('ops')
  expect((await bob.send('ops', {body: '3'})).sent).toEqual([{channel: 'ops', seq: 3}])
})

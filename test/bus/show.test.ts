import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {refusal, START, sendEach, take, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['ops', 'audit']) await alice.createChannel(name)
})

describe('show', () => {
  test('everything about a message', async () => {
    await sendEach(alice, 'ops', ['root\nsecond line', 'seen'])
    const {id} = await alice.send(['ops', 'audit'], {body: 'it', replyTo: 'ops/1', references: ['ops/2', 'ops/1']})
    await bob.reply('ops/3', {body: 'answer'})
    await bob.send('audit', {body: 'about it', references: [id]})
    await take(bob.read('ops', {limit: 2}))
    await take(w.as('zoe').read('audit'))
    const details = await bob.show(id)
    expect(details).toMatchObject({
      message: {id, channel: 'ops'},
      places: [
        {channel: 'ops', seq: 3},
        {channel: 'audit', seq: 1},
      ],
      replyTo: {channel: 'ops', seq: 1, summary: 'root'},
      references: [{seq: 2, summary: 'seen'}, {seq: 1}],
      replies: [{channel: 'ops', seq: 4, sender: 'bob', summary: 'answer'}],
      referencedBy: [{channel: 'audit', seq: 2}],
      readers: [
        {channel: 'ops', reader: 'bob', read: false, held: false},
        {channel: 'audit', reader: 'zoe', read: true, held: false},
      ],
    })
    expect((await bob.show('audit/1')).message.channel).toBe('audit')
    expect((await bob.show(id.slice(-6).toUpperCase())).message.id).toBe(id)
  })

  test('who is being handed it', async () => {
    await sendEach(alice, 'ops', ['x'])
    const reading = bob.read('ops')[Symbol.asyncIterator]()
    await reading.next()
    expect((await alice.show('ops/1')).readers).toEqual([{channel: 'ops', reader: 'bob', read: false, held: true}])
    await reading.return?.()
    expect((await alice.show('ops/1')).readers[0]?.held).toBe(false)
  })

  test('links to what the actor may not see are ids, and nothing unseen links here', async () => {
    await alice.createChannel('hr', {restricted: true})
    const {id} = await alice.send('hr', {body: 'secret'})
    await alice.send('ops', {body: 'x', references: [id]})
    await alice.send('hr', {body: 'about x', replyTo: 'ops/1', references: ['ops/1']})
    await alice.send('ops', {body: 'psst', replyTo: 'ops/1', recipient: 'zoe'})
    expect(await bob.show('ops/1')).toMatchObject({references: [{id, unreadable: true}], replies: [], referencedBy: []})
    expect((await alice.show('ops/1')).replies).toHaveLength(2)
  })

  test('an expired one too', async () => {
    await alice.send('ops', {body: 'x', expiresAt: START + 1})
    w.clock.now += 10
    expect((await bob.show('ops/1')).message.body).toBe('x')
  })
})

describe('redact', () => {
  test('by its sender: content and headers are gone at every place, the rest stays', async () => {
    const {id} = await bob.send(['ops', 'audit'], {body: 'secret', headers: {a: 'b'}})
    const places = await bob.redact(id)
    expect(places.map(({channel}) => channel)).toEqual(['ops', 'audit'])
    const {message} = await alice.show('audit/1')
    expect(message).toMatchObject({id, body: '', redactedBy: 'bob'})
    expect(message.headers).toBeUndefined()
    expect((await bob.redact(id))[0]?.redactedAt).toBe(places[0]?.redactedAt)
  })

  test('by who manages every channel that it is in, and nobody else', async () => {
    await w.as('zoe').createChannel('hers')
    const {id} = await bob.send(['ops', 'hers'], {body: 'x'})
    for (const actor of ['alice', 'zoe', 'eve'])
      await expect(w.as(actor).redact(id)).rejects.toMatchObject(refusal('FORBIDDEN', /may not redact/))
    await bob.send('ops', {body: 'y'})
    expect((await alice.redact('ops/2'))[0]?.redactedBy).toBe('alice')
  })

  test('sending a copy under the same id gives no power over the original', async () => {
    const {id} = await alice.send('ops', {body: 'x'})
    await bob.send('mine', {body: 'x', id}, {create: true})
    await expect(bob.redact(id)).rejects.toMatchObject(refusal('FORBIDDEN'))
    expect(await alice.redact(id)).toHaveLength(2)
  })
})

describe('why', () => {
  const state = async (ref: string, who?: string): Promise<string> => (await alice.why(ref, who)).state

  beforeEach(async () => {
    await sendEach(alice, 'ops', ['1', '2', '3'])
  })

  test('read, unread, held', async () => {
    await bob.subscribe('ops', {from: 'start'})
    await take(bob.read('ops', {limit: 1}))
    expect(await alice.why('ops/1', 'bob')).toEqual({
      id: (await alice.show('ops/1')).message.id,
      channel: 'ops',
      seq: 1,
      who: 'bob',
      state: 'read',
      reason: 'bob is past ops/1: the cursor is at ops/1 since 2026-06-01T12:00:00.000Z',
      next: 'leat read ops --from 1 -n 1 --as bob',
    })
    expect(await bob.why('ops/3')).toMatchObject({
      state: 'unread',
      reason: 'bob is at ops/1, in front of ops/3',
      next: 'leat inbox',
    })
    const reading = bob.read('ops', {limit: 1})[Symbol.asyncIterator]()
    await reading.next()
    expect(await state('ops/2', 'bob')).toBe('held')
    expect(await state('ops/3', 'bob')).toBe('unread')
    await reading.return?.()
  })

  test('not subscribed, paused, filtered, own', async () => {
    expect(await bob.why('ops/1')).toMatchObject({state: 'unsubscribed', next: 'leat subscribe ops --from ops/1'})
    await bob.subscribe('ops', {from: 'start', types: ['fire']})
    expect(await state('ops/1', 'bob')).toBe('filtered')
    await bob.subscribe('ops', {paused: true})
    expect(await state('ops/1', 'bob')).toBe('paused')
    await alice.subscribe('ops', {from: 'start'})
    expect(await state('ops/1')).toBe('own')
  })

  test('addressed to someone else, expired, redacted, may not read', async () => {
    await alice.send('ops', {body: 'x', recipient: 'zoe', expiresAt: START + 10})
    expect(await state('ops/4', 'bob')).toBe('addressed')
    w.clock.now += 20
    expect(await state('ops/4', 'zoe')).toBe('expired')
    await alice.redact('ops/3')
    expect(await state('ops/3', 'bob')).toBe('redacted')
    await alice.updateChannel('ops', {restricted: true})
    expect(await state('ops/1', 'bob')).toBe('forbidden')
    await expect(bob.why('ops/1')).rejects.toMatchObject(refusal('FORBIDDEN'))
  })

  test('pruned, or never there', async () => {
    await alice.pruneChannel('ops', {keep: 1})
    expect(await bob.why('ops/2')).toMatchObject({id: '', state: 'pruned', channel: 'ops', seq: 2})
    await expect(bob.why('ops/4')).rejects.toMatchObject(refusal('NOT_FOUND'))
    await alice.pruneChannel('ops', {keep: 0})
    expect(await state('ops/3')).toBe('pruned')
    await expect(bob.why('ops/4')).rejects.toMatchObject(refusal('NOT_FOUND'))
  })

  test('between others looks like never there', async () => {
    await alice.send('ops', {body: 'x', recipient: 'zoe'})
    await expect(bob.why('ops/4')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `no message "ops/4" in ${w.store.label}`,
    })
  })

  test('several places: one has to be named', async () => {
    const {id} = await alice.send(['ops', 'audit'], {body: 'x'})
    await expect(bob.why(id)).rejects.toMatchObject(refusal('USAGE', /2 places/))
  })
})

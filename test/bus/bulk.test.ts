import {setTimeout as pause} from 'node:timers/promises'
import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {LeatError} from '../../src/model/errors.js'
import type {Draft} from '../../src/model/message.js'
import {bodies, lines, numbered, refusal, type World, world} from './world.js'

let w: World
let alice: Bus

beforeEach(async () => {
  w = await world()
  alice = w.as('alice')
  await alice.createChannel('ops')
})

const drafts = (texts: readonly string[]): Draft[] => texts.map((body) => ({body}))
const log = (): Promise<string[]> => bodies(alice.log(['ops']))
const bad = new LeatError('INVALID', 'line 3 is not JSON')
const uuid = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`

test('stores everything in order, in chunks, telling how far it is', async () => {
  const seen: number[] = []
  const result = await alice.sendAll('ops', lines(drafts(numbered(25))), {
    chunk: 10,
    progress: ({stored}) => seen.push(stored),
  })
  expect(result).toEqual({stored: 25, failed: 0, duplicates: 0, errors: []})
  expect(seen).toEqual([10, 20, 25])
  expect(await log()).toEqual(numbered(25))
})

test('what comes slowly is stored before more comes', async () => {
  async function* slowly() {
    yield {line: 1, draft: {body: 'one'}}
    while ((await log()).length < 1) await pause(10)
    yield {line: 2, draft: {body: 'two'}}
    while ((await log()).length < 2) await pause(10)
    yield {line: 3, error: bad}
  }
  const result = await alice.sendAll('ops', slowly())
  expect(result).toMatchObject({stored: 2, failed: 1})
  expect(await log()).toEqual(['one', 'two'])
})

test('what goes wrong with it is told when more comes', async () => {
  async function* slowly() {
    yield {line: 1, draft: {body: 'one'}}
    while ((await log()).length < 1) await pause(10)
    yield {line: 2, draft: {body: 'two'}}
    await alice.deleteChannel('ops')
    await pause(300)
    yield {line: 3, draft: {body: 'three'}}
  }
  await expect(alice.sendAll('ops', slowly())).rejects.toMatchObject({code: 'NOT_FOUND'})
})

describe.each([1, 2, 3, 1000])('a bad line (chunks of %d)', (chunk) => {
  test('stop: those before it are stored, those behind it are not', async () => {
    const result = await alice.sendAll('ops', lines([...drafts(['1', '2']), bad, ...drafts(['4', '5'])]), {chunk})
    expect(result).toEqual({
      stored: 2,
      failed: 1,
      duplicates: 0,
      errors: [{line: 3, code: 'INVALID', message: 'line 3 is not JSON'}],
    })
    expect(await log()).toEqual(['1', '2'])
  })

  test('skip: all others are stored', async () => {
    const input = [...drafts(['1', '2']), bad, {body: '4', type: 'a b'}, ...drafts(['5'])]
    const result = await alice.sendAll('ops', lines(input), {chunk, onError: 'skip'})
    expect(result).toMatchObject({stored: 3, failed: 2, errors: [{line: 3}, {line: 4, code: 'INVALID'}]})
    expect(await log()).toEqual(['1', '2', '5'])
  })

  test('refused by the store: only that one', async () => {
    await alice.send('ops', {body: 'first', id: uuid(1)})
    const input = [...drafts(['1', '2', '3']), {body: 'other', id: uuid(1)}, ...drafts(['5', '6'])]
    const skipped = await alice.sendAll('ops', lines(input), {chunk, onError: 'skip'})
    expect(skipped).toMatchObject({stored: 5, failed: 1, errors: [{line: 4, code: 'CONFLICT'}]})
    expect(await log()).toEqual(['first', '1', '2', '3', '5', '6'])
    const stopped = await alice.sendAll('ops', lines(input), {chunk})
    expect(stopped).toMatchObject({stored: 3, failed: 1, errors: [{line: 4, code: 'CONFLICT'}]})
    expect(await log()).toEqual(['first', '1', '2', '3', '5', '6', '1', '2', '3'])
  })

  test('answers a message of the same input', async () => {
    const input = [
      {body: 'root', id: uuid(1)},
      {body: 'answer', id: uuid(2), replyTo: uuid(1)},
      {body: 'deeper', replyTo: uuid(2), references: [uuid(1)]},
      {body: 'by its end', replyTo: uuid(1).slice(-8)},
      {body: 'by its place', replyTo: 'ops/2'},
    ]
    expect(await alice.sendAll('ops', lines(input), {chunk})).toMatchObject({stored: 5, failed: 0})
    const tree = await alice.thread('ops/1')
    expect(tree.map(({depth, message}) => [depth, message?.body])).toEqual([
      [0, 'root'],
      [1, 'answer'],
      [2, 'deeper'],
      [2, 'by its place'],
      [1, 'by its end'],
    ])
  })

  test('that others answer takes them along, and nobody else', async () => {
    await alice.createChannel('audit')
    await alice.send('ops', {body: 'first', key: 'k'})
    const input = [
      {body: 'other content', id: uuid(1), key: 'k'},
      {body: 'fine', id: uuid(2)},
      {body: 'answers the bad one', id: uuid(3), replyTo: uuid(1)},
      {body: 'answers that', replyTo: uuid(3)},
      {body: 'answers the fine one', replyTo: uuid(2)},
    ]
    const result = await alice.sendAll('ops', lines(input), {chunk, onError: 'skip'})
    expect(result.errors.map(({line, code}) => [line, code])).toEqual([
      [1, 'CONFLICT'],
      [3, 'NOT_FOUND'],
      [4, 'NOT_FOUND'],
    ])
    expect(await log()).toEqual(['first', 'fine', 'answers the fine one'])
  })

  test('an id that comes twice: the same content is a duplicate, other content is bad', async () => {
    const input = [
      {body: 'a', id: uuid(1)},
      {body: 'a', id: uuid(1)},
      {body: 'b', id: uuid(1)},
      {body: 'c', replyTo: uuid(1)},
    ]
    const result = await alice.sendAll('ops', lines(input), {chunk, onError: 'skip'})
    expect(result).toMatchObject({stored: 3, duplicates: 1, failed: 1, errors: [{line: 3, code: 'CONFLICT'}]})
    expect(await log()).toEqual(['a', 'c'])
  })
})

test('only the first 100 errors are kept', async () => {
  const result = await alice.sendAll('ops', lines(Array.from({length: 250}, () => bad)), {onError: 'skip'})
  expect([result.failed, result.errors.length]).toEqual([250, 100])
})

test('a channel that can’t be sent to is an error before any line is read', async () => {
  // biome-ignore lint/correctness/useYield: it must not come to that
  const untouched = (async function* () {
    throw new Error('was read')
  })()
  await expect(alice.sendAll('tea', untouched)).rejects.toMatchObject(refusal('NOT_FOUND'))
  await alice.setChannelState('ops', 'closed')
  await expect(alice.sendAll('ops', untouched)).rejects.toMatchObject(refusal('CHANNEL_CLOSED'))
})

test('a channel that is closed on the way: what was stored stays, the rest is told', async () => {
  const input = (async function* () {
    yield* lines(drafts(numbered(4)))
    await alice.setChannelState('ops', 'closed')
    yield {line: 5, draft: {body: 'late'}}
  })()
  const result = await alice.sendAll('ops', input, {chunk: 2})
  expect(result).toMatchObject({stored: 4, failed: 1, errors: [{line: 5, code: 'CHANNEL_CLOSED'}]})
})

test('a channel that is deleted on the way ends the input, saying what was stored', async () => {
  const input = (async function* () {
    yield* lines(drafts(numbered(4)))
    await alice.deleteChannel('ops')
    yield {line: 5, draft: {body: 'late'}}
  })()
  await expect(alice.sendAll('ops', input, {chunk: 2})).rejects.toMatchObject(
    refusal('NOT_FOUND', `no channel "ops" in ${w.store.label} (after 4 messages were stored)`),
  )
})

test('create makes the channel with the first message stored, not for bad lines alone', async () => {
  await alice.sendAll('tea', lines([bad]), {create: true})
  await expect(alice.channel('tea')).rejects.toMatchObject(refusal('NOT_FOUND'))
  expect(await alice.sendAll(['tea', 'ops'], lines(drafts(['1', '2'])), {create: true, chunk: 1})).toMatchObject({
    stored: 2,
  })
})

test('a log goes into another channel with its threads and exact content', async () => {
  await alice.createChannel('copy')
  await alice.send('ops', {body: '12345678901234567890', contentType: 'application/json'})
  await alice.reply('ops/1', {body: '{"a":1,"a":1.0,"__proto__":1e400}', contentType: 'application/json'})
  const copies = (async function* () {
    let line = 0
    for await (const {id, body, contentType, replyTo} of alice.log(['ops']))
      yield {line: ++line, draft: {id, body, contentType, replyTo}}
  })()
  expect(await alice.sendAll('copy', copies)).toMatchObject({stored: 2, failed: 0})
  expect(await bodies(alice.log(['copy']))).toEqual(await log())
  expect((await alice.thread('copy/2')).map(({places}) => places.length)).toEqual([2, 2])
})

test('lines that come some at once are as good as one by one', async () => {
  async function* some() {
    yield [
      {line: 1, draft: {body: '1', id: uuid(1)}},
      {line: 2, draft: {body: '2', replyTo: uuid(1)}},
    ]
    yield []
    yield {line: 3, error: bad}
    yield [{line: 4, draft: {body: '4'}}]
  }
  const result = await alice.sendAll('ops', some(), {onError: 'skip'})
  expect(result).toMatchObject({stored: 3, failed: 1, errors: [{line: 3}]})
  expect(await log()).toEqual(['1', '2', '4'])
})

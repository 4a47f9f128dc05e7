import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {all, refusal, sendEach, type World, world} from './world.js'

const SCHEMA = JSON.stringify({
  type: 'object',
  required: ['level'],
  properties: {level: {enum: ['info', 'error']}, 'a/b': {type: 'number'}},
  additionalProperties: false,
})

let w: World
let alice: Bus

beforeEach(async () => {
  w = await world()
  alice = w.as('alice')
  await alice.createChannel('events', {schema: SCHEMA})
})

describe('a channel with a schema', () => {
  test('refuses what does not fit, naming every violation with its pointer, and stores nothing', async () => {
    const error = await alice.send('events', {body: '{"level":"loud","a/b":"x","c":1}'}).catch((caught) => caught)
    expect(error).toMatchObject(
      refusal('SCHEMA', 'the content does not fit the schema of events: 3 violations', 'leat channel show events'),
    )
    expect(error.violations).toEqual(
      expect.arrayContaining([
        {pointer: '/level', message: 'must be equal to one of the allowed values: ["info","error"]'},
        {pointer: '/a~1b', message: 'must be number'},
        {pointer: '', message: 'must NOT have additional properties: "c"'},
      ]),
    )
    await expect(alice.send('events', {body: '{}'})).rejects.toMatchObject({
      violations: [{pointer: '', message: "must have required property 'level'"}],
    })
    expect((await alice.channel('events')).lastSeq).toBe(0)
  })

  test('takes what fits', async () => {
    await alice.send('events', {body: '{"level":"info","a/b":1e400}'})
  })

  test('takes JSON only', async () => {
    await expect(alice.send('events', {body: 'x', contentType: 'text/plain'})).rejects.toMatchObject({
      code: 'SCHEMA',
      violations: [{pointer: '', message: 'must be application/json, not text/plain'}],
    })
    await expect(alice.send('events', {body: 'nope'})).rejects.toMatchObject(refusal('INVALID', /not valid JSON/))
  })

  test('sees members that JavaScript would hide', async () => {
    await alice.createChannel('own', {schema: '{"required":["constructor"],"properties":{"__proto__":false}}'})
    await expect(alice.send('own', {body: '{}'})).rejects.toMatchObject(refusal('SCHEMA'))
    await alice.send('own', {body: '{"constructor":1}'})
  })
})

test('every schema of several channels counts', async () => {
  await alice.createChannel('numbers', {schema: '{"type":"number"}'})
  const error = await alice.send(['events', 'numbers'], {body: '"x"'}).catch((caught) => caught)
  expect(error).toMatchObject(refusal('SCHEMA', /events, numbers: 2 violations/))
  expect((await alice.channel('numbers')).lastSeq).toBe(0)
})

describe('a schema', () => {
  test.each([
    ['not JSON', '{', /not valid JSON/],
    ['no schema', '{"type":"objekt"}', /2020-12/],
    ['of another draft', '{"$schema":"http://json-schema.org/draft-07/schema#"}', /draft-07/],
    ['that refers elsewhere', '{"$ref":"http://example.com/x"}', /resolve/],
    ['with a bad pattern', '{"pattern":"("}', /regular expression/i],
    ['too deep', '['.repeat(65) + ']'.repeat(65), /64/],
  ])('%s is refused', async (_, schema, message) => {
    for (const act of [
      () => alice.createChannel('x', {schema}),
      () => alice.updateChannel('events', {schema}),
      () => all(alice.misfits('events', schema)),
    ])
      await expect(act()).rejects.toMatchObject({message: expect.stringMatching(message), exitCode: 2})
    await expect(alice.channel('x')).rejects.toMatchObject(refusal('NOT_FOUND'))
  })

  test('that goes in circles is an error of its own, not of leat', async () => {
    await alice.createChannel('x', {schema: '{"$ref":"#"}'})
    await expect(alice.send('x', {body: '1'})).rejects.toMatchObject(refusal('INVALID', /can't be applied/))
  })

  test('implies JSON', async () => {
    await expect(alice.updateChannel('events', {contentType: 'text/plain'})).rejects.toMatchObject(
      refusal('INVALID', /takes JSON/),
    )
    await alice.updateChannel('events', {contentType: 'text/plain', schema: null})
  })
})

test('misfits: which stored messages would not fit', async () => {
  await alice.createChannel('ops')
  await sendEach(alice, 'ops', ['1', '"two"', '3'], {contentType: 'application/json'})
  await alice.send('ops', {body: 'text'})
  await alice.send('ops', {body: 'between us', recipient: 'bob'})
  await alice.send('ops', {body: 'gone'})
  await alice.redact('ops/6')
  const found = await all(alice.misfits('ops', '{"type":"number"}'))
  expect(found.map(({seq, violations}) => [seq, violations[0]?.message])).toEqual([
    [2, 'must be number'],
    [4, 'must be application/json, not text/plain'],
    [5, 'must be application/json, not text/plain'],
  ])
})

describe('a schema of someone who means harm', () => {
  test('is given up on when it takes too long', async () => {
    await alice.createChannel('slow', {schema: '{"properties":{"a":{"\\u0070attern":"^(a+)+$"}}}'})
    await alice.send('slow', {body: '{"a":"aaaa"}'})
    const body = JSON.stringify({a: `${'a'.repeat(50)}!`})
    await expect(alice.send('slow', {body})).rejects.toMatchObject(refusal('INVALID', /the schema can't be applied/))
    const many = JSON.stringify(Array.from({length: 100_000}, (_, n) => ({n})))
    await alice.createChannel('compared', {schema: '{"uniqueItems":true}'})
    await expect(alice.send('compared', {body: many})).rejects.toMatchObject(refusal('INVALID', /can't be applied/))
  })

  test('tells one thing of what is large', async () => {
    await alice.createChannel('texts', {schema: '{"items":{"type":"string"}}'})
    const body = JSON.stringify(new Array(1_000_000).fill(1))
    await expect(alice.send('texts', {body})).rejects.toMatchObject({violations: [{pointer: '/0'}]})
  })
})

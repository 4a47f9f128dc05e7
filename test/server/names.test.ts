/** Names that JavaScript has a meaning for are names like any other; the store's own is for nobody at a door. */
import {rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {LeatError} from '../../src/model/errors.js'
import {problemOf} from '../../src/server/status.js'
import {until} from '../cli/background.js'
import {house} from './house.js'
import {say} from './unix.js'
import {connectTo} from './websocket-client.js'

const INHERITED = ['constructor', 'toString', 'valueOf', 'hasOwnProperty']

describe('what every object of JavaScript has', () => {
  test.each(INHERITED)('%s is the name of a channel, an actor, a reader and a group', async (name) => {
    const {call, as, http} = await house()
    const path = `/v1/channels/${name}`
    await as(name).createChannel(name, {restricted: true, members: ['alice']})
    for (const content of ['first', 'last'])
      expect((await call('POST', `${path}/messages`, {json: {content, headers: {[name]: 'x'}}})).status).toBe(201)
    // Backwards: what was taken for a position there never came to an end.
    for (const order of ['asc', 'desc']) {
      const {messages, end} = (await call('GET', `${path}/messages?order=${order}`)).json
      expect([messages.map((one: {content: string}) => one.content).sort(), end]).toEqual([['first', 'last'], true])
      expect(messages[0].headers).toEqual({[name]: 'x'})
    }
    expect((await call('GET', '/v1/search?q=first')).json.messages).toHaveLength(1)
    expect((await call('POST', `${path}/consumers/reader/${name}/take`, {json: {}})).json.messages).toHaveLength(2)
    expect(
      (await call('POST', `${path}/consumers/workers/${name}/take`, {as: name, json: {}})).json.messages,
    ).toHaveLength(1)
    expect((await call('PUT', `${path}/subscriptions/alice`, {json: {transport: name}})).status).toBe(200)
    const client = await connectTo(http)
    expect((await client.ask({do: 'follow', channels: [name], from: 'start'})).result.positions).toEqual({[name]: 0})
    expect((await client.has(2, 'follow')).map(({message}) => message.content)).toEqual(['first', 'last'])
    expect((await client.ask({do: name})).error.code).toBe('NOT_FOUND')
  })

  test('__proto__ is a header like any other, and no field', async () => {
    const {call, as} = await house()
    await as('alice').createChannel('ops')
    await call('POST', '/v1/channels/ops/messages', {json: '{"content":"x","headers":{"__proto__":"a"}}'})
    expect((await call('GET', '/v1/messages/ops%2F1')).text).toContain('"headers":{"__proto__":"a"}')
    const stray = await call('POST', '/v1/channels', {json: '{"channel":"m","__proto__":{"restricted":true}}'})
    expect([stray.status, stray.json.error.message]).toEqual([400, 'unknown field "__proto__"'])
  })
})

describe('where the store lies', () => {
  test('is in no error', async () => {
    const at = await house({socket: true})
    const {call, as, folder, http, socket} = at
    await as('alice').createChannel('ops')
    const texts = [
      (await call('POST', '/v1/channels', {json: {channel: 'OPS'}})).text,
      (await call('POST', '/v1/conversations', {json: {conversation: 'c'}})).text,
      (await call('POST', '/v1/conversations', {json: {conversation: 'c'}})).text,
      (await call('POST', '/v1/channels/ops/consumers/workers/w/ack', {json: {claim: 'x'.repeat(30)}})).text,
      (await call('GET', '/v1/messages/0a1b2c3d')).text,
      JSON.stringify(await (await connectTo(http)).ask({do: 'channel.create', channel: 'ops'})),
      await say(socket!, {v: 'c', c: 'ops'}),
    ]
    expect(texts.filter((text) => text.includes(folder))).toEqual([])
    expect(texts[0]).toContain('there is a channel \\"ops\\" in the store already')
  })

  test('is not told when it breaks, but to who runs the server', async () => {
    const {call, as, folder, bugs} = await house()
    await as('alice').createChannel('ops')
    rmSync(join(folder, 'bus.db'))
    writeFileSync(join(folder, 'bus.db'), 'another file')
    await until(async () => {
      const {status, text} = await call('POST', '/v1/channels/ops/messages', {json: {content: 'x'}})
      expect([status, text]).toEqual([503, expect.not.stringContaining(folder)])
    })
    expect(bugs).toContainEqual(expect.objectContaining({code: 'STORAGE'}))
    const {error, bug} = problemOf(new LeatError('CORRUPT', '/data/x.db: the file is damaged'))
    expect([error.message, bug]).toEqual([expect.not.stringContaining('/data'), expect.any(LeatError)])
  })
})

/** Whatever goes wrong leaves in one shape, with the fitting status. */
import {expect, test} from 'vitest'
import {EXIT_CODES, LeatError} from '../../src/model/errors.js'
import {problemOf, STATUS} from '../../src/server/status.js'
import {house} from './house.js'
import {raw} from './raw.js'

test('every error code has a status', () => {
  expect(Object.keys(STATUS).sort()).toEqual(Object.keys(EXIT_CODES).sort())
})

test('of what nobody foresaw the client learns nothing', () => {
  for (const bug of [new Error('secret'), new LeatError('INTERNAL', 'secret'), 'secret', undefined]) {
    const {status, error, bug: told} = problemOf(bug)
    expect([status, error.code]).toEqual([500, 'INTERNAL'])
    expect(error.message).not.toContain('secret')
    expect(told).toBe(bug)
  }
})

test('a busy store says when to come again', () => {
  expect(problemOf(new LeatError('BUSY', 'x'))).toMatchObject({status: 503, headers: {'retry-after': '1'}})
})

const json = {'content-type': 'application/json'}

test.each([
  ['an address that is none', 'GET', '/v1/nothing', {}, 404, 'NOT_FOUND'],
  ['an address outside', 'GET', '/', {}, 404, 'NOT_FOUND'],
  ['a method that an address does not know', 'DELETE', '/v1/channels', {}, 405, 'USAGE'],
  ['a body that is no JSON', 'POST', '/v1/channels', {body: '{"channel":', headers: json}, 400, 'INVALID'],
  ['a body that is no object', 'POST', '/v1/channels', {body: '[1]', headers: json}, 400, 'INVALID'],
  [
    'a body that is not UTF-8',
    'POST',
    '/v1/channels',
    {body: Buffer.from([0xff, 0x7b]), headers: json},
    400,
    'INVALID',
  ],
  ['no body', 'POST', '/v1/channels', {headers: json}, 400, 'INVALID'],
  ['an unknown field', 'POST', '/v1/channels', {json: {channel: 'x', colour: 'red'}}, 400, 'INVALID'],
  ['a field of another kind', 'POST', '/v1/channels', {json: {channel: 7}}, 400, 'INVALID'],
  ['a name that is none', 'POST', '/v1/channels', {json: {channel: 'General Chat'}}, 400, 'INVALID'],
  ['a message without content', 'POST', '/v1/channels/ops/messages', {json: {type: 'x'}}, 400, 'INVALID'],
  ['a sender of its own', 'POST', '/v1/channels/ops/messages', {json: {content: 1, sender: 'bob'}}, 400, 'INVALID'],
  ['a field on both sides', 'POST', '/v1/channels/ops/messages?type=x', {json: {content: 1}}, 400, 'INVALID'],
  ['content that does not fit', 'POST', '/v1/channels/typed/messages', {json: {content: {n: 'x'}}}, 422, 'SCHEMA'],
  ['what is there already', 'POST', '/v1/channels', {json: {channel: 'ops'}}, 409, 'EXISTS'],
  ['a closed channel', 'POST', '/v1/channels/shut/messages', {json: {content: 'x'}}, 409, 'CHANNEL_CLOSED'],
  ['a channel that is not there', 'GET', '/v1/channels/nope', {}, 404, 'NOT_FOUND'],
  ['a channel of others', 'GET', '/v1/channels/board', {as: 'bob'}, 403, 'FORBIDDEN'],
  ['a message of others', 'GET', '/v1/messages/00000000-0000-7000-8000-000000000000', {}, 404, 'NOT_FOUND'],
  ['a bad escape', 'GET', '/v1/channels/%zz', {}, 400, 'INVALID'],
  ['a part that is too long', 'GET', `/v1/channels/${'x'.repeat(2000)}`, {}, 400, 'INVALID'],
  ['no token', 'GET', '/v1/channels', {as: null}, 401, 'UNAUTHENTICATED'],
  ['no token, and no such address', 'GET', '/v1/nothing', {as: null}, 401, 'UNAUTHENTICATED'],
] as const)('%s', async (_what, method, path, options, status, code) => {
  const {call, as, bugs} = await house()
  const alice = as('alice')
  await alice.createChannel('ops')
  await alice.createChannel('board', {restricted: true})
  await alice.createChannel('shut')
  await alice.setChannelState('shut', 'closed')
  await alice.createChannel('typed', {schema: '{"properties":{"n":{"type":"number"}}}'})
  const answer = await call(method, path, options)
  expect([answer.status, answer.json.error?.code]).toEqual([status, code])
  expect(Object.keys(answer.json)).toEqual(['error'])
  expect(answer.json.error.message).toBeTruthy()
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  if (status === 405) expect(answer.headers.get('allow')).toBe('GET, POST')
  if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
  if (code === 'SCHEMA') expect(answer.json.error.violations).toMatchObject([{pointer: '/n'}])
  expect(bugs).toEqual([])
})

test('an idempotency key with other content is a conflict, with the same a duplicate', async () => {
  const {call, as} = await house()
  await as('alice').createChannel('ops')
  const post = (content: string) => call('POST', '/v1/channels/ops/messages', {json: {content, key: 'k'}})
  expect((await post('a')).status).toBe(201)
  expect((await post('a')).json).toMatchObject({duplicate: true})
  expect(await post('b')).toMatchObject({status: 409, json: {error: {code: 'CONFLICT'}}})
})

test('what is no HTTP, or too much of it, is told so', async () => {
  const {http} = await house()
  const garbage = await raw(http, 'EHLO mail.test\r\n\r\n')
  expect([garbage.status, JSON.parse(garbage.body).error.code]).toEqual([400, 'INVALID'])
  const huge = await raw(http, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`)
  expect([huge.status, JSON.parse(huge.body).error.code]).toEqual([431, 'TOO_LARGE'])
  const encoded = await raw(
    http,
    'POST /v1/channels/ops/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token-of-alice\r\nContent-Length: 99999999\r\n\r\n',
  )
  expect([encoded.status, JSON.parse(encoded.body).error.code]).toEqual([413, 'TOO_LARGE'])
})

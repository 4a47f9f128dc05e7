/** Content comes out of the door as it went in, to the last digit. */
import {expect, test} from 'vitest'
import {house} from './house.js'

const CONTENTS = [
  '12345678901234567890',
  '1.0',
  '-0',
  '1e400',
  '{"b":1,"a":2,"b":3}',
  '{"z":{"y":[1.50,2e0,"\\u00e9\\/"]}}',
  'null',
  'true',
  '""',
  '[[[]],{}]',
  '{"__proto__":{"admin":true},"constructor":1}',
]

test.each(CONTENTS)('%s', async (content) => {
  const {call, as, bugs} = await house()
  await as('alice').createChannel('exact')
  const sent = await call('POST', '/v1/channels/exact/messages', {
    json: `{ "type": "t", "contentType": "application/json", "content" :\t${content} }`,
  })
  expect([sent.status, sent.text]).toEqual([201, expect.any(String)])
  const {id} = sent.json
  const outs = [
    await call('GET', '/v1/channels/exact/messages'),
    await call('GET', `/v1/messages/${id}`),
    await call('GET', `/v1/messages/${id}/thread`),
    await call('GET', '/v1/channels?pattern=exact'),
    await call('POST', '/v1/channels/exact/consumers/reader/alice/take', {json: {}}),
    await call('POST', '/v1/channels/exact/consumers/workers/w/take', {json: {}}),
  ]
  for (const {text} of outs) expect(text).toContain(`"content":${content},"contentType"`)
  expect(bugs).toEqual([])
})

test('text with whatever is in it', async () => {
  const {call, as} = await house()
  await as('alice').createChannel('exact')
  const text = 'CR\r LF\n NUL-less \u0001\u2028\u2029 "quotes" \\ \ud83d\ude00 \ufeff'
  await call('POST', '/v1/channels/exact/messages', {json: {content: text}})
  const {messages} = (await call('GET', '/v1/channels/exact/messages')).json
  expect(messages[0].content).toBe(text)
  expect(messages[0].contentType).toBe('text/plain')
})

test('of a field that comes twice the last one counts, checked and sent', async () => {
  const {call, as} = await house()
  await as('alice').createChannel('exact')
  const twice = '{"content":1,"type":7,"type":"b","content":2.0}'
  expect((await call('POST', '/v1/channels/exact/messages', {json: twice})).status).toBe(201)
  expect((await call('GET', '/v1/channels/exact/messages')).text).toContain('"type":"b","content":2.0,')
})

test('JSON as deep as it may be, and no deeper', async () => {
  const {call, as} = await house()
  await as('alice').createChannel('exact')
  const nested = (levels: number) => `{"content":${'['.repeat(levels)}${']'.repeat(levels)}}`
  expect((await call('POST', '/v1/channels/exact/messages', {json: nested(64)})).status).toBe(201)
  const deep = await call('POST', '/v1/channels/exact/messages', {json: nested(65)})
  expect([deep.status, deep.json.error.code]).toEqual([413, 'TOO_LARGE'])
  expect((await call('POST', '/v1/channels/exact/messages', {json: nested(100_000)})).status).toBe(413)
})

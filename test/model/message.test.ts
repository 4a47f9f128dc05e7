import {describe, expect, test} from 'vitest'
import {answerTo, ERROR_TYPE, Message, type MessageFields, messageJson} from '../../src/model/message.js'

const fields = (more: Partial<MessageFields> = {}): MessageFields => ({
  seq: 42,
  id: '01890000-0000-7000-8000-000000000001',
  channel: 'ops',
  sender: 'alice',
  type: 'message',
  body: 'hello',
  contentType: 'text/plain',
  time: '2026-01-05T10:00:00.000Z',
  thread: '01890000-0000-7000-8000-000000000001',
  ...more,
})
const message = (more: Partial<MessageFields> = {}): Message => new Message(fields(more))
const json = (body: string): Message => message({body, contentType: 'application/json'})

describe('a message as JSON', () => {
  test('text', () => {
    expect(messageJson(message())).toBe(
      '{"seq":42,"id":"01890000-0000-7000-8000-000000000001","channel":"ops","sender":"alice","type":"message",' +
        '"content":"hello","contentType":"text/plain","time":"2026-01-05T10:00:00.000Z",' +
        '"thread":"01890000-0000-7000-8000-000000000001"}',
    )
  })

  test('every field, in one order, whatever order they were given in', () => {
    const full = {
      sentAt: 's',
      recipient: 'r',
      replyTo: 'p',
      references: ['x', 'y'],
      conversation: 'c',
      correlationId: 'i',
      key: 'k',
      replyChannel: 'l',
      headers: {b: '1', a: '2'},
      expiresAt: 'e',
    }
    const line = messageJson(message(full), {depth: 3, nothing: undefined, places: [{channel: 'a', seq: 1}]})
    expect(Object.keys(JSON.parse(line))).toEqual([
      'seq',
      'id',
      'channel',
      'sender',
      'type',
      'content',
      'contentType',
      'time',
      'sentAt',
      'recipient',
      'replyTo',
      'thread',
      'references',
      'conversation',
      'correlationId',
      'key',
      'replyChannel',
      'headers',
      'expiresAt',
      'depth',
      'places',
    ])
    expect(
      messageJson(new Message(Object.fromEntries(Object.entries(fields(full)).reverse()) as unknown as MessageFields)),
    ).toBe(messageJson(message(full)))
  })

  test.each([
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['1e400', '1e400'],
    ['-0', '-0'],
    ['{"a": 1, "a": 2.50}', '{"a":1,"a":2.50}'],
    ['{ "__proto__": {"x": 1} }', '{"__proto__":{"x":1}}'],
    ['{"b": 1, "a": 2, "1": 3}', '{"b":1,"a":2,"1":3}'],
    ['[1,\n  "a  b"]\n', '[1,"a  b"]'],
    ['"\\ud83d\\ude00 \\u00e9 \\/"', '"\\ud83d\\ude00 \\u00e9 \\/"'],
    ['"\\ud800"', '"\\ud800"'],
    ['null', 'null'],
  ])('JSON content %j comes out as %j', (body, expected) => {
    const line = messageJson(json(body))
    expect(line).toContain(`,"content":${expected},"contentType":`)
    expect(line).not.toContain('\n')
    expect(JSON.parse(line).content).toEqual(JSON.parse(body))
  })

  test('text is never read as JSON', () => {
    expect(messageJson(message({body: '{"a": 1}\n\u2028"'}))).toContain(
      `"content":${JSON.stringify('{"a": 1}\n\u2028"')}`,
    )
  })

  test('bytes are base64, of a part of a buffer only that part', () => {
    const body = Uint8Array.of(9, 0, 255, 1, 9).subarray(1, 4)
    const bytes = message({body, contentType: 'x/y'})
    expect(messageJson(bytes)).toContain('"type":"message","contentBase64":"AP8B","contentType":"x/y"')
    expect([bytes.content, bytes.contentBase64, message().contentBase64]).toEqual([undefined, 'AP8B', undefined])
  })

  test.each([
    ['', 'text/plain'],
    ['', 'application/json'],
    [new Uint8Array(), 'x/y'],
  ])('redacted has no content: %#', (body, contentType) => {
    const redacted = message({body, contentType, redactedAt: 't', redactedBy: 'zoe'})
    const printed = JSON.parse(messageJson(redacted))
    expect(printed).toMatchObject({contentType, redactedAt: 't', redactedBy: 'zoe'})
    expect(Object.keys(printed).filter((name) => name === 'content' || name === 'contentBase64')).toEqual([])
    expect(redacted.content).toBeUndefined()
    expect(JSON.parse(JSON.stringify(redacted))).toEqual(printed)
  })

  test('JSON.stringify shows the same, but for the digits of numbers', () => {
    for (const one of [
      message(),
      json('{"a": [1, null]}'),
      message({body: Uint8Array.of(1), contentType: 'x/y', key: 'k'}),
    ])
      expect(JSON.parse(JSON.stringify(one))).toEqual(JSON.parse(messageJson(one)))
  })

  test('absent fields are absent', () => {
    expect(Object.keys(new Message({...fields(), key: undefined, headers: undefined})).sort()).toEqual(
      Object.keys(fields()).sort(),
    )
  })

  test('the content of JSON is its value', () => {
    expect([json('{"a": [1.0]}').content, message({body: '1'}).content]).toEqual([{a: [1]}, '1'])
  })
})

describe('an answer', () => {
  const asked = message({
    correlationId: 'c1',
    conversation: 'conv',
    key: 'k',
    headers: {a: 'b'},
    replyTo: 'earlier',
    type: 'ask',
  })

  test('inherits correlation id and conversation, and nothing else', () => {
    const {id} = asked
    expect(answerTo(asked, {body: 'yes'})).toEqual({
      body: 'yes',
      replyTo: id,
      correlationId: 'c1',
      conversation: 'conv',
    })
  })

  test('is addressed to the asker where there is a reply channel', () => {
    const request = message({replyChannel: 'ops.replies'})
    expect(answerTo(request, {body: 'yes'}).recipient).toBe('alice')
    expect(answerTo(request, {body: 'yes', recipient: 'bob'}).recipient).toBe('bob')
  })

  test('keeps what its sender said, but for what it answers', () => {
    const draft = {body: 'yes', type: 't', correlationId: 'c2', conversation: 'other', replyTo: 'else', key: 'mine'}
    expect(answerTo(asked, draft)).toEqual({...draft, replyTo: asked.id})
    expect(answerTo(asked, draft, {error: true}).type).toBe(ERROR_TYPE)
  })
})

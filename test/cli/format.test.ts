import {describe, expect, test} from 'vitest'
import {contentJson, parseFormat} from '../../src/cli/output/format.js'
import {JSON_TYPE} from '../../src/model/content.js'
import {Message, type MessageFields} from '../../src/model/message.js'

const ID = '019aa3f0-7b1a-7c3d-8e2f-0123456789ab'
const FIELDS: MessageFields = {
  seq: 42,
  id: ID,
  channel: 'ops',
  sender: 'alice',
  type: 'message',
  body: 'one\ntwo',
  contentType: 'text/plain',
  time: '2026-11-21T07:00:00.000Z',
  thread: ID,
}
const message = (more: Partial<MessageFields> = {}): Message => new Message({...FIELDS, ...more})
const json = (body: string): Message => message({body, contentType: JSON_TYPE})

test('what one command adds can be named where it is known', () => {
  const format = parseFormat('{seq} {claim.token}', ['claim.token'])
  expect(format(message(), {claim: {token: 't'}})).toBe('42 t')
  expect(format(message())).toBe('42 ')
  expect(() => parseFormat('{claim.token}')).toThrow('an unknown field {claim.token}')
})

describe('a template says what is printed of a message', () => {
  const cases: [template: string, message: Message, text: string][] = [
    ['', message(), ''],
    ['{channel}/{seq} {sender}', message(), 'ops/42 alice'],
    ['{short}', message(), '456789ab'],
    ['{time}|{recipient}|{replyTo}', message(), '2026-11-21T07:00:00.000Z||'],
    ['{content}', message(), 'one\ntwo'],
    ['{content:line}', message(), 'one'],
    ['{content:json}', message(), '"one\\ntwo"'],
    ['{content:json}', json(' {"a" : 1.0} '), '{"a":1.0}'],
    ['{references}', message({references: ['a', 'b']}), 'a b'],
    ['{header.x-y}|{header.constructor}|{header.no}', message({headers: {'x-y': '1'}}), '1||'],
    ['\\t\\n\\0\\\\\\x', message(), '\t\n\0\\\\x'],
    ['{{{seq}}}', message(), '{42}'],
    ['{content}', message({body: new Uint8Array([0, 255]), contentType: 'image/png'}), 'AP8='],
    ['{content.a}', message(), ''],
    ['{content.a}', json('{"a":"x\\ny"}'), 'x\ny'],
    ['{content.a.b}', json('{"a":{"b":12345678901234567890}}'), '12345678901234567890'],
    ['{content.a.1}', json('{"a":[1.0, 1.50 ,{"c":[]}]}'), '1.50'],
    ['{content.0.c}', json('[{"c": [1, 2]}]'), '[1,2]'],
    ['{content.5}{content.x}{content.-1}', json('[1]'), ''],
    ['{content.a}', json('{"a":1,"a":2}'), '2'],
    ['{content.__proto__}', json('{"__proto__":true}'), 'true'],
    ['{content.length}', json('"text"'), ''],
  ]
  test.each(cases)('%j', (template, given, text) => expect(parseFormat(template)(given)).toBe(text))
})

test.each(['{nope}', '{', '}', '{seq', '{content.}', '{header.}', '{__proto__}', '{body}'])(
  '%s is refused at once',
  (template) => {
    expect(() => parseFormat(template)).toThrow(
      expect.objectContaining({code: 'USAGE', message: expect.stringMatching(/^--format has /)}),
    )
  },
)

test('what was redacted is empty', () => {
  const gone = message({body: '', contentType: JSON_TYPE, redactedAt: FIELDS.time, redactedBy: 'bob'})
  expect(parseFormat('{content}|{content.a}|{redactedBy}')(gone)).toBe('||bob')
  expect(contentJson(gone)).toBe('""')
})

import {expect, test} from 'vitest'
import {cells} from '../../../src/cli/output/cells.js'
import {Output} from '../../../src/cli/output/output.js'
import {PLAIN} from '../../../src/cli/output/paint.js'
import {linesForPeople} from '../../../src/cli/output/people.js'
import {Message, type MessageFields} from '../../../src/model/message.js'

const NOW = Date.UTC(2026, 0, 5, 10)
const ID = '00000000-0000-7000-8000-0000000000ab'

const message = (fields: Partial<MessageFields>): Message =>
  new Message({
    seq: 1,
    id: ID,
    channel: 'ops',
    sender: 'alice',
    type: 'message',
    body: 'hi',
    contentType: 'text/plain',
    time: new Date(NOW - 300_000).toISOString(),
    thread: ID,
    ...fields,
  })

const json = (body: string): Partial<MessageFields> => ({body, contentType: 'application/json'})

function printed(
  width: number,
  messages: Partial<MessageFields>[],
  {foreseen = false, ...options}: {clock?: boolean; foreseen?: boolean} = {},
): string[] {
  const out = new Output({
    json: false,
    quiet: false,
    terminal: true,
    errorTerminal: true,
    paint: PLAIN,
    width,
    clock: () => NOW,
  })
  const lines = linesForPeople(out, options)
  if (foreseen) lines.expect(messages.map(message))
  return messages
    .map((fields) => lines(message(fields)))
    .join('')
    .split('\n')
    .slice(0, -1)
}

test('what fits stands on one line, in columns that only grow', () => {
  const messages = [{}, {seq: 100, sender: 'someone'}, {seq: 2, type: 'alert', recipient: 'bob', replyTo: ID}]
  expect(printed(80, messages)).toEqual([
    'ops/1  alice   5m  hi',
    'ops/100  someone   5m  hi',
    'ops/2    alice     5m  [alert]  → bob  ↳ 000000ab  hi',
  ])
})

test('of messages that are known before, the columns are as wide as all of them need', () => {
  expect(printed(80, [{}, {seq: 100, sender: 'someone'}], {foreseen: true})).toEqual([
    'ops/1    alice     5m  hi',
    'ops/100  someone   5m  hi',
  ])
})

test('several lines, and what is too long for one, are a block below', () => {
  const long = 'a word and another, '.repeat(5).trim()
  expect(printed(60, [{body: 'one\r\n\ttwo\n\nthree\n'}, {body: long}])).toEqual([
    'ops/1  alice   5m',
    '  one',
    '          two',
    '',
    '  three',
    'ops/1  alice   5m',
    '  a word and another, a word and another, a word and',
    '  another, a word and another, a word and another,',
  ])
})

test('JSON stands on one line as it was written, or is laid out with every digit kept', () => {
  expect(printed(80, [json('{ "a": 1.0, "b": [ 12345678901234567890 ] }')])).toEqual([
    'ops/1  alice   5m  {"a":1.0,"b":[12345678901234567890]}',
  ])
  expect(printed(40, [json('{"a":1.0,"b":[12345678901234567890],"a":"漢字漢字漢字"}')])).toEqual([
    'ops/1  alice   5m',
    '  {',
    '    "a": 1.0,',
    '    "b": [12345678901234567890],',
    '    "a": "漢字漢字漢字"',
    '  }',
  ])
})

test('bytes, nothing, and what was removed are described', () => {
  const bytes = {body: new Uint8Array(300), contentType: 'image/png', headers: {filename: 'x\u202e.png'}}
  const removed = {body: '', redactedAt: new Date(NOW).toISOString(), redactedBy: 'zoe'}
  expect(printed(80, [bytes, {body: ''}, removed])).toEqual([
    'ops/1  alice   5m  (300 bytes of image/png, x\\u202e.png)',
    'ops/1  alice   5m',
    'ops/1  alice   5m  (redacted by zoe)',
  ])
})

const HARD: Partial<MessageFields>[] = [
  {body: '\x1b]0;owned\x07\x1b[31mred\u202eevil\u2066'},
  {body: '漢字'.repeat(200)},
  {body: '👩‍👩‍👧‍👦 e\u0301 Z\u0351\u036b\u0343A '.repeat(50)},
  {body: `${'line\n'.repeat(300)}end`},
  json(`{"deep":${'['.repeat(60)}"漢字\u202e"${']'.repeat(60)},"text":"${'x'.repeat(500)}"}`),
  {sender: 'a'.repeat(128), channel: 'b'.repeat(128), type: 'c'.repeat(128), recipient: 'd'.repeat(128)},
  {body: '\t\ttabs\tand more tabs\t'},
]

test.each([200, 80, 40, 20, 10])('at %i cells no line is wider, and none controls the terminal', (width) => {
  const lines = printed(width, HARD)
  expect(lines.filter((line) => cells(line) > Math.max(2, width))).toEqual([])
  expect(lines.join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
})

test('of what is huge the beginning is shown, and how to see the rest', () => {
  const huge = 'x'.repeat(16 * 1024 * 1024)
  for (const fields of [{body: huge}, {body: 'x\n'.repeat(8 * 1024 * 1024)}, json(`{"a":"${huge.slice(20)}"}`)]) {
    const lines = printed(
      80,
      Array.from({length: 20}, () => fields),
    )
    expect(lines.length).toBeLessThan(20 * 140)
    expect(lines.filter((line) => line === '  … 16.0 MiB in all: leat show ops/1')).toHaveLength(20)
  }
})

test('what stays on the screen has the time of the day, and a line where a day begins', () => {
  const at = (hours: number): string => new Date(NOW + hours * 3_600_000).toISOString()
  const lines = printed(80, [{time: at(0)}, {time: at(30)}, {time: at(31)}], {clock: true})
  expect(lines).toHaveLength(4)
  expect(lines[0]).toMatch(/^ops\/1 {2}alice {2}\d\d:\d\d:\d\d {2}hi$/)
  expect(lines[1]).toMatch(/^── 2026-01-0[67] ──$/)
})

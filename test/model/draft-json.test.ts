import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {checkBody, TEXT} from '../../src/model/content.js'
import {draftOf, type Fields, parseDraft} from '../../src/model/draft-json.js'
import {LeatError} from '../../src/model/errors.js'

const ID = '01890000-0000-7000-8000-000000000001'
const parse = (line: string) => parseDraft(Buffer.from(line))

/** What becomes of a line on its way into the store: its draft, or that it was refused. */
function taken(line: string): unknown {
  try {
    const draft = parse(line)
    checkBody(draft.body, draft.contentType ?? TEXT)
    return draft
  } catch (error) {
    if (error instanceof LeatError) return 'refused'
    throw error
  }
}

describe('a line of bulk input', () => {
  test.each([
    [
      'numbers and duplicate keys as they are',
      '{"content":{"n":12345678901234567890,"a":1.0,"a":-0}}',
      '{"n":12345678901234567890,"a":1.0,"a":-0}',
    ],
    ['white space inside, not around', '\t{ "content" :  [ 1 , 2 ]  , "type":"t" }\r', '[ 1 , 2 ]'],
    [
      'brackets and quotes in strings',
      String.raw`{"content":{"a":"}]\"\\","b":["{"]}}`,
      String.raw`{"a":"}]\"\\","b":["{"]}`,
    ],
    ['null', '{"content":null}', 'null'],
    ['a string that is JSON', '{"contentType":"application/json","content":"\\u0041"}', '"\\u0041"'],
    ['the last of two contents', '{"content":1,"content":{"a":2}}', '{"a":2}'],
    ['a key with an escape', '{"\\u0063ontent":{"a":2}}', '{"a":2}'],
  ])('JSON content is cut out: %s', (_, line, body) => {
    expect(parse(line)).toMatchObject({body, contentType: 'application/json'})
  })

  test('a string is text', () => {
    expect(parse('{"content":"a\\nb\\ud83d\\ude00","type":"t"}')).toMatchObject({body: 'a\nb😀', type: 't'})
    expect(parse('{"content":"x"}').contentType).toBeUndefined()
  })

  test('every field', () => {
    const fields = {
      content: 'x',
      contentType: 'text/x',
      type: 't',
      recipient: 'bob',
      replyTo: ID,
      conversation: 'c',
      correlationId: 'i',
      key: 'k',
      replyChannel: 'r',
      id: ID,
      references: [ID],
      headers: {a: '1'},
    }
    const {content, ...others} = fields
    const times = {expiresAt: '2030-01-01T00:00:00Z', deliverAt: '2029-01-01T00:00:00Z'}
    expect(parse(JSON.stringify({...fields, ...times, seq: 3, time: 'x', sender: 'eve'}))).toEqual({
      body: content,
      ...others,
      expiresAt: Date.parse(times.expiresAt),
      deliverAt: Date.parse(times.deliverAt),
    })
  })

  test.each([
    ['', '{'],
    ['', '{}'],
    ['', '[1]'],
    ['no comma', '{"content":1 "type":"t"}'],
    ['a comma too many', '{"content":1,}'],
    ['something behind it', '{"content":1}}'],
    ['no value', '{"content":}'],
    ['two values', '{"content":{}{}}'],
    ['the other bracket', '{"content":{]},"type":"t"}'],
    ['what is ignored is no JSON', '{"content":1,"seq":01}'],
    ['an unknown field', '{"content":1,"tpye":"t"}'],
    ['a field of the wrong kind', '{"content":1,"type":5}'],
    ['content that is no JSON', '{"content":nope}'],
    ['a literal cut off', '{"content":tru}'],
    ['a number with a leading zero', '{"content":012}'],
    ['a control character in a string', '{"content":{"a":"\u0001"}}'],
    ['too deep', `{"content":${'['.repeat(65)}${']'.repeat(65)}}`],
    ['too deep where nobody looks', `{"content":1,"seq":${'['.repeat(65)}${']'.repeat(65)}}`],
    ['text and a type that is another', '{"content":{},"contentType":"text/plain"}'],
  ])('is refused: %s %s', (_, line) => {
    expect(taken(line)).toBe('refused')
  })

  const value = fc.jsonValue({maxDepth: 3})
  const members = fc.array(
    fc.tuple(
      fc.constantFrom('content', 'content', 'type', 'key', 'seq', 'headers', 'contentType', 'redactedAt', 'other'),
      value,
    ),
    {maxLength: 4},
  )
  const line = members.map((all) => `{${all.map(([key, one]) => `"${key}": ${JSON.stringify(one)}`).join(' ,')}}`)

  test('is taken as its parsed value is', () => {
    fc.assert(
      fc.property(line, (text) => {
        const whole = (): unknown => draftOf(text, JSON.parse(text) as Fields)
        const unknown = Object.keys(JSON.parse(text) as Fields).includes('other')
        if (unknown || taken(text) === 'refused') return
        expect(parse(text)).toEqual(whole())
      }),
      {numRuns: 2000},
    )
  })

  test('is never taken where it is no JSON', () => {
    const damaged = fc
      .tuple(line, fc.nat(), fc.constantFrom('', '{', '}', '[', ']', '"', ',', ':', '\\', '1', ' ', '\u0000'))
      .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1))
    fc.assert(
      fc.property(damaged, (text) => {
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        if (!isJson) expect(taken(text)).toBe('refused')
      }),
      {numRuns: 5000},
    )
  })
})

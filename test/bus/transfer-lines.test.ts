import {describe, expect, test} from 'vitest'
import {LIMITS} from '../../src/model/limits.js'
import {exported, imported} from './transferring.js'
import {type World, world} from './world.js'

const ID = '01a2158f-f55d-7652-b2ae-44cd3467aacb'
const OTHER = '01a2158f-f55d-7652-b2ae-44cd3467aacc'
const fields = {seq: 1, id: ID, channel: 'ops', sender: 'zoe', content: 'x', time: '2026-01-01T00:00:00.000Z'}
const line = (change: object = {}): string => JSON.stringify({...fields, ...change})
const without = (name: keyof typeof fields): string => JSON.stringify({...fields, [name]: undefined})
/** A line with content as it is written. */
const withContent = (json: string, rest = ''): string =>
  `{"seq":1,"id":"${ID}","channel":"ops","sender":"zoe","time":"2026-01-01T00:00:00Z","content":${json}${rest}}`
const JSON_TYPE = ',"contentType":"application/json"'
const HEAD = JSON.stringify({record: 'export', version: 1, id: OTHER, exportedAt: '2026-01-01T00:00:00Z', all: true})
const CHANNEL = {
  record: 'channel',
  name: 'ops',
  state: 'open',
  restricted: false,
  hidden: false,
  retention: {},
  metadata: {},
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: 'zoe',
  lastSeq: 3,
}
const channel = (change: object): string => JSON.stringify({...CHANNEL, ...change})
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

const REFUSED: Readonly<Record<string, [string | Buffer, string, RegExp]>> = {
  'no JSON': ['nonsense', 'INVALID', /not a JSON object/],
  'half of it': [line().slice(0, 40), 'INVALID', /JSON/],
  'an array': ['[1]', 'INVALID', /not a JSON object/],
  'not UTF-8': [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'INVALID', /UTF-8/],
  'a NUL': [Buffer.from('{"a":"\0"}'), 'INVALID', /NUL/],
  'an escaped NUL in text': [withContent('"a\\u0000b"'), 'INVALID', /NUL/],
  'half a character': [withContent('"\\ud800"'), 'INVALID', /surrogate/],
  'too deep': [withContent(deep(65), JSON_TYPE), 'TOO_LARGE', /nested/],
  'far too deep': [withContent(deep(100_000), JSON_TYPE), 'TOO_LARGE', /nested/],
  'too large': [withContent(JSON.stringify('x'.repeat(LIMITS.content + 1))), 'TOO_LARGE', /16 MiB/],
  'headers too large': [line({headers: {a: 'x'.repeat(70_000)}}), 'TOO_LARGE', /64 KiB/],
  'an unknown field': [line({extra: 1}), 'INVALID', /unknown field "extra"/],
  'an unknown record': ['{"record":"constructor"}', 'INVALID', /no record is called "constructor"/],
  'a record that is no text': ['{"record":7}', 'INVALID', /"record" is a JSON number/],
  'no id': [without('id'), 'INVALID', /no "id"/],
  'no sender': [without('sender'), 'INVALID', /no "sender"/],
  'no time': [without('time'), 'INVALID', /no "time"/],
  'no seq': [without('seq'), 'INVALID', /no "seq"/],
  'no content': [without('content'), 'INVALID', /no "content"/],
  'a seq of nothing': [line({seq: 0}), 'INVALID', /"seq"/],
  'a seq past all numbers': [line().replace('"seq":1', '"seq":1e999'), 'INVALID', /"seq"/],
  'a seq with a fraction': [line({seq: 1.5}), 'INVALID', /"seq"/],
  'a name that is none': [line({sender: '../x'}), 'INVALID', /actor name/],
  'a channel that is none': [line({channel: 'a b'}), 'INVALID', /channel name/],
  'an id that is none': [line({id: 'x'}), 'INVALID', /UUID/],
  'a parent that is none': [line({replyTo: 'ops/1'}), 'INVALID', /UUID/],
  'a time that is none': [line({time: '2026-02-30T00:00:00Z'}), 'INVALID', /ISO 8601/],
  'a time before all': [line({time: '1950-01-01T00:00:00Z'}), 'INVALID', /ISO 8601/],
  'a type of two words': [line({type: 'a b'}), 'INVALID', /not a type/],
  'a key with a control': [line({key: 'a\u0007'}), 'INVALID', /control/],
  'too many references': [line({references: Array.from({length: 1025}, () => OTHER)}), 'TOO_LARGE', /references/],
  'content twice': [line({contentBase64: 'AA=='}), 'INVALID', /both/],
  'a text that is another': [
    withContent('{"a":1}', `${JSON_TYPE},"contentText":"{\\"a\\":2}"`),
    'INVALID',
    /contentText/,
  ],
  'a text of no JSON': [line({contentSpace: ['', ' ']}), 'INVALID', /for JSON/],
  'space that is none': [withContent('1', `${JSON_TYPE},"contentSpace":["2",""]`), 'INVALID', /white space/],
  'redacted by nobody': [line({redactedAt: '2026-01-01T00:00:00Z'}), 'INVALID', /redactedBy/],
  'a state that is none': [channel({state: 'ajar'}), 'INVALID', /none of open/],
  'a retention of nothing': [channel({retention: {maxAge: -1}}), 'INVALID', /maxAge/],
  'a schema that is none': [channel({schema: '{"type":7}'}), 'INVALID', /schema/],
  'metadata that is none': [channel({metadata: {a: 1}}), 'INVALID', /metadata/],
  'a grant to nobody': ['{"record":"grant","permission":"submit"}', 'INVALID', /actor/],
  'a grant of nothing': ['{"record":"grant","actor":"bob","permission":"fly"}', 'INVALID', /permission/],
}

async function empty(): Promise<World> {
  return world()
}

describe('a line that is refused', () => {
  test.each(Object.entries(REFUSED))('%s', async (_, [text, code, message]) => {
    const {as, store} = await empty()
    const result = await imported(as('alice'), [text])
    expect(result).toMatchObject({
      stored: 0,
      failed: 1,
      errors: [{line: 1, code, message: expect.stringMatching(message)}],
    })
    expect(await store.channels.all()).toEqual([])
  })

  test('takes no other with it', async () => {
    const {as} = await empty()
    const lines = Object.values(REFUSED).map(([text]) => text)
    const good = line({id: OTHER})
    const result = await imported(as('alice'), [...lines, '', good, '  '], {onError: 'skip'})
    expect(result).toMatchObject({stored: 1, failed: lines.length})
    expect(result.errors.map(({line}) => line)).toEqual(lines.map((_, index) => index + 1))
  })

  test('ends the import; what stands before it is there', async () => {
    const {as} = await empty()
    const result = await imported(as('alice'), [line(), 'nonsense', line({id: OTHER, seq: 2})])
    expect(result).toMatchObject({stored: 1, failed: 1, errors: [{line: 2}]})
  })
})

describe('a line that is taken', () => {
  test.each([
    ['numbers of any length', withContent('{"n":123456789012345678901234567890.10e-400,"n":1}', JSON_TYPE)],
    ['as deep as any', withContent(deep(64), JSON_TYPE)],
    ['a character in two escapes', withContent('"\\ud83d\\ude00"')],
    ['no content of its own', line({content: undefined, redactedAt: '2026-01-02T00:00:00Z', redactedBy: 'bob'})],
    ['a parent that is not there', line({replyTo: OTHER, thread: OTHER, references: [OTHER]})],
    ['a type of leat’s own', line({type: 'leat.end'})],
    ['what expired long ago', line({expiresAt: '2026-01-01T00:00:00Z'})],
  ])('%s', async (_, text) => {
    const {as} = await empty()
    expect(await imported(as('alice'), [text])).toMatchObject({stored: 1, failed: 0})
  })

  test('of a key twice the last counts, as it is read everywhere', async () => {
    const {as} = await empty()
    await imported(as('alice'), [withContent('"a"', ',"content":"b"')])
    expect(JSON.parse((await exported(as('alice'), ['ops']))[2] ?? '')).toMatchObject({content: 'b'})
  })
})

describe('the whole', () => {
  test.each([
    ['without its end', [HEAD, channel({}), line()], /cut off/],
    [
      'with messages missing',
      [HEAD, channel({}), line(), '{"record":"end","messages":2}'],
      /had 2 messages, and here are 1/,
    ],
    ['with something behind its end', [HEAD, channel({}), '{"record":"end","messages":0}', line()], /behind the end/],
    ['two of them', [HEAD, HEAD], /second export/],
    ['of a later leat', [HEAD.replace('"version":1', '"version":2')], /form 2/],
  ])('%s', async (_, lines, message) => {
    const {as} = await empty()
    const result = await imported(as('alice'), lines).catch((error: Error) => ({errors: [error]}))
    expect(result.errors).toMatchObject([{message: expect.stringMatching(message)}])
  })

  test('nothing at all is refused', async () => {
    const {as} = await empty()
    await expect(imported(as('alice'), [])).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringMatching(/empty/),
    })
  })

  test('a position behind all is refused', async () => {
    const {as} = await empty()
    const consumer = {
      record: 'consumer',
      channel: 'ops',
      kind: 'reader',
      name: 'bob',
      cursor: 4,
      createdAt: fields.time,
      movedAt: fields.time,
    }
    const lines = [HEAD, channel({}), line(), JSON.stringify(consumer), '{"record":"end","messages":1}']
    expect(await imported(as('alice'), lines)).toMatchObject({
      errors: [{line: 4, message: expect.stringMatching(/no place 4/)}],
    })
  })
})

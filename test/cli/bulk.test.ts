import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {withOps} from './ops.js'

const ID = '018f0c5e-7b1a-7c3d-8e2f-0123456789ab'

const jsonl = (...objects: unknown[]): string =>
  objects.map((object) => `${typeof object === 'string' ? object : JSON.stringify(object)}\n`).join('')

test('--lines sends a message a line, passing over empty ones', async () => {
  const {leat, log, bodies} = await withOps()
  const sent = await leat({stdin: 'one\n\n  two \r\nthree'})`send ops --lines --type t --header a=1 --json`
  expect([sent.code, sent.json(), sent.stderr]).toEqual([0, {stored: 3, failed: 0, errors: []}, ''])
  expect(await bodies()).toEqual(['one', '  two \r', 'three'])
  expect((await log())[2]).toMatchObject({type: 't', headers: {a: '1'}})
  expect((await leat({stdin: 'four\n'})`send ops --lines`).stdout).toBe('1\n')
  expect((await leat({stdin: 'five\n'})`send ops --lines -q`).stdout).toBe('')
  expect((await leat({stdin: '{"a": 1}\n'})`send ops --lines -J`).code).toBe(0)
  expect((await log()).at(-1)).toMatchObject({content: {a: 1}, contentType: 'application/json'})
})

test('--lines with --allow-empty sends empty lines, with --chomp no carriage returns', async () => {
  const {leat, bodies} = await withOps()
  await leat({stdin: 'a\r\n\r\n\nb'})`send ops --lines --chomp`
  await leat({stdin: 'c\n\nd\n'})`send ops --lines --allow-empty`
  expect(await bodies()).toEqual(['a', 'b', 'c', '', 'd'])
})

test('--lines -0 splits at NUL', async () => {
  const {leat, bodies} = await withOps()
  await leat({stdin: 'a\nb\0c\0\0d'})`send ops --lines -0`
  expect(await bodies()).toEqual(['a\nb', 'c', 'd'])
})

test('--lines and --jsonl read a file too', async () => {
  const {leat, dir, bodies} = await withOps()
  writeFileSync(join(dir, 'in.txt'), 'a\nb\n')
  writeFileSync(join(dir, 'in.jsonl'), jsonl({content: 'c'}))
  expect((await leat`send ops --lines --file in.txt`).stdout).toBe('2\n')
  expect((await leat`send ops --jsonl --file in.jsonl`).stdout).toBe('1\n')
  expect(await bodies()).toEqual(['a', 'b', 'c'])
  for (const [words, code] of [
    [['--lines', '--file', 'missing'], 3],
    [['--lines', '--file', '.'], 2],
    [['--lines', 'body'], 2],
    [['--jsonl', '-m', 'x'], 2],
    [['--lines', '--jsonl'], 2],
    [['--lines', '--id', ID], 2],
    [['--jsonl', '--key', 'k'], 2],
    [['--jsonl', '-0'], 2],
    [['--jsonl', '--', 'word'], 2],
  ] as const)
    expect([words, (await leat`send ops ${words}`).code]).toEqual([words, code])
  expect(await bodies()).toEqual(['a', 'b', 'c'])
})

test('no lines are no error', async () => {
  const {leat} = await withOps()
  expect((await leat({stdin: ''})`send ops --lines --json`).json()).toEqual({stored: 0, failed: 0, errors: []})
})

test('--jsonl takes every field of a message, and lets go what the store gives', async () => {
  const {leat, log} = await withOps()
  const root = (await leat`send ops root`).stdout.trim()
  const sent = await leat({
    stdin: jsonl({
      seq: 99,
      time: '2020-01-01T00:00:00.000Z',
      thread: ID,
      channel: 'elsewhere',
      sender: 'mallory',
      id: ID,
      type: 't',
      content: {n: 1},
      contentType: 'application/json',
      recipient: 'bob',
      replyTo: root,
      references: [root],
      conversation: 'talk',
      correlationId: 'c',
      key: 'k',
      replyChannel: 'ops',
      headers: {h: 'v'},
    }),
  })`send ops --jsonl --json`
  expect(sent.json()).toEqual({stored: 1, failed: 0, errors: []})
  expect((await log())[1]).toEqual({
    seq: 2,
    id: ID,
    channel: 'ops',
    sender: 'alice',
    type: 't',
    content: {n: 1},
    contentType: 'application/json',
    time: expect.any(String),
    recipient: 'bob',
    replyTo: root,
    thread: root,
    references: [root],
    conversation: 'talk',
    correlationId: 'c',
    key: 'k',
    replyChannel: 'ops',
    headers: {h: 'v'},
  })
})

test('--jsonl: a string is text, any other value JSON, contentBase64 bytes', async () => {
  const {leat} = await withOps()
  const sent = await leat({
    stdin: jsonl(
      '{"content": "text"}',
      '{"content": 12345678901234567890}',
      '{"content": null}',
      '{"content": "a string", "contentType": "application/json"}',
      '{"content": "<p>", "contentType": "text/html"}',
      '{"contentBase64": "/wA=", "contentType": "image/png"}',
      '{"contentBase64": "/wA="}',
      '{"content": {"a": 1.0, "a": 2.0}, "contentType": "application/x+json", "headers": {"__proto__": "x"}}',
      '   ',
      '{"content": "\\ufeff\\r\\n"}',
    ),
  })`send ops --jsonl --json`
  expect(sent.json()).toEqual({stored: 9, failed: 0, errors: []})
  const lines = (await leat`log ops --json`).lines()
  expect(lines.map((line) => /"type":"message",(.*),"time"/.exec(line)?.[1])).toEqual([
    '"content":"text","contentType":"text/plain"',
    '"content":12345678901234567890,"contentType":"application/json"',
    '"content":null,"contentType":"application/json"',
    '"content":"a string","contentType":"application/json"',
    '"content":"<p>","contentType":"text/html"',
    '"contentBase64":"/wA=","contentType":"image/png"',
    '"contentBase64":"/wA=","contentType":"application/octet-stream"',
    '"content":{"a":1.0,"a":2.0},"contentType":"application/x+json"',
    '"content":"\ufeff\\r\\n","contentType":"text/plain"',
  ])
  expect(lines[7]).toContain('"headers":{"__proto__":"x"}')
})

test('flags count where a line says nothing', async () => {
  const {leat, log} = await withOps()
  const stdin = jsonl(
    {content: 'a'},
    {content: 'b', type: 'own', headers: {own: 'x'}, contentType: 'text/plain', recipient: null},
    {content: {c: 1}},
  )
  await leat({stdin})`send ops --jsonl -J -t usual --header h=v --conversation talk`
  await leat({
    stdin: jsonl({content: 'd'}, {content: 'e', contentType: 'text/html'}),
  })`send ops --jsonl --content-type text/markdown`
  expect((await log()).map(({content, contentType, type, headers}) => [content, contentType, type, headers])).toEqual([
    ['a', 'application/json', 'usual', {h: 'v'}],
    ['b', 'text/plain', 'own', {own: 'x'}],
    [{c: 1}, 'application/json', 'usual', {h: 'v'}],
    ['d', 'text/markdown', 'message', undefined],
    ['e', 'text/html', 'message', undefined],
  ])
  const refused = await leat({stdin: jsonl({content: {a: 1}})})`send ops --jsonl --content-type text/plain --json`
  expect(refused.json().errors[0].message).toBe('content is a JSON object, but contentType is "text/plain"')
})

test('what log prints can be sent on: bytes, the deepest JSON, what was redacted', async () => {
  const {leat} = await withOps()
  await leat`channel create copy`
  const deep = '['.repeat(64) + ']'.repeat(64)
  await leat({stdin: deep})`send ops -J`
  await leat({stdin: Buffer.from([0xff, 0])})`send ops --content-type image/png`
  await leat({stdin: '{"secret":1}'})`send ops -J`
  await leat`redact ops/3 --yes`
  const sent = await leat({stdin: (await leat`log ops --json`).bytes})`send copy --jsonl --json`
  expect(sent.json()).toEqual({stored: 3, failed: 0, errors: []})
  const copied = (await leat`log copy --json`).lines()
  expect(copied[0]).toContain(`"content":${deep},`)
  expect(JSON.parse(copied[1] as string)).toMatchObject({contentBase64: '/wA=', contentType: 'image/png'})
  expect(JSON.parse(copied[2] as string)).toMatchObject({content: '', contentType: 'text/plain'})
})

test('a bad line stops, and the lines before it stay', async () => {
  const {leat, bodies} = await withOps()
  const stdin = jsonl({content: 'one'}, {content: 'two'}, 'nonsense', {content: 'four'})
  const stopped = await leat({stdin})`send ops --jsonl --json`
  expect(stopped.code).toBe(7)
  expect(stopped.json()).toEqual({
    stored: 2,
    failed: 1,
    errors: [{line: 3, code: 'INVALID', message: expect.stringContaining('not valid JSON')}],
  })
  expect(stopped.error()).toMatchObject({code: 'PARTIAL', message: expect.stringMatching(/^line 3: .*not valid JSON/)})
  expect(await bodies()).toEqual(['one', 'two'])
  const plain = await leat({stdin})`send ops --jsonl`
  expect([plain.code, plain.stdout]).toEqual([7, '2\n'])
  expect(plain.stderr).toMatch(/line 3/)
  const first = await leat({stdin: jsonl('nonsense', {content: 'x'})})`send ops --jsonl --json`
  expect([first.code, first.json(), first.error().code]).toMatchObject([2, {stored: 0, failed: 1}, 'INVALID'])
})

test('--on-error skip sends the others', async () => {
  const {leat, bodies} = await withOps()
  const stdin = jsonl(
    {content: 'one'},
    'nonsense',
    {content: 'two'},
    {content: 'x', replyTo: 'ops/99'},
    {content: 'three'},
  )
  const skipped = await leat({stdin})`send ops --jsonl --on-error skip --json`
  expect([skipped.code, skipped.json()]).toMatchObject([
    7,
    {
      stored: 3,
      failed: 2,
      errors: [
        {line: 2, code: 'INVALID'},
        {line: 4, code: 'NOT_FOUND'},
      ],
    },
  ])
  expect(await bodies()).toEqual(['one', 'two', 'three'])
  const none = await leat({stdin: jsonl('a', 'b')})`send ops --jsonl --on-error skip --json`
  expect([none.code, none.json()]).toMatchObject([2, {stored: 0, failed: 2}])
})

test('a line that is no message is refused, whatever is wrong with it', async () => {
  const {leat} = await withOps()
  const cases: [string, string][] = [
    ['{"content":"x"', 'INVALID'],
    ['[1]', 'INVALID'],
    ['"text"', 'INVALID'],
    ['{}', 'INVALID'],
    ['{"contet":"x"}', 'INVALID'],
    ['{"content":"x","extra":1}', 'INVALID'],
    ['{"content":"x","type":1}', 'INVALID'],
    ['{"content":"x","type":"a b"}', 'INVALID'],
    ['{"content":"x","headers":{"a":1}}', 'INVALID'],
    ['{"content":"x","headers":[]}', 'INVALID'],
    ['{"content":"x","references":"ops/1"}', 'INVALID'],
    ['{"content":"x","id":"1"}', 'INVALID'],
    ['{"content":"x","deliverAt":"tomorrow"}', 'INVALID'],
    ['{"content":"x","expiresAt":"2020-01-01T00:00:00Z"}', 'INVALID'],
    ['{"content":{},"contentType":"text/plain"}', 'INVALID'],
    ['{"content":"x","contentBase64":"eA=="}', 'INVALID'],
    ['{"contentBase64":"!!"}', 'INVALID'],
    ['{"content":"\\ud800"}', 'INVALID'],
    ['{"content":"a\\u0000b"}', 'INVALID'],
    ['{"content":"x","conversation":"a b"}', 'INVALID'],
    ['{"content":"x","replyTo":"ops/9"}', 'NOT_FOUND'],
    [`{"content":${'['.repeat(65)}${']'.repeat(65)}}`, 'TOO_LARGE'],
  ]
  const stdin = cases.map(([line]) => `${line}\n`).join('')
  const refused = await leat({stdin})`send ops --jsonl --on-error skip --json`
  expect([refused.code, refused.json().stored, refused.json().failed]).toEqual([2, 0, cases.length])
  expect(
    refused.json().errors.map(({line, code}: {line: number; code: string}) => [cases[line - 1]?.[0], code]),
  ).toEqual(cases)
  expect((await leat`store info --json`).json().messages).toBe(0)
})

test('lines that are not UTF-8 are refused one by one', async () => {
  const {leat, log, bodies} = await withOps()
  const stdin = Buffer.concat([Buffer.from('good\n'), Buffer.from([0xff, 0x0a]), Buffer.from('a\0b\nlast\n')])
  const skipped = await leat({stdin})`send ops --lines --on-error skip --json`
  expect([skipped.code, skipped.json()]).toMatchObject([
    7,
    {
      stored: 2,
      failed: 2,
      errors: [
        {line: 2, code: 'INVALID'},
        {line: 3, code: 'INVALID'},
      ],
    },
  ])
  expect(await bodies()).toEqual(['good', 'last'])
  const json = await leat({
    stdin: Buffer.concat([Buffer.from('{"content":"'), Buffer.from([0xff]), Buffer.from('"}\n')]),
  })`send ops --jsonl --json`
  expect([json.code, json.json().errors[0]]).toMatchObject([2, {line: 1, code: 'INVALID'}])
  await leat({stdin: Buffer.from([0xff, 0x0a])})`send ops --lines --content-type application/octet-stream`
  expect((await log()).at(-1)).toMatchObject({contentBase64: '/w=='})
})

test('a line may answer one before it in the same input', async () => {
  const {leat, log} = await withOps()
  const child = '018f0c5e-7b1a-7c3d-8e2f-0123456789ac'
  const sent = await leat({
    stdin: jsonl(
      {content: 'root', id: ID},
      {content: 'child', id: child, replyTo: ID},
      {content: 'grandchild', replyTo: child, references: [ID]},
    ),
  })`send ops --jsonl --json`
  expect(sent.json()).toEqual({stored: 3, failed: 0, errors: []})
  expect((await log()).map(({thread}) => thread)).toEqual([ID, ID, ID])
})

test('bulk input is idempotent by id and key', async () => {
  const {leat, bodies} = await withOps()
  const stdin = jsonl({content: 'a', id: ID}, {content: 'b', key: 'k'}, {content: 'c'})
  await leat({stdin})`send ops --jsonl`
  expect((await leat({stdin})`send ops --jsonl --json`).json()).toEqual({stored: 3, failed: 0, errors: []})
  expect(await bodies()).toEqual(['a', 'b', 'c', 'c'])
  const conflict = await leat({
    stdin: jsonl({content: 'other', key: 'k'}, {content: 'd'}),
  })`send ops --jsonl --on-error skip --json`
  expect([conflict.code, conflict.json()]).toMatchObject([
    7,
    {stored: 1, failed: 1, errors: [{line: 1, code: 'CONFLICT'}]},
  ])
})

test('the channels are looked at before a line is', async () => {
  const {leat} = await withOps()
  const missing = await leat({stdin: 'a\n'})`send opz --lines --json`
  expect([missing.code, missing.error().code, missing.stdout]).toEqual([3, 'NOT_FOUND', ''])
  expect((await leat({stdin: 'a\nb\n'})`send opz,new --lines --create`).code).toBe(0)
  expect((await leat`list --names`).lines()).toEqual(['new', 'ops', 'opz'])
  await leat`channel close ops`
  expect((await leat({stdin: 'a\n'})`send ops --lines`).code).toBe(6)
  await leat`channel create hr --restricted`
  expect((await leat({as: 'eve', stdin: 'a\n'})`send hr --lines`).code).toBe(5)
})

test('10,000 lines go in and come out in order, in a store that others can use', async () => {
  const {leat, log} = await withOps()
  const count = 10_000
  const stdin = Array.from({length: count}, (_, index) => `{"content":{"n":${index}}}\n`).join('')
  expect((await leat({stdin})`send ops --jsonl --json`).json()).toEqual({stored: count, failed: 0, errors: []})
  await leat`channel create copy`
  const all = await leat`log ops --all --json`
  expect((await leat({stdin: all.bytes})`send copy --jsonl`).stdout).toBe(`${count}\n`)
  expect((await log('copy')).map(({seq, content}) => seq - content.n)).toEqual(Array(count).fill(1))
})

test('a line too long is refused, the others stay', async () => {
  const {leat, bodies} = await withOps()
  const MIB = 1024 * 1024
  const stdin = Buffer.concat([
    Buffer.from('short\n'),
    Buffer.alloc(16 * MIB + 1, 'x'),
    Buffer.from('\n'),
    Buffer.alloc(33 * MIB, 'x'),
    Buffer.from('\nlast\n'),
  ])
  const skipped = await leat({stdin})`send ops --lines --on-error skip --json`
  expect([skipped.code, skipped.json()]).toMatchObject([
    7,
    {
      stored: 2,
      failed: 2,
      errors: [
        {line: 2, code: 'TOO_LARGE'},
        {line: 3, code: 'TOO_LARGE'},
      ],
    },
  ])
  expect(skipped.stderr.length).toBeLessThan(500)
  const stopped = await leat({stdin})`send ops --lines --json`
  expect([stopped.code, stopped.json()]).toMatchObject([7, {stored: 1, failed: 1, errors: [{line: 2}]}])
  expect(await bodies()).toEqual(['short', 'last', 'short'])
})

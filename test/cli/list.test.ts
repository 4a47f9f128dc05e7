import {expect, test} from 'vitest'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

test('list shows counts, unread, subscribers and the last message', async () => {
  const {leat} = world()
  await leat`channel create ops --title Operations`
  await leat`channel create empty`
  await leat({stdin: 'one\ntwo\n'})`send ops --lines`
  await leat({as: 'bob', stdin: '{"n": 12345678901234567890, "f": 1.0}'})`send ops -J`
  await leat`subscribe ops --as carol`
  await leat`read ops -n 1`
  const listed = await leat`list --json`
  expect(listed.jsonLines()).toEqual([
    expect.objectContaining({name: 'empty', messages: 0, unread: 0, subscribers: 0, state: 'open'}),
    expect.objectContaining({name: 'ops', title: 'Operations', messages: 3, unread: 2, subscribers: 1, lastSeq: 3}),
  ])
  expect(listed.jsonLines()[0]).not.toHaveProperty('last')
  expect(listed.jsonLines()[1].last).toMatchObject({
    channel: 'ops',
    seq: 3,
    sender: 'bob',
    contentType: 'application/json',
  })
  expect(listed.lines()[1]).toContain('"content":{"n":12345678901234567890,"f":1.0}')
  const plain = await leat`list`
  expect(plain.lines().map((line) => line.split('\t'))).toEqual([
    ['empty', '', 'open', '0', '0', '0', '', '', ''],
    ['ops', 'Operations', 'open', '3', '2', '1', ISO, 'bob', '{"n": 12345678901234567890, "f": 1.0}'],
  ])
  expect((await leat`channel list`).stdout).toBe(plain.stdout)
})

test('list of nothing is empty and exit 0', async () => {
  const {leat} = world()
  expect(await leat`list`).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect(await leat`list --json`).toMatchObject({code: 0, stdout: '', stderr: ''})
})

test('list takes names and patterns', async () => {
  const {leat} = world()
  for (const name of ['build.1', 'build.2', 'ops']) await leat`channel create ${name}`
  expect((await leat`list build.* --names`).lines()).toEqual(['build.1', 'build.2'])
  expect((await leat`list build.[2-9] --names --json`).stdout).toBe('{"name":"build.2"}\n')
  expect((await leat`list ops --names`).lines()).toEqual(['ops'])
  expect(await leat`list zzz* --names`).toMatchObject({code: 0, stdout: ''})
  const missing = await leat`list opz --json`
  expect([missing.code, missing.error().hint]).toEqual([3, 'did you mean ops? else: leat channel create opz'])
  expect((await leat`list a[ --names`).code).toBe(2)
})

test('list sorts by name, last, unread and size', async () => {
  const {leat} = world()
  for (const name of ['b', 'a', 'c']) await leat`channel create ${name}`
  await leat({stdin: '1\n2\n3\n'})`send c --lines`
  await leat({stdin: '1\n2\n'})`send a --lines`
  await leat`send b 1`
  await leat`read c --all`
  const sorted = async (by: string) => (await leat`list --sort ${by} --names`).lines().join('')
  expect(await sorted('name')).toBe('abc')
  expect(await sorted('last')).toBe('bac')
  expect(await sorted('size')).toBe('cab')
  expect(await sorted('unread')).toBe('abc')
  expect((await leat`list --sort unread --reader other --names`).lines().join('')).toBe('cab')
  expect((await leat({env: {LEAT_READER: 'other'}})`list c --json`).json().unread).toBe(3)
  expect((await leat`list --sort date`).code).toBe(2)
})

test('list --idle keeps what has been silent for so long', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat`send ops hi`
  expect((await leat`list --idle 90d --names`).stdout).toBe('')
  expect((await leat`list --idle 1ms --names`).lines()).toEqual(['ops'])
  const bad = await leat`list --idle soon --json`
  expect([bad.code, bad.error()]).toMatchObject([2, {code: 'INVALID', message: '--idle: "soon" is not a duration'}])
})

test('list shows nobody what is not for them', async () => {
  const {leat} = world()
  await leat`channel create hr --restricted --members bob`
  await leat({as: 'root'})`channel create box`
  await leat({as: 'root'})`send box "for bob" --to bob`
  await leat({as: 'root'})`send box "for all"`
  await leat({as: 'root'})`send box "for bob again" --to bob`
  const seen = async (as: string) =>
    (await leat({as})`list --json`)
      .jsonLines()
      .map(({name, messages, unread, last}) => [name, messages, unread, last?.content])
  expect(await seen('bob')).toEqual([
    ['box', 3, 3, 'for bob again'],
    ['hr', 0, 0, undefined],
  ])
  expect(await seen('eve')).toEqual([['box', 1, 1, 'for all']])
})

test('what is redacted, of several lines or of bytes is shown in one line', async () => {
  const {leat} = world()
  await leat`channel create a`
  await leat`channel create b`
  await leat`channel create c`
  await leat({stdin: '\n  first\tline\nsecond'})`send a`
  await leat({stdin: Buffer.from([0, 1, 2])})`send b --content-type image/png`
  await leat`send c secret`
  await leat`redact c/1 --yes`
  expect((await leat`list`).lines().map((line) => line.split('\t').at(-1))).toEqual([
    '  first\\tline',
    '(3 bytes of image/png)',
    '(redacted by alice)',
  ])
})

test.runIf(hasTerminal)('at a terminal list is a table that fits, with nothing that could control it', async () => {
  const {leat, env} = world()
  expect((await terminal(env)`list`).text).toContain('leat channel create NAME')
  await leat`channel create ops`
  await leat({stdin: `\x1b[31mred\x07 ${'x'.repeat(200)}`})`send ops`
  const {raw, text} = await terminal(env, {columns: 80})`list --color never`
  expect(raw).not.toContain('\x1b')
  const [head, row, ...more] = text.trimEnd().split('\n')
  expect(head).toMatch(/^CHANNEL +UNREAD +MESSAGES +SUBS +LAST +SENDER +CONTENT$/)
  expect(row).toMatch(/^ops +1 +1 +0 +(now|\d+s) +alice +\\x1b\[31mred/)
  expect(row).toHaveLength(80)
  expect(more).toEqual([])
  expect((await terminal(env)`list`).raw).toContain('\x1b[')
})

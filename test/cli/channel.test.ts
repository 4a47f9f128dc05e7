import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {world} from './leat.js'

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const BARE = {
  state: 'open',
  restricted: false,
  retention: {},
  metadata: {},
  hidden: false,
  createdAt: ISO,
  createdBy: 'alice',
  lastSeq: 0,
}
const LEVEL = '{"type":"object","required":["level"],"properties":{"level":{"type":"string"}}}'

test('channel create prints the name in a pipe, the channel as JSON, nothing with --quiet', async () => {
  const {leat} = world()
  const plain = await leat`channel create ops`
  expect(plain).toMatchObject({code: 0, stdout: 'ops\n', stderr: ''})
  const json = await leat`channel create audit --json`
  expect(json.json()).toEqual({name: 'audit', ...BARE})
  expect(await leat`channel create quiet -q`).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect((await leat`channel show quiet --json`).json()).toMatchObject({name: 'quiet'})
})

test('channel create takes every setting', async () => {
  const {leat, dir} = world()
  const schema = join(dir, 'level.json')
  writeFileSync(schema, LEVEL)
  const created =
    await leat`channel create ops --title Operations --description 'What happens' --content-type application/json
    --schema ${schema} --restricted --members bob,carol --max-age 7d --max-messages 100 --ingress http --egress websocket
    --meta team=platform --meta a=b=c --json`
  expect(created.stderr).toBe('')
  const settings = {
    ...BARE,
    name: 'ops',
    title: 'Operations',
    description: 'What happens',
    restricted: true,
    contentType: 'application/json',
    schema: LEVEL,
    retention: {maxAge: 604_800_000, maxMessages: 100},
    ingress: 'http',
    egress: 'websocket',
    metadata: {team: 'platform', a: 'b=c'},
  }
  expect(created.json()).toEqual(settings)
  expect((await leat`channel show ops --json`).json()).toMatchObject({
    ...settings,
    members: ['bob', 'carol'],
    messages: 0,
    unread: 0,
    subscriptions: [],
    consumers: [],
  })
})

test('channel create refuses what can not be, and stores nothing', async () => {
  const {leat, dir} = world()
  writeFileSync(join(dir, 'bad.json'), '{"type":')
  writeFileSync(join(dir, 'notaschema.json'), '{"type":"strnig"}')
  const cases: [string[], number, string, string][] = [
    [['General Chat'], 2, 'INVALID', 'general-chat'],
    [['..'], 2, 'INVALID', 'a name begins with'],
    [['-ops'], 2, 'USAGE', ''],
    [['a'.repeat(129)], 2, 'INVALID', 'try a'],
    [['ops', '--max-age', 'soon'], 2, 'INVALID', 'like 200ms'],
    [['ops', '--max-messages', '0'], 2, 'INVALID', ''],
    [['ops', '--meta', 'novalue'], 2, 'USAGE', ''],
    [['ops', '--content-type', 'json'], 2, 'INVALID', 'text/plain'],
    [['ops', '--members', 'bob smith'], 2, 'INVALID', 'bob-smith'],
    [['ops', '--schema', 'missing.json'], 3, 'NOT_FOUND', ''],
    [['ops', '--schema', '-'], 2, 'USAGE', ''],
    [['ops', '--schema', '.'], 2, 'INVALID', ''],
    [['ops', '--schema', 'bad.json'], 2, 'INVALID', ''],
    [['ops', '--schema', 'notaschema.json'], 2, 'INVALID', ''],
    [[], 2, 'USAGE', ''],
  ]
  for (const [words, exit, code, hint] of cases) {
    const refused = await leat`channel create ${words} --json`
    expect([words, refused.code, refused.error().code, refused.stdout]).toEqual([words, exit, code, ''])
    expect(refused.error().hint ?? '').toContain(hint)
  }
  expect((await leat`list --names`).stdout).toBe('')
})

test('a name that is taken is EXISTS, be it in other case', async () => {
  const {leat} = world()
  await leat`channel create Ops`
  for (const name of ['Ops', 'ops', 'OPS']) {
    const again = await leat`channel create ${name} --json`
    expect([again.code, again.error().code]).toEqual([6, 'EXISTS'])
    expect(again.error().message).toContain('"Ops"')
  }
  const plain = await leat`channel create ops`
  expect(plain.code).toBe(6)
  expect(plain.stderr).toMatch(/^leat: .*"Ops".*\n$/)
})

test('channel show tells all about several channels', async () => {
  const {leat} = world()
  await leat`channel create ops --title Operations --max-age 36h`
  await leat`channel create audit`
  await leat`send ops one`
  await leat`subscribe ops --as bob`
  const shown = await leat`channel show ops audit ops --json`
  expect(shown.jsonLines().map(({name}) => name)).toEqual(['ops', 'audit'])
  expect(shown.jsonLines()[0]).toMatchObject({messages: 1, unread: 1, lastSeq: 1, subscriptions: [{subscriber: 'bob'}]})
  const plain = await leat`channel show ops audit`
  expect(plain.lines()).toEqual([
    'NAME\tops',
    'TITLE\tOperations',
    'STATE\topen',
    'MAX AGE\t36h',
    expect.stringMatching(/^CREATED\t\d{4}-.*Z$/),
    'CREATED BY\talice',
    'LAST SEQ\t1',
    'MESSAGES\t1',
    'UNREAD\t1',
    'SUBSCRIBERS\tbob',
    'READERS\tbob at 1',
    '',
    'NAME\taudit',
    'STATE\topen',
    expect.stringMatching(/^CREATED\t/),
    'CREATED BY\talice',
    'LAST SEQ\t0',
    'MESSAGES\t0',
    'UNREAD\t0',
  ])
})

test('an unknown channel is exit 3, names the store and what was probably meant', async () => {
  const {leat, store} = world()
  await leat`channel create events`
  const shown = await leat`channel show evnets --json`
  expect(shown.code).toBe(3)
  expect(shown.error()).toEqual({
    code: 'NOT_FOUND',
    message: `no channel "evnets" in ${store}`,
    hint: 'did you mean events? else: leat channel create evnets',
  })
  const several = await leat`channel show events evnets`
  expect([several.code, several.stdout]).toEqual([3, ''])
})

test('channel update changes what is named, and an empty value takes a setting away', async () => {
  const {leat} = world()
  await leat`channel create ops --title Old --description Text --max-age 7d --max-messages 10 --meta team=a --meta tier=1 --ingress http --egress sse --content-type text/html`
  const updated = await leat`channel update ops --title New --max-age '' --meta team= --meta more=x --ingress= --json`
  expect(updated.stderr).toBe('')
  expect(updated.json()).toEqual({
    ...BARE,
    name: 'ops',
    title: 'New',
    description: 'Text',
    contentType: 'text/html',
    retention: {maxMessages: 10},
    egress: 'sse',
    metadata: {tier: '1', more: 'x'},
  })
  const emptied =
    await leat`channel update ops --title '' --description '' --content-type '' --max-messages '' --egress '' --meta tier= --meta more= --json`
  expect(emptied.json()).toEqual({...BARE, name: 'ops'})
  expect((await leat`channel update ops --title Again`).stdout).toBe('ops\n')
})

test('channel update without a change is wrong usage', async () => {
  const {leat} = world()
  await leat`channel create ops`
  const nothing = await leat`channel update ops --json`
  expect([nothing.code, nothing.error()]).toMatchObject([2, {code: 'USAGE', message: 'nothing to change'}])
})

test('restricted, no-restricted and members decide who reads and sends', async () => {
  const {leat} = world()
  await leat`channel create hr --restricted --members bob`
  expect((await leat({as: 'bob'})`send hr hi`).code).toBe(0)
  expect((await leat({as: 'eve'})`send hr hi`).code).toBe(5)
  await leat`channel update hr --add-members eve,carol --remove-members bob`
  expect((await leat({as: 'eve'})`send hr hi`).code).toBe(0)
  expect((await leat({as: 'bob'})`send hr hi`).code).toBe(5)
  await leat`channel update hr --members bob`
  expect((await leat`channel show hr --json`).json().members).toEqual(['bob'])
  expect((await leat({as: 'eve'})`send hr hi`).code).toBe(5)
  await leat`channel update hr --no-restricted`
  expect((await leat({as: 'eve'})`send hr hi`).code).toBe(0)
  const forbidden = await leat({as: 'eve'})`channel update hr --title Mine --json`
  expect([forbidden.code, forbidden.error().code]).toEqual([5, 'FORBIDDEN'])
  expect(forbidden.error().message).toContain('alice made hr, and eve was not granted manage')
})

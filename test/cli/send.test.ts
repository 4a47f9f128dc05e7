import {expect, test} from 'vitest'
import {world} from './leat.js'
import {withOps} from './ops.js'
import {hasTerminal, terminal} from './terminal.js'

const ID = '018f0c5e-7b1a-7c3d-8e2f-0123456789ab'
const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

test('off a terminal send prints the id alone, with --json the receipt, with --quiet nothing', async () => {
  const {leat, log} = await withOps()
  const plain = await leat`send ops hi`
  expect(plain).toMatchObject({code: 0, stderr: ''})
  expect(plain.stdout).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n$/)
  const json = await leat`send ops hi --json`
  const receipt = json.json()
  expect(receipt).toEqual({id: UUID, thread: receipt.id, time: ISO, sent: [{channel: 'ops', seq: 2}]})
  expect(Object.keys(receipt)).toEqual(['id', 'thread', 'time', 'sent'])
  expect(await leat`send ops hi --quiet`).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect((await log()).map(({seq, id}) => [seq, id])).toEqual([
    [1, plain.stdout.trim()],
    [2, receipt.id],
    [3, UUID],
  ])
})

test('channel send is the same command', async () => {
  const {leat} = await withOps()
  expect((await leat`channel send ops hi --json`).json().sent).toEqual([{channel: 'ops', seq: 1}])
})

test('a message has every field that was given', async () => {
  const {leat} = await withOps()
  const root = (await leat`send ops root`).stdout.trim()
  const sent =
    await leat`send ops hello -t deploy.done --to bob --reply-to ops/1 --ref ${root} --ref ops/1 --conversation outage
    --correlation-id c-1 --reply-channel ops --header host=db1 --header a=b=c --header __proto__=x --id ${ID} --key k-1 --json`
  expect(sent.json()).toEqual({id: ID, thread: root, time: ISO, sent: [{channel: 'ops', seq: 2}]})
  const line = (await leat`log ops --json`).lines()[1] as string
  expect(line).toContain('"headers":{"host":"db1","a":"b=c","__proto__":"x"}')
  expect(JSON.parse(line)).toEqual({
    seq: 2,
    id: ID,
    channel: 'ops',
    sender: 'alice',
    type: 'deploy.done',
    content: 'hello',
    contentType: 'text/plain',
    time: ISO,
    recipient: 'bob',
    replyTo: root,
    thread: root,
    references: [root],
    conversation: 'outage',
    correlationId: 'c-1',
    key: 'k-1',
    replyChannel: 'ops',
    headers: JSON.parse('{"host":"db1","a":"b=c","__proto__":"x"}'),
  })
})

test('a message to several channels has one id and a place in each', async () => {
  const {leat, log} = await withOps()
  await leat`channel create audit`
  await leat`send audit first`
  const sent = (await leat`send ops,audit,ops hi --json`).json()
  expect(sent.sent).toEqual([
    {channel: 'ops', seq: 1},
    {channel: 'audit', seq: 2},
  ])
  expect((await log())[0].id).toBe(sent.id)
  expect((await log('audit'))[1]).toMatchObject({id: sent.id, channel: 'audit', seq: 2})
  const missing = await leat`send ops,nothing hi --json`
  expect([missing.code, missing.error().code]).toEqual([3, 'NOT_FOUND'])
  await leat`channel close audit`
  expect((await leat`send ops,audit hi`).code).toBe(6)
  expect(await log()).toHaveLength(1)
  expect((await leat`send , hi`).code).toBe(2)
})

test('fields that can not be are refused in one line, and nothing is stored', async () => {
  const {leat} = await withOps()
  const cases: [string[], string][] = [
    [['--type', 'two words'], 'INVALID'],
    [['--type', ''], 'INVALID'],
    [['--type', 'x'.repeat(257)], 'TOO_LARGE'],
    [['--type', 'a\nb'], 'INVALID'],
    [['--to', 'not a name'], 'INVALID'],
    [['--conversation', '../x'], 'INVALID'],
    [['--correlation-id', 'a\tb'], 'INVALID'],
    [['--correlation-id', 'x'.repeat(257)], 'TOO_LARGE'],
    [['--key', 'x'.repeat(257)], 'TOO_LARGE'],
    [['--reply-channel', 'a b'], 'INVALID'],
    [['--header', 'novalue'], 'USAGE'],
    [['--header', '=x'], 'USAGE'],
    [['--header', 'a b=x'], 'INVALID'],
    [['--header', 'a=x\ny'], 'INVALID'],
    [['--header', `a=${'x'.repeat(65_536)}`], 'TOO_LARGE'],
    [['--id', 'not-a-uuid'], 'INVALID'],
    [['--reply-to', '???'], 'INVALID'],
    [['--as', 'not a name'], 'INVALID'],
    [['--nonsense'], 'USAGE'],
    [['-0'], 'USAGE'],
  ]
  for (const [words, code] of cases) {
    const refused = await leat`send ops hi --json ${words}`
    expect([words, refused.code, refused.error().code, refused.stdout]).toEqual([words, 2, code, ''])
    expect(refused.stderr.trimEnd()).not.toContain('\n')
  }
  expect((await leat`store info --json`).json().messages).toBe(0)
})

test('leat.* types are for those who manage the channel', async () => {
  const {leat} = await withOps()
  const refused = await leat({as: 'bob'})`send ops bye -t leat.end --json`
  expect([refused.code, refused.error().code]).toEqual([5, 'FORBIDDEN'])
  expect((await leat`send ops bye -t leat.end`).code).toBe(0)
})

test('an unknown channel is exit 3 with a hint, unless --create makes it', async () => {
  const {leat, store} = await withOps()
  const refused = await leat`send opz hi`
  expect(refused).toMatchObject({
    code: 3,
    stdout: '',
    stderr: `leat: no channel "opz" in ${store} (did you mean ops? else: leat channel create opz)\n`,
  })
  expect((await leat`send opz hi --create --json`).json().sent).toEqual([{channel: 'opz', seq: 1}])
  expect((await leat`channel show opz --json`).json()).toMatchObject({createdBy: 'alice', restricted: false})
  expect((await leat`send OPS hi --create`).code).toBe(6)
  expect((await leat`send 'bad name' hi --create`).code).toBe(2)
  expect((await leat`send fresh -J -m { --create`).code).toBe(2)
  expect((await leat`list --names`).lines()).toEqual(['ops', 'opz'])
})

test('a restricted channel takes messages of its members alone', async () => {
  const {leat} = world()
  await leat`channel create hr --restricted --members bob`
  expect((await leat({as: 'bob'})`send hr hi`).code).toBe(0)
  const refused = await leat({as: 'eve'})`send hr hi --json`
  expect([refused.code, refused.error()]).toEqual([
    5,
    {
      code: 'FORBIDDEN',
      message: 'eve may not send to "hr": hr is restricted and eve is not a member',
      hint: 'ask alice, who manages it',
    },
  ])
  const plain = await leat({as: 'eve'})`send hr hi`
  expect(plain).toMatchObject({
    code: 5,
    stderr: 'leat: eve may not send to "hr": hr is restricted and eve is not a member (ask alice, who manages it)\n',
  })
})

test('--to is seen by sender and recipient alone', async () => {
  const {leat} = world()
  await leat({as: 'root'})`channel create box`
  await leat`send box 'for bob' --to bob`
  const seen = async (as: string) => (await leat({as})`log box --json`).jsonLines().length
  expect([await seen('alice'), await seen('bob'), await seen('eve'), await seen('root')]).toEqual([1, 1, 0, 1])
})

test('--reply-to and --ref of a missing message store nothing', async () => {
  const {leat, log} = await withOps()
  await leat({as: 'root'})`channel create box`
  await leat({as: 'root'})`send box secret --to bob`
  for (const ref of ['ops/7', ID, 'abcdef', 'box/1']) {
    for (const flag of ['--reply-to', '--ref']) {
      const refused = await leat`send ops answer ${flag} ${ref} --json`
      expect([flag, ref, refused.code, refused.error().code]).toEqual([flag, ref, 3, 'NOT_FOUND'])
      expect(refused.error().message).toContain(`"${ref}"`)
    }
  }
  expect((await leat`send ops answer --reply-to nothing/1 --json`).code).toBe(3)
  expect(await log()).toEqual([])
})

test('a reply carries the thread of its root, named by id, by place and by the end of its id', async () => {
  const {leat} = await withOps()
  const root = (await leat`send ops root --json`).json()
  for (const ref of [root.id, 'ops/1', root.id.slice(-8)])
    expect((await leat`send ops reply --reply-to ${ref} --json`).json().thread).toBe(root.id)
  expect((await leat`send ops deeper --reply-to ops/4 --json`).json().thread).toBe(root.id)
})

test('the same id or key with the same content is stored once, with other content it is a conflict', async () => {
  const {leat, log} = await withOps()
  await leat`channel create audit`
  for (const [index, words] of [
    ['--id', ID],
    ['--key', 'deploy 42'],
  ].entries()) {
    const first = (await leat`send ops same ${words} --json`).json()
    const again = await leat`send ops same ${words} --json`
    expect([again.code, again.json()]).toEqual([0, {...first, duplicate: true}])
    expect((await leat`send ops same ${words}`).stdout).toBe(`${first.id}\n`)
    for (const refused of [
      await leat`send ops other ${words} --json`,
      await leat({as: 'bob'})`send ops same ${words} --json`,
    ]) {
      expect([refused.code, refused.error().code, refused.stdout]).toEqual([6, 'CONFLICT', ''])
    }
    expect(await log()).toHaveLength(index + 1)
    // Idempotency is per channel.
    expect((await leat`send audit other ${words} --json`).json()).not.toHaveProperty('duplicate')
  }
  expect((await leat`send ops same --id ${ID.toUpperCase()} --json`).json()).toMatchObject({id: ID, duplicate: true})
})

test.runIf(hasTerminal)('at a terminal send says where the message went, and that JSON was sent as text', async () => {
  const {leat, env} = await withOps()
  await leat`channel create audit`
  const sent = await terminal(env)`send ops,audit hello`
  expect(sent.text).toMatch(/^sent: ops\/1, audit\/1 {2}[0-9a-f-]{36}\n$/)
  const json = await terminal(env)`send ops -m ${'{"a":1}'}`
  expect(json.text).toContain('sent as text, though it looks like JSON; -J sends JSON')
  expect((await terminal(env)`send ops -m ${'{"a":1}'} -J`).text).not.toContain('as text')
  expect((await terminal(env)`send ops hello -q`).text).toBe('')
  const bare = await terminal(env)`send ops --no-input`
  expect([bare.code, bare.text]).toEqual([
    2,
    'leat: missing the body (give BODY, -m TEXT, --file FILE or pipe it in)\n',
  ])
})

test.runIf(hasTerminal)('at a terminal send asks whether to make a channel that is missing', async () => {
  const {env} = await withOps()
  const no = await terminal(env, {answer: 'n'})`send opz hi`
  expect(no.text).toContain('no channel "opz" in')
  expect([no.code, no.text]).toEqual([3, expect.stringContaining('did you mean ops?')])
  const yes = await terminal(env, {answer: 'y'})`send opz hi`
  expect([yes.code, yes.text]).toEqual([0, expect.stringContaining('sent: opz/1')])
})

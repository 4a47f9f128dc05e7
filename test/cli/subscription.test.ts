import {expect, test} from 'vitest'
import {filled} from './filled.js'
import {hasTerminal, terminal} from './terminal.js'

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

const subscription = {
  id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  channel: 'ops',
  subscriber: 'bob',
  kind: 'user',
  paused: false,
  createdAt: ISO,
  createdBy: 'bob',
}

test('subscribing is from now on, once, and may be repeated', async () => {
  const {leat} = await filled(3)
  const first = await leat({as: 'bob'})`subscribe ops --json`
  expect([first.code, first.json()]).toEqual([0, {...subscription, created: true}])
  await leat`send ops 4`
  const again = await leat({as: 'bob'})`subscribe ops --json`
  expect([again.code, again.json()]).toEqual([0, {...first.json(), created: false}])
  expect((await leat`subscription list --json`).jsonLines()).toEqual([subscription])
  expect((await leat({as: 'bob'})`inbox --format {seq}`).stdout).toBe('4\n')
  expect(await leat({as: 'carol'})`subscribe ops`).toMatchObject({code: 0, stdout: '', stderr: ''})
})

test('--from says where reading begins, of a new subscription and of one that is there', async () => {
  const {leat} = await filled(3)
  await leat({as: 'bob'})`subscribe ops --from 2`
  expect((await leat({as: 'bob'})`read ops --format {seq}`).stdout).toBe('2\n3\n')
  await leat({as: 'bob'})`subscribe ops --kind bot`
  expect((await leat({as: 'bob'})`read ops`).stdout).toBe('')
  await leat({as: 'bob'})`subscribe ops --from start`
  expect((await leat({as: 'bob'})`read ops --format {seq}`).stdout).toBe('1\n2\n3\n')
  await leat({as: 'carol'})`read ops -n 1`
  await leat({as: 'carol'})`subscribe ops`
  expect((await leat({as: 'carol'})`read ops --format {seq}`).stdout).toBe('2\n3\n')
  expect((await leat({as: 'dave'})`subscribe ops --from 9`).code).toBe(2)
  expect((await leat`subscription list --subscriber dave`).stdout).toBe('')
})

test('settings are kept, changed one by one, and taken away by an empty value', async () => {
  const {leat} = await filled(3)
  const first =
    await leat`subscribe ops --kind service --transport http --endpoint https://x.example/hook --type a --type b --json`
  expect(first.json()).toMatchObject({
    subscriber: 'alice',
    kind: 'service',
    transport: 'http',
    endpoint: 'https://x.example/hook',
    types: ['a', 'b'],
  })
  expect((await leat`subscribe ops -t c --json`).json()).toMatchObject({
    kind: 'service',
    transport: 'http',
    types: ['c'],
    created: false,
  })
  const bare = (await leat`subscribe ops --transport= --endpoint= --type= --json`).json()
  expect(bare).toMatchObject({kind: 'service'})
  expect(Object.keys(bare)).not.toEqual(expect.arrayContaining(['transport']))
  expect(Object.keys(bare)).not.toEqual(expect.arrayContaining(['endpoint']))
  expect(Object.keys(bare)).not.toEqual(expect.arrayContaining(['types']))
  expect((await leat`subscribe ops --kind alien`).code).toBe(2)
})

test('for someone else it takes who manages the channel', async () => {
  const {leat} = await filled(3)
  expect((await leat`subscribe ops --subscriber pager --kind bot --json`).json()).toMatchObject({
    subscriber: 'pager',
    kind: 'bot',
    createdBy: 'alice',
    created: true,
  })
  const refused = await leat({as: 'bob'})`subscribe ops --subscriber carol --json`
  expect([refused.code, refused.error().code]).toEqual([5, 'FORBIDDEN'])
  expect((await leat({as: 'bob'})`unsubscribe ops --subscriber pager`).code).toBe(5)
  expect((await leat({as: 'bob'})`subscription pause ops --subscriber pager`).code).toBe(5)
  expect((await leat`unsubscribe ops --subscriber pager`).code).toBe(0)
  expect((await leat`subscribe ops --subscriber ${'no name'}`).code).toBe(2)
  expect((await leat`subscribe opz`).code).toBe(3)
  await leat`channel create board --restricted`
  expect((await leat({as: 'bob'})`subscribe board`).code).toBe(5)
})

test('unsubscribe keeps the cursor, --forget drops it', async () => {
  const {leat} = await filled(3)
  await leat({as: 'bob'})`subscribe ops --from 2`
  await leat({as: 'bob'})`read ops -n 1`
  expect(await leat({as: 'bob'})`unsubscribe ops`).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect((await leat`subscription list`).stdout).toBe('')
  expect((await leat({as: 'bob'})`cursor show ops --json`).json().cursor).toBe(2)
  const again = await leat({as: 'bob'})`unsubscribe ops --json`
  expect([again.code, again.error()]).toEqual([
    3,
    {code: 'NOT_FOUND', message: 'bob is not subscribed to "ops"', hint: 'leat subscription list'},
  ])
  await leat({as: 'bob'})`subscribe ops`
  expect((await leat({as: 'bob'})`inbox --format {seq}`).stdout).toBe('3\n')
  expect((await leat({as: 'bob'})`unsubscribe ops --forget --json`).json()).toEqual({
    channel: 'ops',
    subscriber: 'bob',
    forgotten: true,
  })
  expect((await leat({as: 'bob'})`cursor show ops`).code).toBe(3)
  expect((await leat`unsubscribe opz`).code).toBe(3)
})

test('list by channel and subscriber', async () => {
  const {leat} = await filled(3)
  await leat`channel create audit`
  await leat({as: 'bob'})`subscribe ops --kind bot --type a,b --transport exec --endpoint ./x`
  await leat({as: 'carol'})`subscribe ops`
  await leat({as: 'bob'})`subscribe audit`
  const pairs = async (words: string[]) =>
    (await leat`subscription list --json ${words}`)
      .jsonLines()
      .map(({channel, subscriber}) => `${channel} ${subscriber}`)
  expect(await pairs([])).toEqual(['audit bob', 'ops bob', 'ops carol'])
  expect(await pairs(['--channel', 'ops'])).toEqual(['ops bob', 'ops carol'])
  expect(await pairs(['--subscriber', 'bob'])).toEqual(['audit bob', 'ops bob'])
  expect(await pairs(['--channel', 'ops', '--subscriber', 'carol'])).toEqual(['ops carol'])
  expect((await leat`subscription list --channel ops`).lines().map((line) => line.split('\t'))).toEqual([
    ['ops', 'bob', 'bot', 'active', 'a,b', 'exec', './x', ISO],
    ['ops', 'carol', 'user', 'active', '', '', '', ISO],
  ])
  expect((await leat`subscription list --channel opz`).code).toBe(3)
})

test('the words of another system: channel subscribe, unsubscribe, list-subscribers', async () => {
  const {leat} = await filled(3)
  expect((await leat({as: 'bob'})`channel subscribe ops --json`).json()).toEqual({...subscription, created: true})
  expect((await leat`channel list-subscribers ops`).stdout).toBe((await leat`subscription list --channel ops`).stdout)
  expect((await leat`channel list-subscribers ops --json`).jsonLines()).toEqual([subscription])
  expect((await leat`channel list-subscribers opz`).code).toBe(3)
  expect((await leat({as: 'bob'})`channel unsubscribe ops --json`).json()).toMatchObject({subscriber: 'bob'})
  expect(await leat`channel list-subscribers ops`).toMatchObject({code: 0, stdout: '', stderr: ''})
})

test('paused: out of the inbox, still read', async () => {
  const {leat} = await filled(3)
  await leat({as: 'bob'})`subscribe ops`
  expect((await leat({as: 'bob'})`subscription pause ops --json`).json()).toMatchObject({paused: true})
  await leat`send ops 4`
  expect(await leat({as: 'bob'})`inbox`).toMatchObject({code: 0, stdout: ''})
  expect((await leat({as: 'bob'})`inbox --counts`).stdout).toBe('')
  expect((await leat`subscription list --json`).jsonLines()[0].paused).toBe(true)
  // Subscribing again does not resume by the way.
  expect((await leat({as: 'bob'})`subscribe ops --json`).json().paused).toBe(true)
  expect((await leat({as: 'bob'})`read ops --peek --format {seq}`).stdout).toBe('4\n')
  expect((await leat({as: 'bob'})`subscription resume ops --json`).json()).toMatchObject({paused: false})
  expect((await leat({as: 'bob'})`inbox --format {seq}`).stdout).toBe('4\n')
  for (const verb of ['pause', 'resume']) {
    const missing = await leat({as: 'carol'})`subscription ${verb} ops --json`
    expect([missing.code, missing.error()]).toEqual([
      3,
      {code: 'NOT_FOUND', message: 'carol is not subscribed to "ops"', hint: 'leat subscribe ops'},
    ])
  }
})

test('what may not come to be delivered is said', async () => {
  const {leat} = await filled(1)
  const unknown = await leat`subscribe ops --transport htp --endpoint https://x.example/hook`
  expect([unknown.code, unknown.stderr]).toEqual([
    0,
    'leat has no transport "htp", unless a plug-in brings it; did you mean http?\n',
  ])
  expect((await leat`channel update ops --egress pigeon`).stderr).toBe(
    'leat has no transport "pigeon", unless a plug-in brings it; leat transport list shows which there are\n',
  )
  const onward = () => leat`subscribe ops --transport channel --endpoint audit`
  expect((await onward()).stderr).toBe('messages wait until there is a channel "audit"; leat channel create audit\n')
  await leat`channel create audit`
  expect((await onward()).stderr).toBe('')
})

test('subscriptions of a channel, which is a word or a flag', async () => {
  const {leat} = await filled(1)
  await leat`subscribe ops --as bob`
  const {stdout} = await leat`subscription list ops`
  expect(stdout).toMatch(/^ops\tbob\t/)
  expect((await leat`subscription list --channel ops`).stdout).toBe(stdout)
  const both = await leat`subscription list ops --channel dev`
  expect([both.code, both.stderr]).toEqual([2, 'leat: "ops" and --channel "dev": it is either one or the other\n'])
})

test.skipIf(!hasTerminal)('at a terminal it says what it did', async () => {
  const {env} = await filled(3)
  const say = async (strings: TemplateStringsArray) => (await terminal(env)(strings)).text
  expect(await say`subscription list`).toBe('no subscriptions; leat subscribe CHANNEL\n')
  expect(await say`subscribe ops`).toBe('alice subscribed to ops\n')
  expect(await say`subscribe ops`).toBe('alice is subscribed to ops already\n')
  expect(await say`subscribe ops --kind bot`).toBe('the subscription of alice to ops is changed\n')
  expect(await say`subscription pause ops`).toBe('alice: ops is paused\n')
  expect(await say`subscribe ops`).toBe('alice is subscribed to ops already; paused: leat subscription resume ops\n')
  expect(await say`subscription list`).toMatch(
    /^CHANNEL {2}SUBSCRIBER {2}KIND {2}STATE {3}SINCE\nops {6}alice {7}bot {3}paused +(now|\d+s)\n$/,
  )
  expect(await say`subscription resume ops`).toBe('alice: ops is resumed\n')
  expect(await say`unsubscribe ops --forget`).toBe('alice no longer subscribes to ops, and its cursor is forgotten\n')
  expect(await say`channel list-subscribers ops`).toBe('nobody subscribes to ops\n')
})

import {expect, test} from 'vitest'
import {world} from './leat.js'

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

test('a conversation is made by hand, or by the first message of it', async () => {
  const {leat} = world()
  const made = await leat`conversation create outage --title 'The outage' --description 'Of May 4' --meta sev=1 --json`
  expect(made.json()).toEqual({
    name: 'outage',
    title: 'The outage',
    description: 'Of May 4',
    metadata: {sev: '1'},
    createdAt: ISO,
    createdBy: 'alice',
  })
  expect(await leat`conversation create plain`).toMatchObject({code: 0, stdout: 'plain\n'})
  const again = await leat`conversation create outage --json`
  expect([again.code, again.error().code]).toEqual([6, 'EXISTS'])
  await leat`channel create ops`
  await leat({as: 'bob'})`send ops hi --conversation sent`
  expect((await leat`conversation create sent --title Later --json`).json()).toMatchObject({
    name: 'sent',
    title: 'Later',
  })
  expect((await leat`conversation create 'not a name'`).code).toBe(2)
})

test('conversation list counts what one may see', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat`channel create hr --restricted`
  await leat`send ops,hr 'one' --conversation outage`
  await leat`send ops 'two' --conversation outage`
  await leat`send ops 'for bob' --conversation outage --to bob`
  await leat`conversation create empty --title Empty`
  expect((await leat`conversation list --json`).jsonLines()).toMatchObject([
    {name: 'empty', title: 'Empty', messages: 0, channels: []},
    {name: 'outage', messages: 3, channels: ['hr', 'ops'], lastTime: ISO},
  ])
  expect((await leat({as: 'eve'})`conversation list`).lines().map((line) => line.split('\t'))).toEqual([
    ['empty', 'Empty', '0', '', '', 'alice'],
    ['outage', '', '2', 'ops', ISO, 'alice'],
  ])
})

test('conversation show prints the messages of all channels in stored order', async () => {
  const {leat} = world()
  await leat`channel create a`
  await leat`channel create b`
  await leat`send b first --conversation talk`
  await leat`send a second --conversation talk`
  await leat`send a elsewhere`
  await leat({stdin: '{"third": 1.0}'})`send b -J --conversation talk`
  const shown = await leat`conversation show talk --json`
  expect(shown.jsonLines().map(({channel, seq}) => `${channel}/${seq}`)).toEqual(['b/1', 'a/1', 'b/2'])
  expect(shown.lines()[2]).toContain('"content":{"third":1.0}')
  expect((await leat`conversation show talk --raw`).stdout).toBe('first\nsecond\n{"third": 1.0}\n')
  expect((await leat`conversation show talk --raw -0`).stdout).toBe('first\0second\0{"third": 1.0}\0')
  expect((await leat`conversation show talk -n 2 --format {channel}:{content:line}`).lines()).toEqual([
    'a:second',
    'b:{"third": 1.0}',
  ])
  expect((await leat`conversation show talk`).lines()[0]).toMatch(/^[0-9a-f-]{36}\tb\t1\t.*Z\talice\tmessage\tfirst$/)
  expect((await leat`read a --json`).jsonLines()).toHaveLength(2)
  await leat`conversation create empty`
  expect(await leat`conversation show empty`).toMatchObject({code: 0, stdout: ''})
  const missing = await leat`conversation show nothing --json`
  expect([missing.code, missing.error()]).toMatchObject([
    3,
    {code: 'NOT_FOUND', hint: 'leat conversation create nothing'},
  ])
})

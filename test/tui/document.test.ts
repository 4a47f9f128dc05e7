import {expect, test} from 'vitest'
import {cells} from '../../src/cli/output/cells.js'
import {documentOf, layContent} from '../../src/tui/inspect/document.js'
import {filterOf} from '../../src/tui/inspect/filter-text.js'
import type {DocumentRow} from '../../src/tui/inspect/state.js'
import {all, type World, world} from '../bus/world.js'

const textOf = ({line}: DocumentRow): string =>
  line
    .map(({text}) => text)
    .join('')
    .trimEnd()

async function pageOf({as, clock}: World, ref: string, width = 80): Promise<DocumentRow[]> {
  const bus = as('alice')
  const [details, nodes] = [await bus.show(ref), await bus.thread(ref)]
  const page = {width, now: clock.now}
  return documentOf({details, nodes}, layContent(details.message, page), page)
}

test('a page has fields, headers, content, thread and what it is tied to, and each message in it leads on', async () => {
  const there = await world()
  const [alice, bob] = [there.as('alice'), there.as('bob')]
  await alice.createChannel('ops')
  const root = await bob.send('ops', {body: 'why?', headers: {'trace-id': 'abc'}})
  const first = await alice.reply(root.id, {body: '{"n": 1.0, "n": []}', contentType: 'application/json'})
  await bob.reply(first.id, {body: 'deeper'})
  await alice.reply(root.id, {body: 'second', references: ['ops/1']})
  await all(alice.read('ops'))
  expect((await pageOf(there, 'ops/1')).map(textOf)).toEqual([
    expect.stringMatching(/^id {13}[0-9a-f-]{36}$/),
    'sender         bob',
    expect.stringMatching(/^time {11}2026-06-01T12:00:00\.000Z {2}now$/),
    'type           message',
    '',
    'Content  text/plain, 4 bytes',
    '  why?',
    '',
    'Headers',
    '  trace-id       abc',
    '',
    'Thread  4 messages',
    '  ● ops/1  bob  now  why?',
    '  ├ ○ ops/2  alice  now  {"n": 1.0, "n": []}',
    '  │ └ ○ ops/3  bob  now  deeper',
    '  └ ○ ops/4  alice  now  second',
    '',
    'Referenced by',
    '  ops/4  alice  second',
    '',
    'Readers',
    '  alice          • unread',
  ])
  const page = await pageOf(there, 'ops/2')
  expect(page.filter(({opens}) => opens).map(({opens}) => opens)).toEqual(['ops/1', 'ops/1', 'ops/3', 'ops/4'])
  expect(page.map(textOf)).toEqual(expect.arrayContaining(['reply to       ops/1  bob  why?', '  {"n": 1.0, "n": []}']))
})

test('a page is bounded and laid out quickly, however deep its thread and large its content', async () => {
  const there = await world()
  const alice = there.as('alice')
  await alice.createChannel('ops')
  let {id} = await alice.send('ops', {body: `${'x'.repeat(3000)}\n`.repeat(2000)})
  for (let depth = 0; depth < 400; depth++) ({id} = await alice.reply(id, {body: `${depth}`}))
  const top = await pageOf(there, 'ops/1')
  expect(top.length).toBeLessThan(2300)
  expect(top.map(textOf)).toEqual(expect.arrayContaining(['  … the rest is too long for a screen', '  … 300 more']))
  const deep = (await pageOf(there, id)).map(textOf)
  expect(deep).toEqual(expect.arrayContaining(['  … 300 more', expect.stringMatching(/^ +400: ● ops\/401/)]))
})

test.each([20, 14, 80])('text of others fits a screen of %i cells, and is obeyed nowhere', async (width) => {
  const there = await world()
  const alice = there.as('alice')
  await alice.createChannel('ops')
  await alice.send('ops', {
    body: '\x1b[2J日本語のテキスト\u202e\ttab\n\nend',
    key: 'k'.repeat(200),
    headers: {['x'.repeat(60)]: 'y'.repeat(90)},
  })
  for (const row of await pageOf(there, 'ops/1', width)) {
    expect(textOf(row)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/)
    if (width === 80) expect(cells(textOf(row))).toBeLessThanOrEqual(width - 2)
  }
})

test.each([
  ['', {}],
  ['disk full', {text: 'disk full'}],
  ['from:bob', {senders: ['bob']}],
  [' from:bob from:eve type:alert  disk  full ', {senders: ['bob', 'eve'], types: ['alert'], text: 'disk  full '}],
  ['disk from:bob', {text: 'disk from:bob'}],
  ['from:', {text: 'from:'}],
])('the filter %j is %j', (text, filter) => {
  expect(filterOf(text)).toEqual(filter)
})

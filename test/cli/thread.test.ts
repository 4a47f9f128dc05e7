import {describe, expect, test} from 'vitest'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

/** UUIDs that rise. */
const idOf = (n: number): string => `01a00000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const jsonl = (messages: readonly object[]): string =>
  messages.map((message) => `${JSON.stringify(message)}\n`).join('')

/** root ← a ← b, root ← c; and a root of its own. */
async function withThread() {
  const made = world()
  await made.leat`channel create ops`
  const messages = [
    {id: idOf(1), content: 'root'},
    {id: idOf(2), content: 'a', replyTo: idOf(1)},
    {id: idOf(3), content: 'alone'},
    {id: idOf(4), content: 'c', replyTo: idOf(1)},
    {id: idOf(5), content: 'b', replyTo: idOf(2), type: 'note'},
  ]
  await made.leat({stdin: jsonl(messages)})`send ops --jsonl`
  return made
}

test('the tree from the root, answers below what they answer, the message asked for marked', async () => {
  const {leat} = await withThread()
  for (const [index, ref] of ['ops/1', 'ops/2', 'ops/5', 'ops/4'].entries()) {
    const thread = await leat`thread ${ref} --json`
    expect(thread).toMatchObject({code: 0, stderr: ''})
    const asked = thread.jsonLines().map((node) => node.asked)
    expect(asked, ref).toEqual([undefined, undefined, undefined, undefined].with(index, true as never))
    expect(thread.jsonLines().map(({content, depth}) => [content, depth])).toEqual([
      ['root', 0],
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ])
  }
  const [, a] = (await leat`thread ops/2 --json`).jsonLines()
  const {places, referencedBy, replies, readers, claims, deliveries, ...message} = (
    await leat`show ops/2 --json`
  ).json()
  expect([places, referencedBy, replies.length, readers, claims, deliveries]).toEqual([
    [{channel: 'ops', seq: 2}],
    [],
    1,
    [],
    [],
    [],
  ])
  expect(a).toEqual({...message, depth: 1, asked: true})
})

test('fields: depth, mark, then those of the message', async () => {
  const {leat} = await withThread()
  const rows = (await leat`thread ops/5`).lines().map((line) => line.split('\t'))
  expect(rows.map((row) => row.filter((_, at) => at !== 5))).toEqual([
    ['0', '', idOf(1), 'ops', '1', 'alice', 'message', 'root'],
    ['1', '', idOf(2), 'ops', '2', 'alice', 'message', 'a'],
    ['2', 'asked', idOf(5), 'ops', '5', 'alice', 'note', 'b'],
    ['1', '', idOf(4), 'ops', '4', 'alice', 'message', 'c'],
  ])
})

test('--ancestors is the chain from the root to the message', async () => {
  const {leat} = await withThread()
  expect(
    (await leat`thread ops/5 --ancestors --json`).jsonLines().map(({content, depth, asked}) => [content, depth, asked]),
  ).toEqual([
    ['root', 0, undefined],
    ['a', 1, undefined],
    ['b', 2, true],
  ])
  expect((await leat`thread ops/3 --ancestors --json`).jsonLines()).toMatchObject([
    {content: 'alone', depth: 0, asked: true},
  ])
})

test('what may not be read stands as a placeholder, and what hangs below it still shows', async () => {
  const {leat} = await withThread()
  await leat({
    as: 'zoe',
    stdin: jsonl([
      {id: idOf(6), content: 'between two', replyTo: idOf(1), recipient: 'yan'},
      {id: idOf(7), content: 'nobody else', replyTo: idOf(6), recipient: 'yan'},
    ]),
  })`send ops --jsonl`
  await leat({as: 'yan'})`send ops open --reply-to ${idOf(6)} --id ${idOf(8)}`
  const lines = (await leat({as: 'bob'})`thread ${idOf(8)} --json`).jsonLines()
  expect(lines.slice(-2)).toMatchObject([
    {id: idOf(6), depth: 1, unreadable: true},
    {content: 'open', depth: 2, asked: true},
  ])
  expect(lines.at(-2)).toEqual({id: idOf(6), depth: 1, unreadable: true})
  expect(lines.map(({id}) => id)).not.toContain(idOf(7))
  expect((await leat({as: 'bob'})`thread ${idOf(8)}`).lines().at(-2)).toBe(`1\tunreadable\t${idOf(6)}\t\t\t\t\t\t`)
  expect((await leat({as: 'bob'})`thread ${idOf(8)} --ancestors --json`).jsonLines().map(({id}) => id)).toEqual([
    idOf(1),
    idOf(6),
    idOf(8),
  ])
  expect(await leat({as: 'bob'})`thread ${idOf(7)}`).toMatchObject({code: 3, stdout: ''})
})

test('a message in several channels shows once, with its places; correlated requests appear as links', async () => {
  const {leat} = await withThread()
  await leat`channel create audit`
  await leat`send ops,audit both --reply-to ops/1`
  const nodes = (await leat`thread ops/1 --json`).jsonLines()
  expect(nodes.filter(({content}) => content === 'both')).toMatchObject([
    {
      depth: 1,
      places: [
        {channel: 'ops', seq: 6},
        {channel: 'audit', seq: 1},
      ],
    },
  ])
  await leat`send ops question --correlation-id q1 --id ${idOf(20)}`
  await leat`send audit answer --correlation-id q1 --id ${idOf(21)}`
  expect((await leat`thread audit/2 --json`).json()).toMatchObject({id: idOf(21), correlated: [idOf(20)]})
})

test('a pruned root stands as a placeholder', async () => {
  const {leat} = await withThread()
  await leat`channel prune ops --keep 3 --yes`
  const nodes = (await leat`thread ops/5 --json`).jsonLines()
  expect(nodes[0]).toEqual({id: idOf(1), depth: 0, unreadable: true})
  expect(nodes.map(({id}) => id)).toEqual([idOf(1), idOf(4), idOf(2), idOf(5)])
})

test('a message that is not there', async () => {
  const {leat, store} = await withThread()
  expect(await leat`thread ops/77`).toMatchObject({
    code: 3,
    stdout: '',
    stderr: `leat: no message "ops/77" in ${store}\n`,
  })
})

describe('10,000 messages', () => {
  const COUNT = 10_000
  const numbers = Array.from({length: COUNT}, (_, index) => index + 1)

  async function withLarge(parentOf: (n: number) => number | undefined) {
    const made = world()
    await made.leat`channel create ops`
    const messages = numbers.map((n) => {
      const parent = parentOf(n)
      return {id: idOf(n), content: `m${n}`, ...(parent !== undefined && {replyTo: idOf(parent)})}
    })
    expect((await made.leat({stdin: jsonl(messages), timeout: 120_000})`send ops --jsonl --json`).json()).toMatchObject(
      {stored: COUNT},
    )
    return made
  }

  test('deep', async () => {
    const {leat, env} = await withLarge((n) => (n === 1 ? undefined : n - 1))
    for (const flags of [[], ['--ancestors']]) {
      const nodes = (await leat`thread ops/${COUNT} --json ${flags}`).jsonLines()
      expect(nodes.map(({seq}) => seq)).toEqual(numbers)
      expect(nodes.every(({depth, seq}) => depth === seq - 1)).toBe(true)
      expect(nodes.at(-1)).toMatchObject({asked: true})
    }
    if (!hasTerminal) return
    const {code, text} = await terminal(env, {columns: 80})`thread ops/1`
    expect(code).toBe(0)
    const lines = text.split('\n').slice(0, -1)
    expect(lines).toHaveLength(COUNT)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(lines[0]).toMatch(/^► ops\/1 {2}alice .* {2}m1$/)
    expect(lines[3]).toMatch(/^ {8}└─ ops\/4 {2}alice .* {2}m4$/)
    expect(lines.at(-1)).toMatch(/^ {32}9999: ops\/\S+ .*(now|\d+[smh]) {2}m10000$/)
  })

  test('wide', async () => {
    const {leat} = await withLarge((n) => (n === 1 ? undefined : 1))
    const nodes = (await leat`thread ops/5000 --json`).jsonLines()
    expect(nodes.map(({seq}) => seq)).toEqual(numbers)
    expect(nodes.map(({depth}) => depth)).toEqual(numbers.map((n) => (n === 1 ? 0 : 1)))
    expect((await leat`thread ops/5000 --ancestors --json`).jsonLines().map(({seq}) => seq)).toEqual([1, 5000])
  })
})

import {expect, test} from 'vitest'
import type {ThreadNode} from '../../../src/bus/thread.js'
import {cells} from '../../../src/cli/output/cells.js'
import {PLAIN} from '../../../src/cli/output/paint.js'
import {treeLines} from '../../../src/cli/output/tree.js'
import {Message} from '../../../src/model/message.js'

const NOW = Date.UTC(2026, 0, 5, 10)

/** Numbered from 1; `id`s end in their number. */
function node(seq: number, depth: number, more: Partial<ThreadNode> & {body?: string; type?: string} = {}): ThreadNode {
  const {body = `text ${seq}`, type = 'message', ...rest} = more
  const id = `00000000-0000-7000-8000-${String(seq).padStart(12, '0')}`
  const time = new Date(NOW - 60_000).toISOString()
  const message = new Message({
    seq,
    id,
    channel: 'ops',
    sender: 'alice',
    type,
    body,
    contentType: 'text/plain',
    time,
    thread: id,
  })
  return {depth, id, message, places: [{channel: 'ops', seq}], ...rest}
}

const tree = (nodes: readonly ThreadNode[], width = 80): string[] => [
  ...treeLines(nodes, {paint: PLAIN, width, now: NOW}),
]

test('branches show what answers what, and a sign that needs no colour the message that was asked for', () => {
  const nodes = [node(1, 0), node(2, 1), node(3, 2), node(4, 3), node(5, 2, {asked: true}), node(6, 1, {type: 'note'})]
  expect(tree(nodes)).toEqual([
    '  ops/1  alice            1m  text 1',
    '  ├─ ops/2  alice         1m  text 2',
    '  │  ├─ ops/3  alice      1m  text 3',
    '  │  │  └─ ops/4  alice   1m  text 4',
    '► │  └─ ops/5  alice      1m  text 5',
    '  └─ ops/6  alice         1m  [note]  text 6',
  ])
})

test('what is gone or not for the actor holds its place', () => {
  const {message: _, ...gone} = node(2, 1)
  expect(tree([node(1, 0), {...gone, unreadable: true, places: []}, node(3, 2)])[1]).toBe(
    '  └─ 00000002  gone, or not for you',
  )
})

test.each([200, 80, 40, 30, 20, 10])(
  'at %i cells no line is wider, however deep, and all messages are there',
  (width) => {
    const count = width === 80 ? 10_000 : 1200
    const deep = Array.from({length: count}, (_, index) =>
      node(index + 1, index, {body: index % 3 ? '漢字'.repeat(100) : 'line\nmore \x1b[31m\u202e'}),
    )
    const lines = tree(deep, width)
    expect(lines.length).toBeGreaterThanOrEqual(count)
    expect(lines.filter((line) => cells(line) > width)).toEqual([])
    expect(lines.join('')).not.toMatch(/[\x00-\x1f\u202e]/)
    if (width >= 30) expect(lines.some((line) => line.includes(`${count - 1}: `))).toBe(true)
  },
)

test('guides go on beside what is deeper than there is room for', () => {
  const nodes = [...Array.from({length: 14}, (_, depth) => node(depth + 1, depth)), node(15, 1)]
  const lines = tree(nodes, 120)
  expect(lines[13]).toMatch(/^ {2}│ .* {2}13: ops\/14 {2}alice/)
  expect(lines[14]).toMatch(/^ {2}└─ ops\/15/)
})

test('where there is hardly room content stands below', () => {
  expect(tree([node(1, 0, {asked: true}), node(2, 1), node(3, 2)], 24)).toEqual([
    '► ops/1  alice  1m',
    '  │  text 1',
    '  └─ ops/2  alice  1m',
    '     │  text 2',
    '     └─ ops/3  alice  1m',
    '        text 3',
  ])
})

test('of a huge content only the beginning is looked at', () => {
  const body = 'x'.repeat(16 * 1024 * 1024)
  const nodes = Array.from({length: 300}, (_, index) => node(index + 1, index === 0 ? 0 : 1, {body}))
  expect(tree(nodes).every((line) => line.endsWith('x…') && cells(line) <= 80)).toBe(true)
})

test('ten thousand deep is ten thousand lines of the width', () => {
  const lines = tree(Array.from({length: 10_001}, (_, depth) => node(depth + 1, depth)))
  expect(lines).toHaveLength(10_001)
  expect(lines.filter((line) => cells(line) > 80)).toEqual([])
  expect(lines.at(-1)).toMatch(/10000: ops\/10001/)
})

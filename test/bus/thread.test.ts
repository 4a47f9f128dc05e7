import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {ThreadNode} from '../../src/bus/thread.js'
import type {Draft} from '../../src/model/message.js'
import {lines, refusal, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['ops', 'audit']) await alice.createChannel(name)
})

/** `depth body`, `*` behind the one asked for, `?` for what is unreadable. */
const tree = (nodes: readonly ThreadNode[]): string[] =>
  nodes.map(({depth, message, asked}) => `${depth} ${message?.body ?? '?'}${asked ? '*' : ''}`)

const uuid = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`

describe('a tree', () => {
  beforeEach(async () => {
    await alice.send('ops', {body: 'root'})
    await alice.reply('ops/1', {body: 'first'})
    await alice.reply('ops/1', {body: 'second'})
    await alice.reply('ops/2', {body: 'under first'})
    await alice.send('audit', {body: 'elsewhere', replyTo: 'ops/4'})
  })

  test('from the root, answers below what they answer, over channels, the one asked for marked', async () => {
    const expected = ['0 root', '1 first', '2 under first', '3 elsewhere', '1 second']
    for (const [index, ref] of ['ops/1', 'ops/2', 'ops/4', 'audit/1', 'ops/3'].entries())
      expect(tree(await bob.thread(ref))).toEqual(expected.map((line, at) => (at === index ? `${line}*` : line)))
  })

  test('the chain to a message', async () => {
    expect(tree(await bob.ancestors('audit/1'))).toEqual(['0 root', '1 first', '2 under first', '3 elsewhere*'])
    expect(tree(await bob.ancestors('ops/1'))).toEqual(['0 root*'])
  })

  test('what is gone stands as unreadable, what is below it still shows', async () => {
    await alice.pruneChannel('ops', {keep: 2})
    expect(tree(await bob.thread('ops/4'))).toEqual(['0 ?', '1 second', '1 ?', '2 under first*', '3 elsewhere'])
    expect(tree(await bob.ancestors('audit/1'))).toEqual(['0 ?', '1 under first', '2 elsewhere*'])
    const [root] = await bob.thread('ops/4')
    expect(root).toEqual({depth: 0, id: expect.any(String), unreadable: true, places: []})
  })

  test('what the actor may not see stands as unreadable only where something hangs on it', async () => {
    await alice.send('ops', {body: 'between us', replyTo: 'ops/3', recipient: 'zoe'})
    await alice.send('ops', {body: 'for all', replyTo: 'ops/5'})
    await alice.send('ops', {body: 'leaf between us', replyTo: 'ops/3', recipient: 'zoe'})
    expect(tree(await bob.thread('ops/3')).slice(4)).toEqual(['1 second*', '2 ?', '3 for all'])
    expect(tree(await bob.ancestors('ops/6'))).toEqual(['0 root', '1 second', '2 ?', '3 for all*'])
    expect(tree(await alice.thread('ops/3')).slice(4)).toEqual([
      '1 second*',
      '2 between us',
      '3 for all',
      '2 leaf between us',
    ])
  })

  test('a channel that the actor may not read hides its part', async () => {
    await alice.send('ops', {body: 'under elsewhere', replyTo: 'audit/1'})
    await alice.updateChannel('audit', {restricted: true})
    expect(tree(await bob.thread('ops/5'))).toEqual([
      '0 root',
      '1 first',
      '2 under first',
      '3 ?',
      '4 under elsewhere*',
      '1 second',
    ])
    await expect(bob.thread('audit/1')).rejects.toMatchObject(refusal('FORBIDDEN'))
  })
})

test('a message with several places shows once, with the places that the actor may read', async () => {
  await alice.send(['ops', 'audit'], {body: 'root'})
  await alice.reply('audit/1', {body: 'answer'})
  const [root, answer] = await bob.thread('ops/1')
  expect([root?.places, answer?.depth]).toEqual([
    [
      {channel: 'ops', seq: 1},
      {channel: 'audit', seq: 1},
    ],
    1,
  ])
  await alice.updateChannel('audit', {restricted: true})
  expect((await bob.thread('ops/1')).map(({places}) => places)).toEqual([[{channel: 'ops', seq: 1}]])
})

test('references and correlated messages are links', async () => {
  const {id: request} = await alice.send('ops', {body: 'q', correlationId: 'c'})
  const {id: other} = await alice.send('ops', {body: 'other'})
  await alice.send('audit', {body: 'a', correlationId: 'c', references: ['ops/2']})
  expect((await bob.thread('audit/1'))[0]?.references).toEqual([other, request])
})

test('copies under one id that answer each other in a ring still show', async () => {
  await alice.send('ops', {body: 'root', id: uuid(1)})
  await alice.send('ops', {body: 'a', id: uuid(2), replyTo: uuid(1)})
  await alice.send('audit', {body: 'b', id: uuid(3), replyTo: uuid(2)})
  await alice.send('audit', {body: 'a', id: uuid(2), replyTo: uuid(3)})
  await alice.pruneChannel('ops', {keep: 0})
  expect(tree(await bob.thread('audit/1'))).toHaveLength(3)
})

describe('10,000', () => {
  const build = async (parent: (n: number) => number): Promise<void> => {
    const drafts = Array.from(
      {length: 10_001},
      (_, n): Draft => ({body: String(n), id: uuid(n), ...(n > 0 && {replyTo: uuid(parent(n))})}),
    )
    await alice.sendAll('ops', lines(drafts))
  }
  const timed = async (ref: string, ask: 'thread' | 'ancestors' = 'thread'): Promise<ThreadNode[]> => {
    const before = process.cpuUsage()
    const nodes = await bob[ask](ref)
    // Time of this process, not of the clock: others may be at work beside it.
    const {user, system} = process.cpuUsage(before)
    expect((user + system) / 1_000).toBeLessThan(1_000)
    return nodes
  }

  test('deep: correct, without recursion', async () => {
    await build((n) => n - 1)
    const nodes = await timed('ops/1')
    expect(nodes.map(({depth, message}) => [depth, Number(message?.body)])).toEqual(nodes.map((_, n) => [n, n]))
    expect(nodes).toHaveLength(10_001)
    expect((await timed('ops/10001', 'ancestors')).at(-1)).toMatchObject({depth: 10_000, asked: true})
  })

  test('wide: in the order of storage', async () => {
    await build(() => 0)
    const nodes = await timed('ops/5000')
    expect(nodes.map(({message}) => Number(message?.body))).toEqual(nodes.map((_, n) => n))
    expect(nodes.filter(({depth}) => depth === 1)).toHaveLength(10_000)
  })
})

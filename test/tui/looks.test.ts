/** Pages of a channel, as the list of messages asks for them. */
import {expect, test} from 'vitest'
import {look} from '../../src/tui/inspect/looks.js'
import type {Found, LookFrom} from '../../src/tui/inspect/step.js'
import {lines, numbered, type World, world} from '../bus/world.js'

async function numberedWorld(count: number): Promise<World> {
  const there = await world()
  const alice = there.as('alice')
  await alice.createChannel('ops')
  await alice.sendAll('ops', lines(numbered(count).map((body) => ({body}))))
  return there
}

async function found(
  {as}: World,
  from: LookFrom,
  {filter = '', signal = new AbortController().signal}: {filter?: string; signal?: AbortSignal} = {},
): Promise<Found[]> {
  const told: Found[] = []
  const effect = {do: 'look', view: 1, load: 2, channel: 'ops', filter, from} as const
  await look(effect, {bus: as('alice'), reader: 'alice', signal, tell: (one) => told.push(one)})
  return told
}

const seqs = ({rows}: Found): [number | undefined, number | undefined] => [rows[0]?.seq, rows.at(-1)?.seq]

test.each<[LookFrom, [number, number], Partial<Found>]>([
  ['newest', [301, 500], {for: 'all', atStart: false, atEnd: true, looked: 500}],
  [{before: 301}, [101, 300], {for: 'older', atStart: false}],
  [{before: 101}, [1, 100], {for: 'older', atStart: true}],
  [{after: 100}, [101, 300], {for: 'newer', atEnd: false, looked: 300}],
  [{after: 450}, [451, 500], {for: 'newer', atEnd: true, looked: 500}],
  [{around: 'start'}, [1, 100], {for: 'all', atStart: true, atEnd: false, choose: 1}],
  [{around: 'now'}, [401, 500], {for: 'all', atStart: false, atEnd: true}],
  [{around: '250'}, [150, 349], {for: 'all', atStart: false, atEnd: false, choose: 250}],
  [{around: 'cursor'}, [1, 100], {for: 'all', choose: 1}],
  [{around: '2h'}, [1, 100], {for: 'all', choose: 1}],
])('a look from %j', async (from, range, rest) => {
  const told = await found(await numberedWorld(500), from)
  expect(told).toHaveLength(1)
  expect(seqs(told[0]!)).toEqual(range)
  expect(told[0]).toMatchObject({view: 1, load: 2, ...rest})
})

test('what a filter leaves is found, whatever lies between', async () => {
  const there = await numberedWorld(10_000)
  const told = await found(there, 'newest', {filter: 'm77'})
  const rows = told.toReversed().flatMap((one) => one.rows)
  expect(rows.map(({text}) => text)).toEqual(expect.arrayContaining(['m77', 'm770', 'm7799']))
  expect(rows).toHaveLength(111)
  expect(told[0]).toMatchObject({for: 'all', atEnd: true, looked: 10_000})
  expect(told.at(-1)).toMatchObject({atStart: true})
  expect(told.at(-1)?.reached).toBeUndefined()
})

test('a look that is called off tells nothing', async () => {
  const there = await numberedWorld(500)
  const off = new AbortController()
  off.abort()
  for (const from of ['newest', {before: 400}, {after: 4}, {around: '7'}] as const)
    expect(await found(there, from, {signal: off.signal})).toEqual([])
})

test('a position that is none is refused', async () => {
  const there = await numberedWorld(5)
  await expect(found(there, {around: 'tomorrow?'})).rejects.toMatchObject({code: 'INVALID'})
  await expect(found(there, {around: '6'})).rejects.toMatchObject({code: 'INVALID'})
})

import {describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {keepIndexed} from '../../src/bus/keep-indexed.js'
import type {SearchOptions} from '../../src/bus/search.js'
import {placeName} from '../../src/model/reference.js'
import {until} from '../cli/background.js'
import {refusal, type World, world} from './world.js'

const found = async (bus: Bus, query: string, options: Partial<SearchOptions> = {}): Promise<string[]> =>
  (await bus.search(query, {limit: 100, ...options})).messages.map(placeName)

async function rooms(): Promise<{w: World; alice: Bus; bob: Bus; eve: Bus}> {
  const w = await world()
  const [alice, bob, eve] = [w.as('alice'), w.as('bob'), w.as('eve')] as const
  await alice.createChannel('ops')
  await alice.createChannel('build.web')
  await alice.createChannel('hr', {restricted: true, members: ['bob']})
  return {w, alice, bob, eve}
}

test('all channels that one may read, or those that are named; nothing of others', async () => {
  const {alice, bob, eve} = await rooms()
  for (const channel of ['ops', 'build.web', 'hr']) await alice.send(channel, {body: `a word in ${channel}`})
  await alice.send('ops', {body: 'word for bob', recipient: 'bob'})
  expect(await found(bob, 'word')).toEqual(['ops/2', 'hr/1', 'build.web/1', 'ops/1'])
  expect(await found(eve, 'word')).toEqual(['build.web/1', 'ops/1'])
  expect(await found(eve, 'hr')).toEqual([])
  expect(await found(bob, 'word', {channels: ['build.*', 'hr']})).toEqual(['hr/1', 'build.web/1'])
  await expect(found(eve, 'word', {channels: ['hr']})).rejects.toMatchObject(refusal('FORBIDDEN'))
  await expect(found(eve, 'word', {channels: ['no.*']})).rejects.toMatchObject(refusal('NOT_FOUND'))
  expect((await eve.search('word', {limit: 2})).more).toBe(false)
  expect((await eve.search('word', {limit: 1})).next).toBe('build.web/1')
})

test('page by page; where it goes on tells nothing of what one may not read', async () => {
  const {alice, eve} = await rooms()
  for (let count = 0; count < 7; count++) await alice.send(['ops', 'hr'], {body: 'word'})
  const seen: string[] = []
  let before: string | undefined
  do {
    const {messages, next, more} = await eve.search('word', {limit: 3, before})
    expect(more).toBe(next !== undefined)
    seen.push(...messages.map(placeName))
    before = next
  } while (before !== undefined)
  expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((seq) => `ops/${seq}`))
  const refused = refusal('INVALID', /not where a search goes on/)
  for (const place of ['hr/3', 'hr/99', 'none/1', 'x', ''])
    await expect(eve.search('word', {limit: 1, before: place})).rejects.toMatchObject(refused)
})

test('by relevance, the best of those that were compared', async () => {
  const {alice} = await rooms()
  for (const body of ['disk and much more to read besides', 'disk disk', 'the disk', 'nothing'])
    await alice.send('ops', {body})
  const {messages, compared, more} = await alice.search('disk', {limit: 2, sort: 'relevance'})
  expect([messages.map(placeName), compared, more]).toEqual([['ops/2', 'ops/3'], 3, true])
})

describe('bad input', () => {
  test.each([
    ['', 'INVALID'],
    ['-a', 'INVALID'],
    ['a'.repeat(100_000), 'TOO_LARGE'],
  ])('%.20s', async (query, code) => {
    const {alice} = await rooms()
    await expect(alice.search(query, {limit: 1})).rejects.toMatchObject({code})
  })

  test('a limit that is none, a condition that is none', async () => {
    const {alice} = await rooms()
    await expect(alice.search('a', {limit: 0})).rejects.toMatchObject(refusal('INVALID'))
    await expect(alice.search('a', {limit: 1, filter: {where: ['a ==']}})).rejects.toMatchObject(refusal('INVALID'))
  })
})

test('what lives long fills the index beside its work, once somebody has searched', async () => {
  const {w, alice} = await rooms()
  const end = new AbortController()
  const keeping = keepIndexed(w.store, {every: 5, signal: end.signal})
  await alice.search('word', {limit: 1})
  for (let count = 0; count < 1000; count++) await alice.send('ops', {body: `word ${count}`})
  await until(async () => expect((await w.store.search.index({limit: 0})).left).toBeLessThan(200))
  end.abort()
  await keeping
  expect(await found(alice, 'word', {limit: 2000})).toHaveLength(1000)
})

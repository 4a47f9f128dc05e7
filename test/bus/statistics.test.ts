import {beforeEach, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {Statistics} from '../../src/bus/statistics.js'
import {refusal, START, type World, world} from './world.js'

const HOUR = 3_600_000

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['ops', 'build.web', 'build.api']) await alice.createChannel(name)
})

const names = ({channels}: Statistics): string[] => channels.map(({channel}) => channel)

test('a window is a day up to now, in hours, unless something else is said', async () => {
  await alice.send('ops', {body: 'old'})
  w.clock.now += 25 * HOUR
  await alice.send('ops', {body: 'new', type: 'note'})
  w.clock.now += HOUR / 2
  const found = await bob.statistics(['ops'])
  const now = new Date(w.clock.now).toISOString()
  expect(found).toMatchObject({at: now, until: now, since: new Date(w.clock.now - 24 * HOUR).toISOString()})
  const [ops] = found.channels
  expect(ops).toMatchObject({messages: 2, recent: 1, looked: 1, bytes: 3, traffic: [...Array(23).fill(0), 1]})
  expect(ops?.types).toEqual([{name: 'note', messages: 1, bytes: 3}])
  const wider = await bob.statistics(['ops'], {since: START - HOUR, until: START + HOUR, parts: 2})
  expect(wider.channels[0]).toMatchObject({messages: 2, recent: 1, traffic: [0, 1]})
})

test('names and globs are channels that the actor may read; hidden ones are left out where none is named', async () => {
  await alice.createChannel('secret', {restricted: true})
  await alice.createChannel('attic', {hidden: true})
  expect(names(await bob.statistics([]))).toEqual(['build.api', 'build.web', 'ops'])
  expect(names(await bob.statistics([], {all: true}))).toEqual(['attic', 'build.api', 'build.web', 'ops'])
  expect(names(await bob.statistics(['attic']))).toEqual(['attic'])
  expect(names(await bob.statistics(['build.*', 'ops']))).toEqual(['build.api', 'build.web', 'ops'])
  expect(names(await alice.statistics(['*']))).toContain('secret')
  await expect(bob.statistics(['secret'])).rejects.toMatchObject(refusal('FORBIDDEN'))
  await expect(bob.statistics(['none'])).rejects.toMatchObject(refusal('NOT_FOUND'))
  await expect(bob.statistics(['none.*'])).rejects.toMatchObject(refusal('NOT_FOUND'))
})

test('a window has to begin before it ends, and to have parts', async () => {
  const wrong = [
    {since: START, until: START},
    {since: START + HOUR},
    {until: Number.NaN},
    {parts: 0},
    {parts: 1001},
    {parts: 1.5},
  ]
  for (const options of wrong) await expect(bob.statistics(['ops'], options)).rejects.toMatchObject(refusal('INVALID'))
})

test('all together: sums, who sent the most, the largest threads with their roots', async () => {
  await alice.send('ops', {body: 'root'})
  await bob.reply('ops/1', {body: 'answer'})
  await bob.send('build.web', {body: 'x'})
  await alice.send('build.api', {body: 'for zoe', recipient: 'zoe'})
  const {total} = await bob.statistics([])
  expect(total).toMatchObject({messages: 3, recent: 3, looked: 3, bytes: 11})
  expect(total.senders.map(({name, messages}) => [name, messages])).toEqual([
    ['bob', 2],
    ['alice', 1],
  ])
  expect(total.threads).toMatchObject([{messages: 2, root: {channel: 'ops', seq: 1, sender: 'alice', summary: 'root'}}])
  expect((await alice.statistics([])).total.messages).toBe(4)
})

test('who is behind, what workers have in hand, and what waits', async () => {
  for (let count = 0; count < 5; count++) await alice.send('ops', {body: String(count)})
  await bob.setCursor('ops', '2')
  await bob.claim('ops', {limit: 2})
  await bob.nack({claim: 'ops/1'}, {dead: true})
  await bob.send('ops', {body: 'later', deliverAt: START + HOUR})
  const [ops] = (await bob.statistics(['ops'])).channels
  expect(ops).toMatchObject({claimed: 1, retrying: 0, deadLetters: 1, scheduled: 1})
  expect(ops?.consumers).toEqual([
    {kind: 'reader', name: 'bob', waiting: 3, oldest: new Date(START).toISOString()},
    {kind: 'workers', name: 'workers', waiting: 4, oldest: new Date(START).toISOString()},
  ])
})

test('watching tells of changes, and its window goes along', async () => {
  const end = new AbortController()
  const seen: [number, string][] = []
  const watching = bob.watchStatistics(['ops'], {since: START - HOUR, interval: 1, signal: end.signal})
  for await (const {channels, since} of watching) {
    const messages = channels[0]?.messages ?? 0
    seen.push([messages, since])
    if (messages === 2) end.abort()
    else if (seen.length === 1 || messages === 1) {
      w.clock.now += HOUR
      await alice.send('ops', {body: 'x'})
    }
  }
  expect(seen[0]).toEqual([0, new Date(START - HOUR).toISOString()])
  expect(seen.at(-1)).toEqual([2, new Date(START + HOUR).toISOString()])
})

test('watching ends at once when it is called off, and tells why it can not go on', async () => {
  const end = new AbortController()
  end.abort()
  const none = []
  for await (const one of bob.watchStatistics(['ops'], {interval: 1000, signal: end.signal})) none.push(one)
  expect(none).toEqual([])
  const watching = bob.watchStatistics(['ops'], {interval: 1, signal: new AbortController().signal})
  const next = async () => {
    for await (const _ of watching) await alice.deleteChannel('ops')
  }
  await expect(next()).rejects.toMatchObject(refusal('NOT_FOUND'))
})

import {expect} from 'vitest'
import {type Filter, isVisible, matches} from '../../../src/model/filter.js'
import type {Message} from '../../../src/model/message.js'
import type {Outgoing, ScanQuery} from '../../../src/store/store.js'
import {type Bench, places, reader, type Suite, scanAll, upTo} from './bench.js'
import {HOUR, SECOND, START} from './harness.js'
import {seededRandom} from './random.js'

const CHANNELS = ['a', 'b', 'c']
const ACTORS = ['alice', 'bob', 'zoe']
const JUMPS = [0, 0, SECOND, 60 * SECOND, -600 * SECOND, 900 * SECOND]

type Random = () => number
const one = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)] as T
const maybe = <T>(chance: number, random: Random, value: () => T): T | undefined =>
  random() < chance ? value() : undefined

export function randomScanTests({promise}: Suite): void {
  for (const seed of upTo(5))
    promise(`random questions (${seed}) have the answers that the model's rules give`, async (bench) => {
      const random = seededRandom(seed)
      for (const name of CHANNELS) await bench.store.channels.create(name, {}, 'alice')
      for (let count = 0; count < 60; count++) await write(bench, random)
      const stored = await scanAll(bench.store, [], {channels: CHANNELS.map((name) => ({name, all: true}))})
      for (let count = 0; count < 60; count++) await compare(bench, stored, randomQuery(random))
      for (let count = 0; count < 10; count++) await compareTimes(bench, stored, randomTime(random))
      for (const actor of ACTORS) await compareCounts(bench, stored, actor, random)
    })

  promise('what is rare is found among many, page by page', async ({store, outgoing}) => {
    for (const name of CHANNELS) await store.channels.create(name, {}, 'alice')
    const rare = (index: number) => index % 4001 === 7
    const crowd = upTo(12_000).map((index) => {
      const channel = index % 10 ? 'a' : 'b'
      return outgoing(channel, {body: '', ...(rare(index) ? {type: 'rare'} : {recipient: 'zoe', sender: 'bob'})})
    })
    await store.messages.append(crowd)
    const expected = crowd.filter(({type}) => type === 'rare').map(({id}) => id)
    for (const filter of [{types: ['rare']}, {}, {senders: ['alice']}])
      for (const order of ['forward', 'backward'] as const) {
        const got: string[] = []
        let channels: ScanQuery['channels'] = CHANNELS.map((name) => ({name}))
        for (;;) {
          const page = await store.messages.scan({channels, actor: 'eve', order, limit: 1, filter})
          got.push(...page.messages.map(({id}) => id))
          if (page.end) break
          channels = CHANNELS.map((name) => ({name, [order === 'forward' ? 'after' : 'before']: page.next[name]}))
        }
        expect(got).toEqual(order === 'forward' ? expected : expected.toReversed())
      }
  })
}

async function write({store, outgoing, clock}: Bench, random: Random): Promise<void> {
  clock.advance(one(JUMPS, random))
  if (random() < 0.05) await store.channels.prune(one(CHANNELS, random), {keep: Math.floor(random() * 30)})
  const batch = upTo(1 + Math.floor(random() * 4)).map(() => {
    const channels = CHANNELS.filter(() => random() < 0.4)
    const fields: Partial<Outgoing> = {
      sender: one(ACTORS, random),
      type: one(['message', 'news'], random),
      body: one(['red', 'green', 'red and green'], random),
      recipient: maybe(0.3, random, () => one(ACTORS, random)),
      conversation: maybe(0.3, random, () => one(['c1', 'c2'], random)),
      correlationId: maybe(0.2, random, () => one(['x', 'y'], random)),
      expiresAt: maybe(0.2, random, () => START + Math.floor(random() * 2 * HOUR)),
    }
    return outgoing(channels.length > 0 ? channels : ['a'], fields)
  })
  await store.messages.append(batch)
}

const randomTime = (random: Random): number => START + Math.floor((random() * 3 - 1) * HOUR)

function randomFilter(random: Random): Filter {
  return {
    types: maybe(0.2, random, () => [one(['message', 'news'], random)]),
    senders: maybe(0.2, random, () => ACTORS.filter(() => random() < 0.5)),
    notSender: maybe(0.2, random, () => one(ACTORS, random)),
    recipient: maybe(0.1, random, () => one(ACTORS, random)),
    conversation: maybe(0.2, random, () => one(['c1', 'c2', 'none'], random)),
    correlationId: maybe(0.1, random, () => one(['x', 'y', 'z'], random)),
    text: maybe(0.1, random, () => one(['red', 'and'], random)),
    since: maybe(0.2, random, () => randomTime(random)),
    until: maybe(0.2, random, () => randomTime(random)),
  }
}

function randomQuery(random: Random): ScanQuery {
  const bound = () => maybe(0.3, random, () => Math.floor(random() * 60))
  return {
    channels: CHANNELS.filter(() => random() < 0.7).map((name) => ({
      name,
      all: random() < 0.2,
      after: bound(),
      before: bound(),
    })),
    actor: one([...ACTORS, 'eve'], random),
    order: one(['forward', 'backward'], random),
    limit: 1 + Math.floor(random() * 12),
    filter: random() < 0.3 ? {} : randomFilter(random),
  }
}

/** Follows a question over its pages, and compares each with what the rules give. */
async function compare({store}: Bench, stored: readonly Message[], query: ScanQuery): Promise<void> {
  const expected = answer(stored, query)
  const asked = JSON.stringify(query)
  let {channels} = query
  for (let start = 0; ; start += query.limit) {
    const page = await store.messages.scan({...query, channels})
    const rest = expected.slice(start)
    expect([asked, places(page.messages)]).toEqual([asked, places(rest.slice(0, query.limit))])
    expect([asked, page.end]).toEqual([asked, rest.length <= query.limit])
    if (page.end) return
    const side = query.order === 'forward' ? 'after' : 'before'
    channels = channels.map((channel) => ({...channel, [side]: page.next[channel.name]}))
  }
}

function answer(stored: readonly Message[], {channels, actor, order, filter = {}}: ScanQuery): Message[] {
  const found = stored.filter((message) => {
    const wanted = channels.find(({name}) => name === message.channel)
    if (!wanted || message.seq <= (wanted.after ?? 0) || message.seq >= (wanted.before ?? Infinity)) return false
    return isVisible(message, {actor, ...(wanted.all !== undefined && {all: wanted.all})}) && matches(message, filter)
  })
  return order === 'forward' ? found : found.reverse()
}

async function compareTimes({store}: Bench, stored: readonly Message[], time: number): Promise<void> {
  for (const name of CHANNELS) {
    // Expired messages count too, and are not among those that were listed: so the answer may only come earlier.
    const seq = await store.messages.firstSince(name, time)
    const first = stored.find((message) => message.channel === name && Date.parse(message.time) >= time)?.seq
    expect(seq ?? Infinity).toBeLessThanOrEqual(first ?? Infinity)
    const found = seq === undefined ? [] : await store.messages.find({by: 'place', channel: name, seq})
    for (const message of found) expect(Date.parse(message.time)).toBeGreaterThanOrEqual(time)
    expect(found).toHaveLength(seq === undefined ? 0 : 1)
  }
}

async function compareCounts({store}: Bench, stored: readonly Message[], actor: string, random: Random): Promise<void> {
  const summaries = await store.channels.summaries({channels: CHANNELS.map((name) => ({name})), actor})
  for (const {name, messages, unread, last, lastSeq} of summaries) {
    const seen = stored.filter((message) => message.channel === name && isVisible(message, {actor}))
    expect([name, messages, unread, last?.seq]).toEqual([name, seen.length, seen.length, seen.at(-1)?.seq])
    const cursor = Math.floor(random() * (lastSeq + 1))
    const behind = seen.filter(({seq}) => seq > cursor)
    const move = await store.consumers.seek(reader(name, actor), cursor, {actor})
    expect(move.skipped).toBe(seen.length - behind.length)
    const filter = randomFilter(random)
    const count = await store.consumers.unread(reader(name, actor), {actor, filter})
    expect(count).toBe(behind.filter((message) => matches(message, filter)).length)
    const [summary] = await store.channels.summaries({channels: [{name}], actor})
    expect(summary?.unread).toBe(behind.length)
    const batch = await store.consumers.take(reader(name, actor), {actor, limit: 5, wait: 0, filter})
    expect(places(batch.messages)).toEqual(places(behind.filter((message) => matches(message, filter)).slice(0, 5)))
  }
}

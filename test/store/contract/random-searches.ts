import {expect} from 'vitest'
import type {Store} from '../../../src/store/store.js'
import type {Bench, Suite} from './bench.js'
import {upTo} from './bench.js'
import {SECOND} from './harness.js'
import {searchAll} from './search.js'

// No beginning of two letters or more is that of another word, but for those that begin another one.
const WORDS = ['disk', 'disks', 'full', 'fuller', 'Error', 'café', 'time-out', 'db1', 'zebra', 'of']
const ACTORS = ['alice', 'bob', 'eve']

/** What a search has to know of a message. */
interface Known {
  channel: string
  seq: number
  id: string
  words: string[]
  sender: string
  recipient?: string
  expiresAt?: number
  /** Milliseconds since 1970. */
  time: number
  redacted: boolean
}

/** A word that is looked for, or the beginning of one. */
interface Term {
  text: string
  isBeginning: boolean
}

const has = ({words}: Known, {text, isBeginning}: Term): boolean =>
  words.some((word) => word === text || (isBeginning && word.startsWith(text)))

/** Numbers that are the same in every run of a seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2654435761
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

export function randomSearchTests({promise}: Suite): void {
  for (const seed of [1, 2, 3, 4, 5, 6])
    promise(`whatever happens in between, a search finds what a plain look finds (seed ${seed})`, (bench) =>
      walk(bench, dice(seed)),
    )
}

async function walk(bench: Bench, roll: (sides: number) => number): Promise<void> {
  const {store, clock, send} = bench
  const [other] = await bench.handles(1)
  const handles = [store, other!]
  const names = ['a', 'b', 'c']
  /** In the order of storage. */
  let known: Known[] = []
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)]!
  const words = (): string[] => Array.from({length: 1 + roll(4)}, () => pick(WORDS))
  const term = (): Term => {
    const word = pick(WORDS)
    if (roll(2) === 0) return {text: word, isBeginning: false}
    const text = word.slice(0, 2 + roll(word.length - 1))
    // One letter is no beginning.
    return {text: text.endsWith('-o') ? `${text}u` : text, isBeginning: true}
  }
  for (const name of names) await store.channels.create(name, {}, 'alice')

  const acts: [number, () => Promise<unknown>][] = [
    [
      20,
      async () => {
        const channel = pick(names)
        const sender = pick(ACTORS)
        const said = words()
        const more = {
          ...(roll(5) === 0 && {recipient: pick(ACTORS)}),
          ...(roll(5) === 0 && {expiresAt: clock.now() + (1 + roll(3)) * SECOND}),
        }
        const {id, sent} = await send(channel, {body: said.join(', '), sender, ...more})
        const place = sent[0]!
        known.push({
          channel,
          seq: 'seq' in place ? place.seq : 0,
          id,
          words: said,
          sender,
          time: clock.now(),
          redacted: false,
          ...more,
        })
      },
    ],
    [6, () => pick(handles).search.index({limit: 1 + roll(6), begin: true})],
    [
      2,
      async () => {
        const message = pick(known)
        if (!message) return
        if ((await store.messages.find({by: 'id', id: message.id})).length === 0) return
        await store.messages.redact(message.id, 'alice')
        message.redacted = true
      },
    ],
    [1, () => store.channels.prune(pick(names), {keep: roll(8), trustClock: true})],
    [3, async () => clock.advance(SECOND)],
    [1, async () => clock.advance(-SECOND)],
    [
      1,
      async () => {
        const at = roll(names.length)
        const [from, to] = [names[at]!, `${'abc'[at]}${known.length}`]
        if (names.includes(to) || (await store.channels.get(to))) return
        await store.channels.rename(from, to)
        names[at] = to
        for (const message of known) if (message.channel === from) message.channel = to
      },
    ],
    [
      1,
      async () => {
        const name = pick(names)
        await store.channels.delete(name)
        known = known.filter(({channel}) => channel !== name)
        await store.channels.create(name, {}, 'alice')
      },
    ],
  ]
  const deck = acts.flatMap(([weight, act]) => upTo(weight).map(() => act))
  for (const step of upTo(200)) {
    await pick(deck)()
    if (step % 4 > 0) continue
    const wanted = Array.from({length: 1 + roll(2)}, term)
    const unwanted = roll(3) === 0 ? [term()] : []
    const times = known.map(({time}) => time)
    const since = roll(4) === 0 ? pick(times) : undefined
    const until = roll(4) === 0 ? pick(times) : undefined
    const filter = {...(since !== undefined && {since}), ...(until !== undefined && {until})}
    const [actor, channels] = [pick(ACTORS), names.filter(() => roll(3) > 0)]
    const text = (one: Term): string => `${one.text}${one.isBeginning ? '*' : ''}`
    const query = [...wanted.map(text), ...unwanted.map((one) => `-${text(one)}`)].join(' ')
    const stored = await storedIn(store, names)
    const expected = known
      .filter((one) => stored.has(`${one.channel}/${one.seq}`) && channels.includes(one.channel) && !one.redacted)
      .filter(({recipient, sender}) => recipient === undefined || recipient === actor || sender === actor)
      .filter(({expiresAt}) => expiresAt === undefined || expiresAt > clock.now())
      .filter((one) => wanted.every((word) => has(one, word)) && !unwanted.some((word) => has(one, word)))
      .filter(({time}) => time >= (since ?? 0) && time < (until ?? Infinity))
      .map(({channel, seq}) => `${channel}/${seq}`)
      .reverse()
    const limit = 1 + roll(10)
    expect([step, query, await searchAll(pick(handles), query, {in: channels, actor, limit, filter})]).toEqual([
      step,
      query,
      expected,
    ])
  }
}

/** The places that are stored. */
async function storedIn(store: Store, names: readonly string[]): Promise<Set<string>> {
  const {messages} = await store.messages.scan({
    channels: names.map((name) => ({name, all: true})),
    actor: 'alice',
    order: 'forward',
    limit: 10_000,
  })
  return new Set(messages.map(({channel, seq}) => `${channel}/${seq}`))
}

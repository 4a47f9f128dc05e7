import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {Taken} from '../../src/bus/read.js'
import type {MemoryStore} from '../store/memory/open.js'
import {all, lines, numbered, refusal, START, sendEach, take, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('ops')
})

const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('read', () => {
  test('gives the next ten, each reader at its own place', async () => {
    await sendEach(alice, 'ops', numbered(15))
    expect(await take(bob.read('ops'))).toEqual(numbered(10))
    expect(await take(bob.read('ops'))).toEqual(numbered(15).slice(10))
    expect(await take(bob.read('ops'))).toEqual([])
    expect(await take(alice.read('ops', {limit: 3}))).toEqual(numbered(3))
    expect(await take(bob.read('ops', {reader: 'second', limit: 2}))).toEqual(numbered(2))
  })

  test('all: page after page', async () => {
    await sendEach(alice, 'ops', numbered(25))
    const pages: number[] = []
    for await (const taken of bob.read('ops', {all: true, limit: 10})) {
      pages.push(taken.messages.length)
      await taken.commit()
    }
    expect(pages).toEqual([10, 10, 5])
  })

  test('a new reader begins at the start and says that it is new', async () => {
    await sendEach(alice, 'ops', numbered(2))
    const [taken] = await all(bob.read('ops'))
    expect(taken).toMatchObject({created: true, pruned: 0, end: true, channel: 'ops', reader: 'bob'})
    expect((await all(bob.read('ops')))[0]?.created).toBe(false)
  })

  test('what was not committed comes again, at once', async () => {
    await sendEach(alice, 'ops', numbered(3))
    for await (const taken of bob.read('ops')) {
      await taken.commit(1)
      break
    }
    expect(await take(bob.read('ops'))).toEqual(['m2', 'm3'])
    await sendEach(alice, 'ops', ['m4'])
    for await (const _ of bob.read('ops', {all: true})); // looks, and goes on without a commit
    expect(await take(bob.read('ops'))).toEqual(['m4'])
  })

  test('fails at the sixth of ten: the next read begins with the sixth', async () => {
    await sendEach(alice, 'ops', numbered(10))
    for await (const taken of bob.read('ops'))
      for (const message of taken.messages) {
        if (message.seq === 6) break
        await taken.commit(message.seq)
      }
    expect(await take(bob.read('ops'))).toEqual(numbered(10).slice(5))
  })

  test('one holder at a time: the other waits, and then gets what is behind', async () => {
    await sendEach(alice, 'ops', numbered(4))
    const first = bob.read('ops', {limit: 2})[Symbol.asyncIterator]()
    const {value: taken} = (await first.next()) as {value: Taken}
    await expect(all(bob.read('ops', {holdWait: 5}))).rejects.toMatchObject(refusal('BUSY'))
    const second = take(bob.read('ops', {limit: 2}))
    await soon(5)
    await taken.commit()
    expect(await second).toEqual(['m3', 'm4'])
    await first.return?.()
  })

  test('a reader that dies between taking and finishing: its messages come again, at once', async () => {
    await sendEach(alice, 'ops', numbered(3))
    const dying = await w.elsewhere('bob')
    await dying.read('ops')[Symbol.asyncIterator]().next()
    const {store} = dying.context
    if ('die' in store) (store as MemoryStore).die()
    else await store.close()
    expect(await take(bob.read('ops', {holdWait: 0}))).toEqual(numbered(3))
  })

  test('a commit that comes too late is refused', async () => {
    await sendEach(alice, 'ops', numbered(1))
    const reading = bob.read('ops')[Symbol.asyncIterator]()
    const {value: taken} = (await reading.next()) as {value: Taken}
    w.clock.now += 24 * 3_600_000
    await expect(taken.commit()).rejects.toMatchObject(refusal('STALE_CLAIM'))
    expect(await take(bob.read('ops'))).toEqual(['m1'])
  })

  test('a mailbox limit never loses mail, and nobody else sees it', async () => {
    await sendEach(alice, 'ops', numbered(25, 'z'), {recipient: 'zoe'})
    await sendEach(alice, 'ops', numbered(5), {recipient: 'bob'})
    await sendEach(alice, 'ops', numbered(25, 'z'), {recipient: 'zoe'})
    expect(await bob.unread('ops')).toBe(5)
    const counts: number[] = []
    for (let round = 0; round < 3; round++) counts.push((await take(bob.read('ops', {limit: 2}))).length)
    expect(counts).toEqual([2, 2, 1])
    expect(await w.as('eve').unread('ops')).toBe(0)
    expect(await take(w.as('eve').read('ops'))).toEqual([])
  })

  test('own messages are included; others leaves them out, for a reader of its own', async () => {
    await sendEach(bob, 'ops', ['mine'])
    await sendEach(alice, 'ops', ['hers'])
    expect(await bob.unread('ops')).toBe(2)
    expect(await bob.unread('ops', {others: true})).toBe(1)
    expect(await bob.unread('ops', {filter: {senders: ['bob', 'eve']}})).toBe(1)
    expect(await take(bob.read('ops', {others: true, reader: 'aside'}))).toEqual(['hers'])
    expect(await take(bob.read('ops'))).toEqual(['mine', 'hers'])
  })

  test.each([{others: true}, {filter: {types: ['a']}}, {filter: {text: 'x'}, reader: 'bob'}])(
    'a filter on the own cursor is refused: %o',
    async (options) => {
      await sendEach(alice, 'ops', ['x'])
      await expect(all(bob.read('ops', options))).rejects.toMatchObject(
        refusal('USAGE', /skip for ever/, 'add --peek or --reader NAME'),
      )
      expect(await take(bob.read('ops', {filter: {types: undefined}}))).toEqual(['x'])
    },
  )

  test('prune while a reader is behind: it is told, and gets all that is stored, none twice', async () => {
    await sendEach(alice, 'ops', numbered(10))
    expect(await take(bob.read('ops', {limit: 2}))).toEqual(['m1', 'm2'])
    await alice.pruneChannel('ops', {keep: 3})
    const [taken] = await all(bob.read('ops'))
    expect([taken?.pruned, taken?.messages.map(text)]).toEqual([5, ['m8', 'm9', 'm10']])
    await alice.pruneChannel('ops', {keep: 0})
    const news = await all(bob.read('ops'))
    expect(news.map(({pruned, messages}) => [pruned, messages.length])).toEqual([[8, 0]])
    expect(await all(bob.read('ops'))).toEqual([])
  })

  test('a reader needs a name', async () => {
    await expect(all(bob.read('ops', {reader: 'a b'}))).rejects.toMatchObject(refusal('INVALID', /reader name/))
  })

  test('expired messages are not delivered', async () => {
    await alice.send('ops', {body: 'short', expiresAt: START + 10})
    await alice.send('ops', {body: 'long'})
    w.clock.now += 10
    expect(await bob.unread('ops')).toBe(1)
    expect(await take(bob.read('ops'))).toEqual(['long'])
  })

  test('a clock set back changes no order', async () => {
    await sendEach(alice, 'ops', ['a'])
    w.clock.now -= 3_600_000
    await sendEach(alice, 'ops', ['b'])
    expect(await take(bob.read('ops'))).toEqual(['a', 'b'])
  })
})

describe('wait', () => {
  test('gives the first that comes', async () => {
    const waiting = take(bob.read('ops', {wait: 5_000}))
    await soon(10)
    await sendEach(alice, 'ops', ['at last', 'too late'])
    expect((await waiting)[0]).toBe('at last')
  })

  test('is not ended by what the reader does not get', async () => {
    const waiting = take(bob.read('ops', {wait: 5_000}))
    await sendEach(alice, 'ops', ['psst'], {recipient: 'zoe'})
    await alice.updateChannel('ops', {title: 'x'})
    await soon(10)
    await sendEach(alice, 'ops', ['for all'])
    expect(await waiting).toEqual(['for all'])
  })

  test.each(['read', 'peek', 'inbox'] as const)('%s: nothing came is TIMEOUT', async (verb) => {
    const nothing = {
      read: () => all(bob.read('ops', {wait: 20})),
      peek: () => all(bob.peek('ops', {wait: 20})),
      inbox: () => all(bob.inbox({wait: 20})),
    }
    await expect(nothing[verb]()).rejects.toMatchObject(refusal('TIMEOUT', /within 0.02 s/))
  })

  test('ends quietly when it is called off', async () => {
    const stop = new AbortController()
    const waiting = all(bob.peek('ops', {wait: 60_000, signal: stop.signal}))
    await soon(5)
    stop.abort()
    expect(await waiting).toEqual([])
  })
})

test('4 readers as one actor: every message once, in order for each', async () => {
  await alice.sendAll(
    'ops',
    (async function* () {
      for (const [line, body] of numbered(400).entries()) yield {line, draft: {body}}
    })(),
  )
  const readers = await Promise.all(numbered(4).map(() => w.elsewhere('bob')))
  const got = await Promise.all(readers.map((reader) => readAll(reader)))
  for (const seqs of got) expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  expect(got.flat().sort((a, b) => a - b)).toEqual(numbered(400).map((_, index) => index + 1))
})

async function readAll(bus: Bus): Promise<number[]> {
  const seqs: number[] = []
  for await (const taken of bus.read('ops', {all: true, limit: 7})) {
    seqs.push(...taken.messages.map(({seq}) => seq))
    await taken.commit()
  }
  return seqs
}

test('all of many come in order and each once, in pages of the size that was asked for', async () => {
  await alice.createChannel('many')
  await alice.sendAll('many', lines(numbered(3000).map((body) => ({body}))))
  const hands = async (options: {limit?: number}) => {
    const sizes: number[] = []
    const seen: string[] = []
    for await (const hand of alice.read('many', {all: true, reader: `r${options.limit}`, ...options})) {
      sizes.push(hand.messages.length)
      seen.push(...hand.messages.map(({body}) => String(body)))
      await hand.commit()
    }
    expect(seen).toEqual(numbered(3000))
    return sizes
  }
  expect(await hands({limit: 1000})).toEqual([1000, 1000, 1000])
  // How much the later ones have is up to how quickly they are finished.
  expect((await hands({}))[0]).toBe(100)
})

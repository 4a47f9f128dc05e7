import {expect, test} from 'vitest'
import type {Batch} from '../../../src/model/consumer.js'
import {type ErrorCode, LeatError} from '../../../src/model/errors.js'
import type {Message, Place, Receipt, Seq} from '../../../src/model/message.js'
import type {NewGrant, Outgoing, ReaderKey, ScanQuery, Store, TakeOptions} from '../../../src/store/store.js'
import type {Harness} from './harness.js'

/** What a test of the contract works with. */
export interface Bench extends Harness {
  /** The first handle. */
  store: Store
  /** A bench with another store. */
  another(): Promise<Bench>
  /** So many more handles. */
  handles(count: number): Promise<Store[]>
  /** A message that is complete: sent by alice, with the text `hello`. */
  outgoing(channel: string | readonly string[], fields?: Partial<Outgoing>): Outgoing
  /** Appends one. */
  send(channel: string | readonly string[], fields?: Partial<Outgoing>): Promise<Receipt>
  /** Appends one after the other with these bodies. */
  sendAll(channel: string, bodies: readonly string[], fields?: Partial<Outgoing>): Promise<Receipt[]>
}

type Body = (bench: Bench) => Promise<void>

/** The tests of one engine. */
export interface Suite {
  /** Proves one of the laws at the head of the port. */
  law(number: number, title: string, body: Body): void
  /** Proves a sentence of the port's doc comments. */
  promise(title: string, body: Body): void
  /** Proves a law where a holder dies; skipped on an engine that has none. */
  dying(
    number: number,
    title: string,
    body: (bench: Bench, dying: NonNullable<Harness['dying']>) => Promise<void>,
  ): void
}

export function suite(newHarness: () => Promise<Harness>): Suite {
  const run = (body: Body) => async (): Promise<void> => {
    const harnesses: Harness[] = []
    const another = async (): Promise<Bench> => {
      const harness = await newHarness()
      harnesses.push(harness)
      return bench(harness, another)
    }
    try {
      const first = await another()
      await body(first)
      // Whatever was done to a store, nothing is wrong with it afterwards.
      if (first.checks) expect(await damageIn(await first.open())).toEqual([])
    } finally {
      for (const harness of harnesses) await harness.end()
    }
  }
  return {
    law: (number, title, body) => test(`law ${number}: ${title}`, run(body)),
    promise: (title, body) => test(title, run(body)),
    dying: (number, title, body) =>
      test(`law ${number}: ${title}`, ({skip}) =>
        run(async (bench) => {
          if (!bench.dying) return skip('this engine has no holders that die')
          await body(bench, bench.dying)
        })()),
  }
}

async function bench(harness: Harness, another: Bench['another']): Promise<Bench> {
  const store = await harness.open()
  const outgoing: Bench['outgoing'] = (channel, fields) => ({
    id: harness.ids(),
    channels: typeof channel === 'string' ? [channel] : channel,
    sender: 'alice',
    type: 'message',
    body: 'hello',
    contentType: 'text/plain',
    ...fields,
  })
  return {
    ...harness,
    store,
    outgoing,
    another,
    handles: (count) => Promise.all(Array.from({length: count}, () => harness.open())),
    send: async (channel, fields) => only(await store.messages.append([outgoing(channel, fields)])),
    sendAll: (channel, bodies, fields) =>
      store.messages.append(bodies.map((body) => outgoing(channel, {...fields, body}))),
  }
}

async function damageIn(store: Store): Promise<string[]> {
  const found: string[] = []
  for await (const {severity, what} of store.maintenance.check({deep: true}))
    if (severity === 'damage') found.push(what)
  return found
}

/** The one element of a list. */
export function only<T>(list: readonly T[]): T {
  expect(list).toHaveLength(1)
  return list[0] as T
}

/** Only a `LeatError` of this code will do (law 10). */
export async function refused(code: ErrorCode, attempt: Promise<unknown>): Promise<LeatError> {
  const error = await attempt.then(
    (value) => expect.fail(`${code} was expected, but it went well: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof LeatError)) throw error
  expect(error.code).toBe(code)
  return error
}

export const seqs = ({messages}: {messages: readonly Message[]}): Seq[] => messages.map(({seq}) => seq)

export const bodies = ({messages}: {messages: readonly Message[]}): unknown[] => messages.map(({body}) => body)

export const places = (messages: readonly Place[]): string[] => messages.map(({channel, seq}) => `${channel}/${seq}`)

/** Where a receipt says that its message went. */
export const sentTo = ({sent}: Receipt): string[] =>
  sent.map((one) => `${one.channel}/${'seq' in one ? one.seq : one.deliverAt}`)

/** 1, 2, 3 … `count`. */
export const upTo = (count: number): number[] => Array.from({length: count}, (_, index) => index + 1)

/** `one 1`, `one 2` … */
export const texts = (count: number, word = 'one'): string[] => upTo(count).map((number) => `${word} ${number}`)

export const reader = (channel: string, name: string): ReaderKey => ({channel, reader: name})

/** What members of a channel are granted. */
export const members = (...actors: string[]): NewGrant[] =>
  actors.flatMap((actor) => (['submit', 'subscribe'] as const).map((permission) => ({actor, permission})))

/** Takes as the reader itself, a hundred at most, without waiting. */
export const take = (store: Store, key: ReaderKey, options: Partial<TakeOptions> = {}): Promise<Batch> =>
  store.consumers.take(key, {actor: key.reader, limit: 100, wait: 0, ...options})

/** Takes and finishes. */
export async function readOn(store: Store, key: ReaderKey, options: Partial<TakeOptions> = {}): Promise<Batch> {
  const batch = await take(store, key, options)
  if (batch.messages.length > 0) await store.consumers.commit(key, batch.hold, batch.upTo)
  return batch
}

export const cursor = async (store: Store, {channel, reader: name}: ReaderKey): Promise<Seq | undefined> =>
  (await store.consumers.get({channel, kind: 'reader', name}))?.cursor

/** All that an actor sees of some channels, forward. */
export async function scanAll(
  store: Store,
  channels: readonly string[],
  query: Partial<ScanQuery> = {},
): Promise<Message[]> {
  const page = await store.messages.scan({
    actor: 'alice',
    order: 'forward',
    limit: 10_000,
    channels: channels.map((name) => ({name})),
    ...query,
  })
  return page.messages
}

import {v7} from 'uuid'
import {afterEach, expect} from 'vitest'
import type {Line} from '../../src/bus/bulk.js'
import {type Bus, createBus} from '../../src/bus/bus.js'
import type {Taken} from '../../src/bus/read.js'
import type {ErrorCode, LeatError} from '../../src/model/errors.js'
import type {Draft} from '../../src/model/message.js'
import type {Store} from '../../src/store/store.js'
import {newState, openMemory} from '../store/memory/open.js'

/** A store, a clock that tests move, and a bus for whoever acts. */
export interface World {
  store: Store
  clock: {now: number}
  as(actor: string): Bus
  /** A bus over another handle on the same store, as another process would have it. */
  elsewhere(actor: string): Promise<Bus>
}

/** Opens handles on one new store. */
export type Engine = (clock: () => number) => Promise<{open: () => Promise<Store>; remove: () => Promise<void>}>

export const START = Date.parse('2026-06-01T12:00:00.000Z')

const memory: Engine = async (clock) => {
  const state = newState(clock())
  return {open: async () => openMemory({state, clock, ids: v7}), remove: async () => {}}
}

let engine = memory
/** The tests that are loaded from now on run on another engine. */
export const runOn = (other: Engine): void => {
  engine = other
}

const ended: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

export async function world(): Promise<World> {
  const clock = {now: START}
  const now = (): number => clock.now
  const {open, remove} = await engine(now)
  ended.push(remove)
  const handle = async (): Promise<Store> => {
    const store = await open()
    ended.push(() => store.close())
    return store
  }
  const store = await handle()
  const busOver = (over: Store, actor: string): Bus => createBus({store: over, actor, clock: now, ids: v7})
  return {
    store,
    clock,
    as: (actor) => busOver(store, actor),
    elsewhere: async (actor) => busOver(await handle(), actor),
  }
}

/** What comes out of a generator. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** Reads and commits: the bodies. */
export async function take(taken: AsyncIterable<Taken>): Promise<string[]> {
  const bodies: string[] = []
  for await (const one of taken) {
    bodies.push(...one.messages.map(text))
    await one.commit()
  }
  return bodies
}

export const text = ({body}: {body: string | Uint8Array}): string => String(body)

export const bodies = async (messages: AsyncIterable<{body: string | Uint8Array}>): Promise<string[]> =>
  (await all(messages)).map(text)

/** Sends bodies one after the other; the ids. */
export async function sendEach(bus: Bus, channel: string, texts: readonly string[], rest: Partial<Draft> = {}) {
  const ids: string[] = []
  for (const body of texts) ids.push((await bus.send(channel, {body, ...rest})).id)
  return ids
}

/** Drafts as lines of bulk input. */
export async function* lines(drafts: Iterable<Draft | LeatError>): AsyncGenerator<Line> {
  let line = 0
  for (const item of drafts) {
    line++
    yield item instanceof Error ? {line, error: item} : {line, draft: item}
  }
}

/** `prefix1` … `prefixN`. */
export const numbered = (count: number, prefix = 'm'): string[] =>
  Array.from({length: count}, (_, index) => `${prefix}${index + 1}`)

/** What `expect(...).rejects.toMatchObject` looks for. */
export const refusal = (code: ErrorCode, message?: RegExp | string, hint?: RegExp | string) => ({
  code,
  ...(message !== undefined && {message: typeof message === 'string' ? message : expect.stringMatching(message)}),
  ...(hint !== undefined && {hint: typeof hint === 'string' ? hint : expect.stringMatching(hint)}),
})

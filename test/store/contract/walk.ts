import {expect} from 'vitest'
import type {Batch} from '../../../src/model/consumer.js'
import {type Bench, cursor, reader, type Suite, seqs, take, upTo} from './bench.js'
import {seededRandom} from './random.js'

interface Text {
  seq: number
  recipient?: string
}

/** What a channel and its cursors are in the plainest words, to compare an engine with. */
class Model {
  messages: Text[] = []
  last = 0
  readonly cursors = new Map<string, number>()
  readonly held = new Map<string, Batch>()

  send(recipient?: string): number {
    this.messages.push({seq: ++this.last, ...(recipient !== undefined && {recipient})})
    return this.last
  }

  next(name: string, limit = Infinity): number[] {
    const after = this.cursors.get(name) ?? 0
    const seen = this.messages.filter(({seq, recipient}) => seq > after && (recipient ?? name) === name)
    return seen.slice(0, limit).map(({seq}) => seq)
  }
}

const NAMES = ['bob', 'zoe']

export function randomWalkTests({promise}: Suite): void {
  for (const seed of upTo(20))
    promise(`a random walk (${seed}) ends where the plainest model ends`, async (bench) => {
      await bench.store.channels.create('ops', {}, 'alice')
      const model = new Model()
      const random = seededRandom(seed)
      const stores = [bench.store, await bench.open(), await bench.open()]
      for (let count = 0; count < 60; count++) await step({...bench, store: one(stores, random)}, model, random)
      for (const name of NAMES) {
        const key = reader('ops', name)
        expect(await bench.store.consumers.unread(key, {actor: name})).toBe(model.next(name).length)
        expect((await cursor(bench.store, key)) ?? 0).toBe(model.cursors.get(name) ?? 0)
      }
    })
}

const one = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T

async function step(bench: Bench, model: Model, random: () => number): Promise<void> {
  const name = one(NAMES, random)
  const dice = random()
  if (dice < 0.4) await send(bench, model, one([undefined, undefined, ...NAMES], random))
  else if (dice < 0.65) await takeOne(bench, model, name, 1 + Math.floor(random() * 4))
  else if (dice < 0.85) await finish(bench, model, name, random)
  else if (dice < 0.95) await seek(bench, model, name, Math.floor(random() * (model.last + 1)))
  else {
    const keep = Math.floor(random() * 8)
    await bench.store.channels.prune('ops', {keep})
    model.messages = model.messages.slice(Math.max(0, model.messages.length - keep))
  }
}

async function send({send}: Bench, model: Model, recipient: string | undefined): Promise<void> {
  const {sent} = await send('ops', recipient === undefined ? {} : {recipient})
  expect(sent).toEqual([{channel: 'ops', seq: model.send(recipient)}])
}

async function takeOne({store}: Bench, model: Model, name: string, limit: number): Promise<void> {
  if (model.held.has(name)) return
  const batch = await take(store, reader('ops', name), {limit})
  expect(seqs(batch)).toEqual(model.next(name, limit))
  expect(batch.end).toBe(model.next(name).length <= limit)
  expect(batch.after).toBe(model.cursors.get(name) ?? 0)
  if (batch.messages.length > 0) model.held.set(name, batch)
  else model.cursors.set(name, model.last)
}

/** Commits all, commits a part and gives the rest up, or gives all up. */
async function finish({store}: Bench, model: Model, name: string, random: () => number): Promise<void> {
  const batch = model.held.get(name)
  if (!batch) return
  const key = reader('ops', name)
  const seq = one([batch.upTo, ...seqs(batch)], random)
  if (random() < 0.8) {
    await store.consumers.commit(key, batch.hold, seq)
    model.cursors.set(name, seq)
  }
  await store.consumers.release(key, batch.hold)
  model.held.delete(name)
}

async function seek({store}: Bench, model: Model, name: string, seq: number): Promise<void> {
  if (model.held.has(name)) return
  const before = model.next(name).length
  const move = await store.consumers.seek(reader('ops', name), seq, {actor: name})
  model.cursors.set(name, seq)
  expect(move.again - move.skipped).toBe(model.next(name).length - before)
}

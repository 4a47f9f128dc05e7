/** What was told to the outside before the power went, and whether the store that is left agrees. */
import assert from 'node:assert/strict'
import type {Bus} from '../../../src/bus/bus.js'
import {openBus} from '../../../src/index.js'
import {listOf} from '../../live/room.js'
import {soundness} from './sound.js'

/** A message that was acknowledged. */
interface Sent {
  id: string
  sent: {channel: string; seq: number}[]
  body: string
  sender: string
  key?: string
}

/** Milliseconds by which the store is opened later: leases of before are over, and what was delayed has fallen due. */
const LATER = 7_200_000
/** Keyed messages that are sent once more. */
const AGAIN = 10

export class Expected {
  readonly #sent = new Map<string, Sent>()
  readonly #batches: string[][] = []
  readonly #bulk = new Map<string, number>()
  readonly #done = new Map<string, Set<string>>()
  readonly #channels = new Set<string>()
  readonly #short = new Map<string, number>()
  readonly #late: string[] = []
  #read = 0

  /** A line of notes. */
  note(text: string): void {
    const what = JSON.parse(text)
    if (what.sent) this.#sent.set(what.id, what)
    else if (what.batch) this.#batches.push(what.batch)
    else if (what.bulk) this.#bulk.set(what.bulk, what.stored)
    else if (what.made) this.#channels.add(what.made)
    else if (what.short) this.#short.set(what.short, what.seq)
    else if (what.late) this.#late.push(what.late)
    else if (what.read) this.#read = what.read
    else if (what.done) this.#done.set(what.channel, (this.#done.get(what.channel) ?? new Set()).add(what.done))
  }

  /** A channel was acknowledged: there has to be a store. */
  get isMade(): boolean {
    return this.#channels.size > 0
  }

  /** How many messages were acknowledged. */
  get acknowledged(): number {
    const bulk = [...this.#bulk.values()].reduce((sum, count) => sum + count, 0)
    return this.#sent.size + this.#short.size + this.#late.length + bulk
  }

  /**
   * Opens the store, checks it thoroughly, and compares.
   * @returns how many acknowledged messages are lost @throws anything else is wrong
   */
  async compare(store: string): Promise<number> {
    const bus = await openBus({store, as: 'alice', clock: () => Date.now() + LATER})
    try {
      await soundness(bus)
      const names = new Set((await bus.channels({all: true})).map(({name}) => name))
      for (const name of this.#channels) assert.ok(names.has(name), `channel ${name} is gone`)
      const stored = new Map<string, Map<string, {seq: number; content: unknown}>>()
      for (const name of names) {
        const messages = await listOf(bus.log([name]))
        stored.set(name, new Map(messages.map(({id, seq, content}) => [id, {seq, content}])))
      }
      const lost = this.#lost(stored)
      if (lost > 0) return lost
      await this.#compareBatches(bus)
      await this.#compareCursor(bus)
      await this.#compareKeys(bus)
      for (const channel of ['jobs', 'hand']) if (names.has(channel)) await this.#compareWork(bus, channel)
      await soundness(bus)
      return 0
    } finally {
      await bus.close()
    }
  }

  #lost(stored: ReadonlyMap<string, ReadonlyMap<string, {seq: number; content: unknown}>>): number {
    let lost = 0
    for (const {id, sent, body} of this.#sent.values())
      for (const {channel, seq} of sent) {
        const found = stored.get(channel)?.get(id)
        if (!found) lost++
        else assert.deepEqual(found, {seq, content: body}, `${channel}/${seq} is another message now`)
      }
    for (const id of this.#late) if (!stored.get('late')?.has(id)) lost++
    for (const [name, count] of this.#bulk) {
      const there = [...(stored.get('jobs') ?? new Map()).values()].filter(({content}) =>
        content.startsWith(`${name} `),
      )
      lost += Math.max(0, count - there.length)
      assert.equal(there.length % 50, 0, `${name}: ${there.length} messages are no whole chunks`)
    }
    // The newest ten are kept; of those in front of them only the number counts.
    const newest = Math.max(0, ...[...(stored.get('short') ?? new Map()).values()].map(({seq}) => seq))
    for (const [id, seq] of this.#short) {
      if (seq > newest) lost++
      else if (seq > newest - 10)
        assert.equal(stored.get('short')?.get(id)?.seq, seq, `short/${seq} is another message now`)
    }
    // Of a message to two channels there are both places or none.
    for (const [id] of stored.get('audit') ?? []) assert.ok(stored.get('ops')?.has(id), `${id} is in audit alone`)
    return lost
  }

  async #compareBatches(bus: Bus): Promise<void> {
    for (const batch of this.#batches) {
      const found = (await Promise.all(batch.map((id) => bus.context.store.messages.find({by: 'id', id})))).filter(
        (places) => places.length > 0,
      )
      assert.ok(
        found.length === 0 || found.length === batch.length,
        `a batch has ${found.length} of ${batch.length} messages`,
      )
    }
  }

  async #compareCursor(bus: Bus): Promise<void> {
    if (this.#read === 0) return
    const {cursor} = await bus.cursor('ops', 'bob')
    assert.ok(cursor >= this.#read, `bob had read up to ${this.#read}, but is at ${cursor}`)
  }

  /** What is sent again under its key is the message that is there. */
  async #compareKeys(bus: Bus): Promise<void> {
    const keyed = [...this.#sent.values()].filter(({key}) => key !== undefined).slice(-AGAIN)
    for (const {id, sent, body, sender, key} of keyed) {
      const as = {...bus.context, actor: sender}
      const again = await as.store.messages.append([
        {
          id: as.ids(),
          channels: sent.map(({channel}) => channel),
          sender,
          type: 'message',
          body,
          contentType: 'text/plain',
          key,
        },
      ])
      assert.deepEqual([again[0]?.id, again[0]?.duplicate], [id, true], `${key} was stored twice`)
    }
  }

  /** What was finished stays so; all else is given again. */
  async #compareWork(bus: Bus, channel: string): Promise<void> {
    const done = this.#done.get(channel) ?? new Set()
    const again = new Set<string>()
    for (;;) {
      const claims = await bus.claim(channel, {limit: 100, maxAttempts: 1_000})
      if (claims.length === 0) break
      for (const {message} of claims) again.add(message.id)
    }
    for (const id of done) assert.ok(!again.has(id), `${id} was done, and is given again`)
    assert.equal((await bus.inFlight({channel})).length, again.size)
  }
}

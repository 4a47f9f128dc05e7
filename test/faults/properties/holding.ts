/** What readers are handed, and what becomes of it. */
import type {Batch} from '../../../src/model/consumer.js'
import {type HoldName, isHeld, type Model, type Reader, storeDue, unreadOf} from './model.js'
import {asVictim, type Got, got, numbered, type Operation, type World} from './operation.js'

/** A reader's next messages; its process may be gone with them in hand. */
export class Take implements Operation {
  readonly #channel: string
  readonly #reader: string
  readonly #limit: number
  readonly #dies: boolean

  constructor(channel: string, reader: string, limit: number, dies = false) {
    this.#channel = channel
    this.#reader = reader
    this.#limit = limit
    this.#dies = dies
  }

  fits = (): boolean => true

  ask(world: World): Promise<Got> {
    const [channel, reader, limit] = [this.#channel, this.#reader, this.#limit]
    return got(async () => {
      if (!this.#dies) {
        const batch = await world.as(reader).take(channel, {limit, holdWait: 0})
        return seenOf(batch, await heldUntil(world, channel, reader))
      }
      return asVictim(world, async (store) => {
        const batch = await store.consumers.take({channel, reader}, {actor: reader, limit, wait: 0})
        return {got: seenOf(batch, 0), held: {hold: batch.hold}}
      })
    })
  }

  tell(model: Model, {made}: Got): unknown {
    storeDue(model)
    const {now} = model
    const channel = model.channels[this.#channel]
    if (!channel) return 'NOT_FOUND'
    const isNew = channel.readers[this.#reader] === undefined
    const reader: Reader = channel.readers[this.#reader] ?? {cursor: 0}
    if (isHeld(reader, now)) return 'BUSY'
    channel.readers[this.#reader] = reader
    const wanted = unreadOf(channel, this.#reader, now)
    const given = wanted.slice(0, this.#limit)
    const end = given.length === wanted.length
    const {cursor: after} = reader
    const upTo = end ? channel.lastSeq : (given.at(-1)?.seq as number)
    const first = channel.messages.find(({seq}) => seq > after)?.seq ?? channel.lastSeq + 1
    delete reader.hold
    if (given.length === 0) reader.cursor = Math.max(after, upTo)
    else {
      const {token, until} = made as {token: string; until: number}
      reader.hold = {token, until, upTo, gone: this.#dies}
      const from = given[0]?.seq as number
      if (!this.#dies) model.holds.push({channel: this.#channel, reader: this.#reader, token, from, upTo})
    }
    const texts = given.map(({seq, body}) => `${seq} ${body}`)
    return {texts, after, upTo, end, created: isNew, pruned: first - after - 1, held: given.length > 0}
  }

  toString = (): string => `${this.#reader} takes ${this.#limit} of ${this.#channel}${this.#dies ? ' and dies' : ''}`
}

const seenOf = ({messages, after, upTo, end, created, pruned, hold}: Batch, until: number): Got => ({
  seen: {
    texts: messages.map(({seq, body}) => `${seq} ${body}`),
    after,
    upTo,
    end,
    created,
    pruned,
    held: hold !== '',
  },
  made: {token: hold, until},
})

/** When the lease ends is the engine's own affair. */
async function heldUntil({as}: World, channel: string, reader: string): Promise<number> {
  const consumer = await as('alice').context.store.consumers.get({channel, kind: 'reader', name: reader})
  return Date.parse(consumer?.held?.until ?? '1970-01-01')
}

export type HoldEnd = 'committed' | 'committed in part' | 'committed past its end' | 'given up' | 'extended'

/** What becomes of a hold that was given once, whether it lasts or not. */
export class EndHold implements Operation {
  readonly #number: number
  readonly #how: HoldEnd

  constructor(number: number, how: HoldEnd) {
    this.#number = number
    this.#how = how
  }

  fits = ({holds}: Readonly<Model>): boolean => holds.length > 0

  #seq = ({from, upTo}: HoldName): number =>
    ({committed: upTo, 'committed in part': from, 'committed past its end': upTo + 1})[this.#how as string] ?? 0

  ask(world: World, model: Readonly<Model>): Promise<Got> {
    const name = numbered(model.holds, this.#number)
    const {channel, reader, token: hold} = name
    const bus = world.as(reader)
    return got(async () => {
      if (this.#how === 'given up') await bus.releaseHold({channel, hold})
      else if (this.#how === 'extended') await bus.extendHold({channel, hold})
      else await bus.commitHold({channel, hold}, this.#seq(name))
      return {seen: 'done', made: await heldUntil(world, channel, reader)}
    })
  }

  tell(model: Model, {made}: Got, named: Readonly<Model>): unknown {
    storeDue(model)
    const name = numbered(named.holds, this.#number)
    const channel = model.channels[name.channel]
    if (!channel) return 'NOT_FOUND'
    const reader = channel.readers[name.reader]
    const isOwn = reader?.hold?.token === name.token
    if (this.#how === 'given up') {
      if (isOwn) delete reader.hold
      return 'done'
    }
    if (!isOwn || !isHeld(reader, model.now)) return 'STALE_CLAIM'
    const seq = this.#seq(name)
    if (seq > name.upTo) return 'INVALID'
    if (this.#how !== 'extended') reader.cursor = Math.max(reader.cursor, seq)
    if (seq === name.upTo) delete reader.hold
    // Somebody else may have ended it before its end was asked for.
    else if (reader.hold) reader.hold.until = Math.max(reader.hold.until, made as number)
    return 'done'
  }

  toString = (): string => `hold ${this.#number} is ${this.#how}`
}

/** How many messages a reader has before it. */
export class Count implements Operation {
  readonly #channel: string
  readonly #reader: string

  constructor(channel: string, reader: string) {
    this.#channel = channel
    this.#reader = reader
  }

  fits = (): boolean => true

  ask({as}: World): Promise<Got> {
    return got(async () => ({seen: await as(this.#reader).unread(this.#channel)}))
  }

  tell(model: Model): unknown {
    storeDue(model)
    const channel = model.channels[this.#channel]
    return channel ? unreadOf(channel, this.#reader, model.now).length : 'NOT_FOUND'
  }

  toString = (): string => `${this.#reader} counts ${this.#channel}`
}

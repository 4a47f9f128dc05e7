/** What is handed out, and what becomes of it. */

import type {Claim} from '../../../src/model/claim.js'
import type {Batch} from '../../../src/model/consumer.js'
import {
  type Channel,
  type ClaimName,
  type HoldName,
  isClaimed,
  isHeld,
  isLive,
  type Model,
  type Reader,
  storeDue,
  type Task,
  unreadOf,
} from './model.js'
import {type Got, got, numbered, type Operation, type World} from './operation.js'

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
      const victim = await world.victim()
      try {
        const options = {actor: reader, limit, wait: 0}
        const batch = await victim.store.consumers.take({channel, reader}, options)
        const seen = seenOf(batch, 0)
        await victim.die({hold: batch.hold})
        return seen
      } catch (error) {
        await victim.die({})
        throw error
      }
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

/** Attempts after which a message is given up. */
const MOST = 3

/** A group's next messages, for a lease; the worker may be gone with them in hand. */
export class Give implements Operation {
  readonly #channel: string
  readonly #group: string
  readonly #limit: number
  readonly #lease: number
  readonly #dies: boolean

  constructor(channel: string, group: string, limit: number, lease: number, dies = false) {
    this.#channel = channel
    this.#group = group
    this.#limit = limit
    this.#lease = lease
    this.#dies = dies
  }

  fits = (): boolean => true

  ask(world: World): Promise<Got> {
    const [channel, group, limit, lease] = [this.#channel, this.#group, this.#limit, this.#lease]
    return got(async () => {
      const terms = {limit, lease, maxAttempts: MOST}
      if (!this.#dies) return claimed(await world.as('alice').claim(channel, {group, ...terms}))
      const victim = await world.victim()
      try {
        const {claims} = await victim.store.claims.claim({channel, group}, {...terms, actor: 'alice', bound: true})
        await victim.die({claims: claims.map(({message: {seq}}) => ({channel, group, seq}))})
        return claimed(claims)
      } catch (error) {
        await victim.die({})
        throw error
      }
    })
  }

  tell(model: Model, {made}: Got): unknown {
    storeDue(model)
    const {now} = model
    const channel = model.channels[this.#channel]
    if (!channel) return 'NOT_FOUND'
    channel.groups[this.#group] ??= {cursor: 0, tasks: []}
    const group = channel.groups[this.#group] as NonNullable<Channel['groups'][string]>
    const text = (seq: number) => channel.messages.find((one) => one.seq === seq) as Channel['messages'][number]
    // Expired while it waited: not given again.
    group.tasks = group.tasks.filter((task) => isClaimed(task, now) || isLive(text(task.seq), now))
    const exhausted = group.tasks.filter((task) => task.claim && !isClaimed(task, now) && task.attempt >= MOST)
    group.tasks = group.tasks.filter((task) => !exhausted.includes(task))
    channel.dead.push(...exhausted.map(({seq}) => `${seq} ${this.#group}`))
    const again = group.tasks
      .filter((task) => (task.claim ? !isClaimed(task, now) : task.until <= now))
      .sort((a, b) => a.seq - b.seq)
      .slice(0, this.#limit)
    const fresh = channel.messages
      .filter(({seq, recipient}) => seq > group.cursor && (recipient ?? this.#group) === this.#group)
      .filter((one) => isLive(one, now))
      .slice(0, this.#limit - again.length)
      .map(({seq}): Task => ({seq, attempt: 0, until: 0}))
    group.tasks.push(...fresh)
    group.cursor = fresh.at(-1)?.seq ?? group.cursor
    const tokens = made as string[]
    const given = [...again, ...fresh]
    for (const [at, task] of given.entries()) {
      const token = tokens[at] as string
      Object.assign(task, {attempt: task.attempt + 1, until: now + this.#lease, claim: {token, gone: this.#dies}})
      if (!this.#dies) model.claims.push({channel: this.#channel, group: this.#group, seq: task.seq, token})
    }
    return given.map(({seq, attempt}) => `${seq} ${text(seq).body} attempt ${attempt}`)
  }

  toString(): string {
    const what = `${this.#group} claims ${this.#limit} of ${this.#channel} for ${this.#lease / 1000} s`
    return this.#dies ? `${what} and dies` : what
  }
}

const claimed = (claims: readonly Claim[]): Got => ({
  seen: claims.map(({message, attempt}) => `${message.seq} ${message.body} attempt ${attempt}`),
  made: claims.map(({token}) => token),
})

export type ClaimEnd = 'acked' | 'nacked' | 'nacked for good' | 'extended'

/** Milliseconds until what was nacked is given again, and of a new lease. */
const DELAY = 5_000
const LEASE = 20_000

/** What becomes of a claim that was given once, whether it lasts or not. */
export class EndClaim implements Operation {
  readonly #number: number
  readonly #how: ClaimEnd

  constructor(number: number, how: ClaimEnd) {
    this.#number = number
    this.#how = how
  }

  fits = ({claims}: Readonly<Model>): boolean => claims.length > 0

  ask({as}: World, model: Readonly<Model>): Promise<Got> {
    const {token} = numbered(model.claims, this.#number)
    const bus = as('alice')
    return got(async () => {
      if (this.#how === 'acked') await bus.ack({claim: token})
      else if (this.#how === 'extended') await bus.extend({claim: token}, LEASE)
      else
        return {
          seen: (await bus.nack({claim: token}, {delay: DELAY, maxAttempts: MOST, dead: this.#how !== 'nacked'})).state,
        }
      return {seen: 'done'}
    })
  }

  tell(model: Model, _: Got, named: Readonly<Model>): unknown {
    storeDue(model)
    const {now} = model
    const {channel: name, group: groupName, token}: ClaimName = numbered(named.claims, this.#number)
    const channel = model.channels[name]
    const group = channel?.groups[groupName]
    const task = group?.tasks.find((one) => one.claim?.token === token)
    if (!channel || !group || !task || !isClaimed(task, now)) return 'STALE_CLAIM'
    if (this.#how === 'extended') {
      task.until = now + LEASE
      return 'done'
    }
    if (this.#how === 'nacked' && task.attempt < MOST) {
      delete task.claim
      task.until = now + DELAY
      return 'waiting'
    }
    group.tasks = group.tasks.filter((one) => one !== task)
    if (this.#how === 'acked') return 'done'
    channel.dead.push(`${task.seq} ${groupName}`)
    return 'dead'
  }

  toString = (): string => `claim ${this.#number} is ${this.#how}`
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

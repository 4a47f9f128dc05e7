/** What groups of workers are handed, and what becomes of it. */
import type {Claim} from '../../../src/model/claim.js'
import {type Channel, type ClaimName, isClaimed, isLive, type Model, storeDue, type Task} from './model.js'
import {asVictim, type Got, got, numbered, type Operation, type World} from './operation.js'

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
      return asVictim(world, async (store) => {
        const {claims} = await store.claims.claim({channel, group}, {...terms, actor: 'alice', bound: true})
        return {got: claimed(claims), held: {claims: claims.map(({message: {seq}}) => ({channel, group, seq}))}}
      })
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

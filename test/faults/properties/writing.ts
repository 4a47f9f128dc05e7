/** What is done to channels and their messages. */
import type {Draft} from '../../../src/model/message.js'
import {
  type Channel,
  dropExpired,
  isHeld,
  keepNewest,
  type Model,
  retain,
  store,
  storeDue,
  type Text,
  unreadOf,
} from './model.js'
import {type Got, got, numbered, type Operation, type World} from './operation.js'

/** Milliseconds, like all that follow. */
export interface SendGiven {
  channel: string
  as: string
  body: string
  recipient?: string | undefined
  key?: string | undefined
  delay?: number | undefined
  expires?: number | undefined
}

export class Send implements Operation {
  readonly #given: SendGiven

  constructor(given: SendGiven) {
    this.#given = given
  }

  fits = (): boolean => true

  ask({as, clock}: World): Promise<Got> {
    const {channel, as: actor, body, recipient, key, delay, expires} = this.#given
    const draft: Draft = {
      body,
      ...(recipient !== undefined && {recipient}),
      ...(key !== undefined && {key}),
      ...(delay !== undefined && {deliverAt: clock.now + delay}),
      ...(expires !== undefined && {expiresAt: clock.now + (delay ?? 0) + expires}),
    }
    return got(async () => {
      const {id, sent, duplicate = false} = await as(actor).send(channel, draft)
      const [first] = sent
      const place = first && 'seq' in first ? first.seq : Date.parse(first?.deliverAt ?? '')
      return {seen: {place, duplicate}, made: id}
    })
  }

  tell(model: Model, {made}: Got): unknown {
    storeDue(model)
    const {channel: name, as: sender, body, recipient, key, delay, expires} = this.#given
    const channel = model.channels[name]
    if (!channel) return 'NOT_FOUND'
    const {now} = model
    // A refused append changes nothing.
    const left = structuredClone(channel)
    dropExpired(left, now)
    const same = left.messages.find((text) => key !== undefined && text.key === key)
    const waits = model.delayed.find((text) => text.channel === name && key !== undefined && text.key === key)
    const known = same ?? waits
    if (known && (known.sender !== sender || known.sent !== body)) return 'CONFLICT'
    if (!known && channel.state === 'closed') return 'CHANNEL_CLOSED'
    model.channels[name] = left
    if (known) {
      retain(left)
      return {place: same?.seq ?? waits?.deliverAt, duplicate: true}
    }
    const text: Omit<Text, 'seq'> = {
      id: String(made),
      sender,
      body,
      sent: body,
      ...(recipient !== undefined && {recipient}),
      ...(key !== undefined && {key}),
      ...(expires !== undefined && {expiresAt: now + (delay ?? 0) + expires}),
    }
    if (delay !== undefined) {
      model.delayed.push({...text, seq: 0, channel: name, deliverAt: now + delay})
      retain(left)
      return {place: now + delay, duplicate: false}
    }
    const place = store(model, name, text)
    retain(left)
    return {place, duplicate: false}
  }

  toString(): string {
    const {channel, as, body, ...rest} = this.#given
    const more = Object.entries(rest).filter(([, value]) => value !== undefined)
    return `${as} sends "${body}" to ${channel}${more.map(([name, value]) => ` ${name}=${value}`).join('')}`
  }
}

/** Redacts one of the messages that are there. */
export class Redact implements Operation {
  readonly #channel: string
  readonly #number: number

  constructor(channel: string, number: number) {
    this.#channel = channel
    this.#number = number
  }

  fits = ({channels}: Readonly<Model>): boolean => (channels[this.#channel]?.messages.length ?? 0) > 0

  #named = ({channels}: Readonly<Model>): Text => numbered(channels[this.#channel]?.messages ?? [], this.#number)

  ask({as}: World, model: Readonly<Model>): Promise<Got> {
    const {seq} = this.#named(model)
    return got(async () => ({
      seen: (await as('alice').redact(`${this.#channel}/${seq}`)).map((message) => message.seq),
    }))
  }

  tell(model: Model, _: Got, named: Readonly<Model>): unknown {
    storeDue(model)
    const {seq} = this.#named(named)
    const text = model.channels[this.#channel]?.messages.find((one) => one.seq === seq)
    if (!text) return 'NOT_FOUND'
    text.body = ''
    return [seq]
  }

  toString = (): string => `alice redacts message ${this.#number} of ${this.#channel}`
}

export class Prune implements Operation {
  readonly #channel: string
  readonly #keep: number
  readonly #keepUnread: boolean

  constructor(channel: string, keep: number, keepUnread: boolean) {
    this.#channel = channel
    this.#keep = keep
    this.#keepUnread = keepUnread
  }

  fits = (): boolean => true

  ask({as}: World): Promise<Got> {
    return got(async () => {
      const options = {keep: this.#keep, keepUnread: this.#keepUnread}
      const {deleted, kept} = await as('alice').pruneChannel(this.#channel, options)
      return {seen: {deleted, kept}}
    })
  }

  tell(model: Model): unknown {
    storeDue(model)
    const channel = model.channels[this.#channel]
    if (!channel) return 'NOT_FOUND'
    const upTo = this.#keepUnread ? slowest(channel, model.now) : Infinity
    const deleted = dropExpired(channel, model.now) + keepNewest(channel, this.#keep, upTo)
    return {deleted, kept: channel.messages.length}
  }

  toString = (): string =>
    `alice prunes ${this.#channel} to ${this.#keep}${this.#keepUnread ? ' and what is unread' : ''}`
}

/** The last seq that every reader is done with. */
const slowest = (channel: Channel, now: number): number =>
  Math.min(
    ...Object.keys(channel.readers).map((reader) => (unreadOf(channel, reader, now)[0]?.seq ?? Infinity) - 1),
    Infinity,
  )

/** Moves a reader's cursor to a seq, seen from the end. */
export class Seek implements Operation {
  readonly #channel: string
  readonly #reader: string
  readonly #back: number

  constructor(channel: string, reader: string, back: number) {
    this.#channel = channel
    this.#reader = reader
    this.#back = back
  }

  fits = ({channels}: Readonly<Model>): boolean => channels[this.#channel] !== undefined

  #seq = ({channels}: Readonly<Model>): number => (channels[this.#channel]?.lastSeq ?? 0) - this.#back

  ask({as}: World, model: Readonly<Model>): Promise<Got> {
    const seq = Math.max(0, this.#seq(model))
    return got(async () => {
      const {from, to, again, skipped} = await as(this.#reader).setCursor(this.#channel, String(seq))
      return {seen: {from, to, again, skipped}}
    })
  }

  tell(model: Model, _: Got, named: Readonly<Model>): unknown {
    storeDue(model)
    const channel = model.channels[this.#channel]
    if (!channel) return 'NOT_FOUND'
    const to = Math.max(0, this.#seq(named))
    if (to > channel.lastSeq) return 'INVALID'
    const reader = channel.readers[this.#reader] ?? {cursor: 0}
    if (isHeld(reader, model.now)) return 'BUSY'
    const unread = (): number[] => unreadOf(channel, this.#reader, model.now).map(({seq}) => seq)
    channel.readers[this.#reader] = reader
    const before = unread()
    const {cursor: from} = reader
    Object.assign(reader, {cursor: to, hold: undefined})
    const after = unread()
    return {
      from,
      to,
      again: after.filter((seq) => !before.includes(seq)).length,
      skipped: before.filter((seq) => !after.includes(seq)).length,
    }
  }

  toString = (): string => `${this.#reader} seeks ${this.#back} in front of the end of ${this.#channel}`
}

/** Time passes. */
export class Wait implements Operation {
  readonly #ms: number

  constructor(ms: number) {
    this.#ms = ms
  }

  fits = (): boolean => true

  async ask({clock}: World): Promise<Got> {
    clock.now += this.#ms
    return {seen: undefined}
  }

  tell(model: Model): unknown {
    model.now += this.#ms
    return undefined
  }

  toString = (): string => `${this.#ms / 1000} s pass`
}

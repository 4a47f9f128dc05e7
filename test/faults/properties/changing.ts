/** What becomes of channels. */
import {type Channel, type Model, storeDue} from './model.js'
import {type Got, got, type Operation, type World} from './operation.js'

/** Messages that `box` keeps. */
const BOX = 5

export type Fate = 'created' | 'closed' | 'opened' | 'deleted' | 'made anew'

/** Makes, closes, opens or deletes a channel, or deletes it and makes it again. `box` keeps a few messages. */
export class Change implements Operation {
  readonly #channel: string
  readonly #fate: Fate

  constructor(channel: string, fate: Fate) {
    this.#channel = channel
    this.#fate = fate
  }

  fits = (): boolean => true

  ask({as}: World): Promise<Got> {
    const [alice, name] = [as('alice'), this.#channel]
    const created = async (): Promise<number> =>
      (await alice.createChannel(name, name === 'box' ? {retention: {maxMessages: BOX}} : {})).lastSeq
    return got(async () => {
      switch (this.#fate) {
        case 'created':
          return {seen: await created()}
        case 'deleted':
          return {seen: await alice.deleteChannel(name)}
        case 'made anew':
          return {seen: [await alice.deleteChannel(name), await created()]}
        default:
          return {seen: (await alice.setChannelState(name, this.#fate === 'closed' ? 'closed' : 'open')).state}
      }
    })
  }

  tell(model: Model): unknown {
    storeDue(model)
    const channel = model.channels[this.#channel]
    if (this.#fate === 'created') return channel ? 'EXISTS' : this.#create(model)
    if (!channel) return 'NOT_FOUND'
    if (this.#fate === 'deleted') return this.#delete(model, channel)
    if (this.#fate === 'made anew') return [this.#delete(model, channel), this.#create(model)]
    channel.state = this.#fate === 'closed' ? 'closed' : 'open'
    return channel.state
  }

  #create({channels, left}: Model): number {
    const name = this.#channel
    const lastSeq = left[name] ?? 0
    const retention = name === 'box' ? {keep: BOX} : {}
    channels[name] = {state: 'open', lastSeq, ...retention, messages: [], readers: {}, groups: {}, dead: []}
    return lastSeq
  }

  #delete(model: Model, {lastSeq, messages}: Channel): number {
    const name = this.#channel
    model.left[name] = lastSeq
    model.delayed = model.delayed.filter((text) => text.channel !== name)
    delete model.channels[name]
    return messages.length
  }

  toString = (): string => `${this.#channel} is ${this.#fate}`
}

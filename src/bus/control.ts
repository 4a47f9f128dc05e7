/** Responders that do as they are told: messages of type `start`, `stop` and `remove`. */

import type {Claim, GroupKey} from '../model/claim.js'
import {isForGroup} from '../model/filter.js'
import type {Message, Seq} from '../model/message.js'
import {seqIn} from '../model/position.js'
import {type Answered, deliverAnswer} from './answering.js'
import type {Context} from './context.js'
import type {Look} from './worker.js'

export type ControlType = 'start' | 'stop' | 'remove'

const SAID: Readonly<Record<ControlType, string>> = {start: 'started', stop: 'stopped', remove: 'removed'}

export const CONTROL_TYPES = Object.keys(SAID)

/** A control message that was obeyed. */
export interface Obeyed extends Answered {
  claim: Claim
  control: ControlType
}

export interface ControlOptions {
  /** The last seq of the channel when the responder came: what is older was not meant for it. */
  since: Seq
  /** Looks for requests and control messages. */
  claim: (limit: number) => Promise<Look>
  onObeyed: (obeyed: Obeyed) => void
}

/** Looks for requests as it is told to. */
export class Control {
  isRemoved = false
  readonly #ctx: Context
  readonly #key: GroupKey
  readonly #options: ControlOptions
  /** While it is stopped: how far it has looked for what starts it again. */
  #stoppedAt: Seq | undefined

  constructor(ctx: Context, key: GroupKey, options: ControlOptions) {
    this.#ctx = ctx
    this.#key = key
    this.#options = options
  }

  async look(limit: number): Promise<Look> {
    if (this.#stoppedAt !== undefined) return this.#listen(this.#stoppedAt)
    const look = await this.#options.claim(limit)
    const requests: Claim[] = []
    for (const [index, claim] of look.claims.entries()) {
      if (!isControl(claim.message)) requests.push(claim)
      else {
        await this.#obey(claim, claim.message.type)
        if (this.isRemoved || this.#stoppedAt !== undefined) {
          await this.#giveBack(look.claims.slice(index + 1))
          break
        }
      }
    }
    return {...look, claims: requests, isOver: this.isRemoved}
  }

  async #obey(claim: Claim, control: ControlType): Promise<void> {
    const {token, message} = claim
    if (message.seq <= this.#options.since) {
      await this.#ctx.store.claims.settle([{token, as: 'done'}])
      return
    }
    const answered = await this.#answer(message, control)
    const [settled] = await this.#ctx.store.claims.settle([{token, as: 'done'}])
    if (settled === 'stale') return // someone else has it now, and obeys it
    if (control === 'stop') this.#stoppedAt = message.seq
    if (control === 'remove') this.isRemoved = true
    this.#options.onObeyed({claim, control, ...answered})
  }

  async #answer(message: Message, control: ControlType): Promise<Answered> {
    if (message.replyChannel === undefined) return {replies: 0}
    return deliverAnswer(this.#ctx, {...this.#key, message}, {drafts: [{body: SAID[control]}]})
  }

  /** Looks for what starts or removes it, without claiming: whoever of the group claims that answers it. */
  async #listen(after: Seq): Promise<Look> {
    const {channel, group} = this.#key
    const page = await this.#ctx.store.messages.scan({
      // What is addressed to the group isn't addressed to the actor, so it is looked for among all there is.
      channels: [{name: channel, after, all: true}],
      actor: this.#ctx.actor,
      order: 'forward',
      limit: LISTEN_PAGE,
      filter: {types: CONTROL_TYPES},
    })
    const seen = seqIn(page.next, channel) ?? after
    this.#stoppedAt = seen
    const told = page.messages.find((message) => message.type !== 'stop' && isForGroup(message, group))
    if (told?.type === 'start') this.#stoppedAt = undefined
    if (told?.type === 'remove') {
      // The group is about to be forgotten with all that waits for it, this message too.
      await this.#answer(told, 'remove')
      this.isRemoved = true
    }
    return {claims: [], more: told !== undefined || !page.end, seen, isEmpty: false, isOver: this.isRemoved}
  }

  async #giveBack(claims: readonly Claim[]): Promise<void> {
    if (claims.length > 0)
      await this.#ctx.store.claims.settle(claims.map(({token}) => ({token, as: 'released' as const})))
  }
}

/** Messages looked at at once while it is stopped. */
const LISTEN_PAGE = 20

const isControl = (message: Message): message is Message & {type: ControlType} => Object.hasOwn(SAID, message.type)

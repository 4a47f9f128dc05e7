/** The deliveries of one push subscription: strictly in order, and apart from all others. */
import type {Channel} from '../model/channel.js'
import {attemptOf, type Delivery, type DeliveryClaim} from '../model/delivery.js'
import {LeatError} from '../model/errors.js'
import type {Subscription, SubscriptionKey} from '../model/subscription.js'
import {isoTime} from '../model/time.js'
import type {Transports} from '../transport/transport.js'
import {mayUse} from './access.js'
import type {Context} from './context.js'
import {timerFor} from './deadline.js'
import {type Ending, endingOf, poisonOf} from './delivery-outcome.js'
import {HeldDelivery} from './held-delivery.js'
import {secretsOf} from './secrets.js'
import {type Choice, chooseTransport} from './transport-choice.js'

export interface DeliverySettled {
  delivery: Delivery
  /** `lost`: someone else took over; nothing was settled. `released`: given back, uncounted. */
  outcome: 'delivered' | 'retry' | 'failed' | 'released' | 'lost'
  transport: string
  error?: string
  /** Why another transport was taken than the subscription or the channel chose. */
  fallback?: string
}

/** Something waits for a subscriber, and there is no transport for it now. */
export interface DeliveryStuck extends SubscriptionKey {
  reason: string
}

export interface LaneTerms {
  transports: Transports
  /** End where nothing more can be delivered now. */
  once: boolean
  only: readonly string[] | undefined
  random: () => number
  onSettled: (settled: DeliverySettled) => void
  onStuck: (stuck: DeliveryStuck) => void
}

/** Milliseconds. */
const LEASE = 30_000
/** Milliseconds until transports are looked at again where none was available, and who wasn't there is tried again. */
const LOOK_AGAIN = 60_000
const REACH_AGAIN = 30_000
/** Milliseconds that a lane rests that was woken for nothing, and again: what happens in its channel isn't for it. */
const REST = 100

/** What a lane does next. */
type Next =
  | 'more'
  /** The subscription is gone. */
  | 'end'
  /** Waits for a change, or so many milliseconds. */
  | {wait?: number}
  /** Nobody was there: waits until somebody may be, or the subscription is changed. */
  | 'unreached'

export class DeliveryLane {
  readonly #ctx: Context
  readonly #key: SubscriptionKey
  readonly #terms: LaneTerms
  #held: HeldDelivery | undefined
  #isStopping = false
  #isReleasing = false
  /** Something happened since the last step began. */
  #news = {any: false, near: false}
  /** How the subscription and its channel were set when somebody last looked. */
  #settings: string | undefined
  #wake: (() => void) | undefined
  #isDeaf = false
  /** Why there is no transport, when that was told. */
  #stuck: string | undefined

  constructor(ctx: Context, key: SubscriptionKey, terms: LaneTerms) {
    this.#ctx = ctx
    this.#key = key
    this.#terms = terms
  }

  /** Delivers until it is stopped, the subscription is gone, or with `once` nothing is left to do now. @throws what the store throws */
  async run(): Promise<void> {
    let looks = 0
    while (!this.#isStopping) {
      this.#news = {any: false, near: false}
      const next = await this.#step()
      // Since something was given, or there was nobody to give it to.
      looks = typeof next === 'string' ? 0 : looks + 1
      if (next === 'more') continue
      if (next === 'end' || this.#terms.once) return
      if (next === 'unreached') await this.#sleep(REACH_AGAIN, true)
      else {
        if (looks > 1 && next.wait === undefined) await this.#sleep(REST, true)
        await this.#sleep(next.wait, false)
      }
    }
  }

  /** The store has changed. @param settings of the subscription and its channel, as one text */
  stir(settings: string): void {
    const isChanged = this.#settings !== undefined && settings !== this.#settings
    this.#settings = settings
    this.#tell(isChanged)
  }

  /** The subscriber may be reached now. */
  reach(): void {
    this.#tell(true)
  }

  /** Takes nothing more. */
  stop(): void {
    this.#isStopping = true
    this.#wake?.()
  }

  /** What is being sent had its time. */
  release(): void {
    this.#isReleasing = true
    this.#held?.release()
  }

  #tell(near: boolean): void {
    this.#news = {any: true, near: this.#news.near || near}
    if (near || !this.#isDeaf) this.#wake?.()
  }

  async #sleep(ms: number | undefined, deaf: boolean): Promise<void> {
    if (this.#isStopping || this.#news.near || (this.#news.any && !deaf)) return
    let timer: NodeJS.Timeout | undefined
    this.#isDeaf = deaf
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      if (ms !== undefined) timer = setTimeout(resolve, timerFor(ms))
    })
    clearTimeout(timer)
    this.#wake = undefined
    this.#isDeaf = false
  }

  async #step(): Promise<Next> {
    try {
      return await this.#deliverNext()
    } catch (error) {
      if (error instanceof LeatError && error.code === 'NOT_FOUND') return 'end'
      throw error
    }
  }

  async #deliverNext(): Promise<Next> {
    const {store} = this.#ctx
    const {channel: name, subscriber} = this.#key
    const [channel, [subscription]] = await Promise.all([store.channels.get(name), store.subscriptions.list(this.#key)])
    if (!channel || !subscription) return 'end'
    if (subscription.paused || !(await mayUse(this.#ctx, channel, 'subscribe', subscriber))) return {}
    const {transports, only} = this.#terms
    const choice = await chooseTransport(subscription, channel, transports)
    if (typeof choice === 'string') return this.#stay(choice, channel)
    this.#stuck = undefined
    if (only && !only.includes(choice.transport.name)) return {wait: LOOK_AGAIN}
    if (this.#isStopping) return {}
    const {claim, readyIn} = await store.deliveries.take(this.#key, {lease: LEASE})
    if (!claim) return readyIn === undefined ? {} : {wait: readyIn}
    if (!this.#isStopping) return this.#deliver(claim, choice, subscription, channel)
    await store.deliveries.settle(claim.token, {as: 'released', delay: 0})
    return {}
  }

  /** Says once why nothing goes, if something should. */
  async #stay(reason: string, {lastSeq}: Channel): Promise<Next> {
    const {channel, subscriber} = this.#key
    const {store} = this.#ctx
    const [consumer, pending] = await Promise.all([
      store.consumers.get({channel, kind: 'push', name: subscriber}),
      store.deliveries.list({...this.#key, state: 'pending', limit: 1}),
    ])
    const waits = pending.length > 0 || (consumer !== undefined && consumer.cursor < lastSeq)
    if (waits && this.#stuck !== reason) this.#terms.onStuck({...this.#key, reason})
    if (waits) this.#stuck = reason
    return {wait: LOOK_AGAIN}
  }

  async #deliver(claim: DeliveryClaim, choice: Choice, subscription: Subscription, channel: Channel): Promise<Next> {
    const ending = poisonOf(claim, choice.transport.name) ?? (await this.#send(claim, choice, subscription, channel))
    if (ending === 'lost') this.#report(claim.delivery, 'lost', choice)
    else await this.#settle(claim, choice, ending)
    return ending !== 'lost' && ending.unreached ? 'unreached' : 'more'
  }

  async #send(
    claim: DeliveryClaim,
    {transport}: Choice,
    subscription: Subscription,
    channel: Channel,
  ): Promise<Ending | 'lost'> {
    const {delivery, message} = claim
    const {id: deliveryId, attempts} = delivery
    const secrets = () => secretsOf(this.#ctx, this.#key)
    const recipient = {subscription, deliveryId, attempt: attempts, secrets}
    const held = new HeldDelivery(this.#ctx, claim, LEASE)
    this.#held = held
    if (this.#isReleasing) held.release()
    const sending = await held.send((signal) => transport.send(message, channel, [recipient], {signal}))
    this.#held = undefined
    if (sending === 'lost') return 'lost'
    if (sending === 'released') return {outcome: {as: 'released', delay: 0}, error: 'the deliverer stops'}
    const {result, ms} = sending
    return endingOf(result, {attempts, transport: transport.name, ms, random: this.#terms.random()})
  }

  async #settle(claim: DeliveryClaim, choice: Choice, {outcome, error, gone = false}: Ending): Promise<void> {
    const {store, clock, actor} = this.#ctx
    const {channel, subscriber} = this.#key
    if ((await store.deliveries.settle(claim.token, outcome)) === 'stale')
      return this.#report(claim.delivery, 'lost', choice)
    if (gone) await store.subscriptions.put(channel, subscriber, {paused: true}, actor)
    const {held: _, ...rest} = claim.delivery
    const now = clock()
    const {as} = outcome
    if (as === 'released')
      return this.#report({...rest, attempts: rest.attempts - 1, nextAt: isoTime(now)}, as, choice, error)
    const delivery = {...rest, history: [...rest.history, attemptOf(outcome, isoTime(now))]}
    if (as === 'retry') this.#report({...delivery, nextAt: isoTime(now + outcome.delay)}, as, choice, error)
    else this.#report({...delivery, state: as}, as, choice, error)
  }

  #report(
    delivery: Delivery,
    outcome: DeliverySettled['outcome'],
    {transport, fallback}: Choice,
    error?: string,
  ): void {
    this.#terms.onSettled({
      delivery,
      outcome,
      transport: transport.name,
      ...(error !== undefined && {error}),
      ...(fallback !== undefined && {fallback}),
    })
  }
}

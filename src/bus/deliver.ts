/** Pushes messages out: every push subscription is a lane of its own, and one that is slow holds up nobody else. */
import {setTimeout as pause} from 'node:timers/promises'
import type {LeatError} from '../model/errors.js'
import type {SubscriptionKey} from '../model/subscription.js'
import type {Transports} from '../transport/transport.js'
import {existing} from './access.js'
import type {Context} from './context.js'
import {type Deadline, deadline} from './deadline.js'
import {DeliveryLane, type DeliverySettled, type DeliveryStuck, type LaneTerms} from './delivery-lane.js'
import {lasting} from './lasting.js'
import {Nap} from './nap.js'
import {DEFAULT_GRACE} from './work.js'

export type {DeliverySettled, DeliveryStuck} from './delivery-lane.js'

export interface DeliverOptions {
  transports: Transports
  /** Deliver what can be delivered now, and end. Default false: until the signal. */
  once?: boolean
  /** Only subscriptions of this channel. Default: of all. */
  channel?: string
  /** Only subscriptions that are delivered by one of these transports. Default: by any. */
  only?: readonly string[]
  /** No more deliveries from now on; what is being sent gets 5 s to get there. */
  signal?: AbortSignal
  /** Called when it has begun to listen. */
  onReady?: () => void
  /** Told what happened, attempt by attempt. */
  onSettled?: (settled: DeliverySettled) => void
  /** Told, once, when something waits for a subscriber to whom no transport can deliver now. */
  onStuck?: (stuck: DeliveryStuck) => void
  /** Told when the disk is full: it goes on when there is room, unless `once`. */
  onWaiting?: (reason: LeatError) => void
  /** From 0 up to 1, for the schedule; default `Math.random`. */
  random?: () => number
}

export interface DeliverReport {
  delivered: number
  /** Attempts that failed and come again. */
  retried: number
  /** Deliveries given up. */
  failed: number
}

/** Milliseconds between two looks at who is to be delivered to, however much changes. */
const PACE = 20

/**
 * Delivers what is pushed to subscribers, each in order, all of them at once, at least once: the id of a delivery is the same
 * at each attempt. Skips who may not read its channel. Several deliverers on one store share the work. While the disk is
 * full it waits; any other error of the store ends it as the signal does, and is thrown when what was being sent has ended.
 *
 * @throws NOT_FOUND no such channel
 */
export async function deliver(ctx: Context, options: DeliverOptions): Promise<DeliverReport> {
  if (options.channel !== undefined) await existing(ctx, options.channel)
  return new Deliverer(options.once ? ctx : {...ctx, store: lasting(ctx.store, options)}, options).run()
}

class Deliverer {
  readonly #ctx: Context
  readonly #options: DeliverOptions
  readonly #report: DeliverReport = {delivered: 0, retried: 0, failed: 0}
  readonly #lanes = new Map<string, {lane: DeliveryLane; key: SubscriptionKey; ended: Promise<void>}>()
  #positions: Record<string, number> = {}
  #nap: Nap | undefined
  #grace: Deadline | undefined
  #isStopping = false
  /** The first error; what goes wrong on the way out of it only follows from it. */
  #failure: {error: unknown} | undefined

  constructor(ctx: Context, options: DeliverOptions) {
    this.#ctx = ctx
    this.#options = options
  }

  async run(): Promise<DeliverReport> {
    const {transports, signal, once = false, onReady} = this.#options
    const listening = transports.all.flatMap(
      (transport) => transport.onReachable?.((subscriber) => this.#reach(subscriber)) ?? [],
    )
    const stop = (): void => this.#stop()
    signal?.addEventListener('abort', stop)
    try {
      if (signal?.aborted) this.#stop()
      await this.#refresh()
      onReady?.()
      if (!once) await this.#watch()
    } catch (error) {
      this.#fail(error)
    }
    while (this.#lanes.size > 0) await Promise.all([...this.#lanes.values()].map(({ended}) => ended))
    this.#nap?.wake()
    this.#grace?.clear()
    signal?.removeEventListener('abort', stop)
    for (const stopListening of listening) stopListening()
    if (this.#failure) throw this.#failure.error
    return this.#report
  }

  async #watch(): Promise<void> {
    while (!this.#isStopping) {
      // One more look between listening and sleeping: what came in between is not missed.
      if (!this.#nap) this.#nap = new Nap(this.#ctx.store, this.#positions)
      else {
        await this.#nap.sleep(undefined, this.#options.signal)
        this.#nap = undefined
        if (!this.#isStopping) await pause(PACE)
      }
      await this.#refresh()
    }
  }

  /** Sees who is to be delivered to now, and lets each know that something changed. */
  async #refresh(): Promise<void> {
    if (this.#isStopping) return
    const {store} = this.#ctx
    const {channel} = this.#options
    const [consumers, subscriptions, channels] = await Promise.all([
      store.consumers.list({kind: 'push', channel}),
      store.subscriptions.list({channel}),
      store.channels.all(),
    ])
    const settings = new Map(subscriptions.map((one) => [nameOf(one), JSON.stringify(one)]))
    const byName = new Map(channels.map((one) => [one.name, one]))
    this.#positions = {}
    for (const {channel, name: subscriber} of consumers) {
      const key = {channel, subscriber}
      const {lastSeq = 0, egress = ''} = byName.get(channel) ?? {}
      this.#positions[channel] = lastSeq
      const lane = this.#lanes.get(nameOf(key))?.lane ?? this.#begin(key)
      lane?.stir(`${egress} ${settings.get(nameOf(key))}`)
    }
  }

  #begin(key: SubscriptionKey): DeliveryLane | undefined {
    if (this.#isStopping) return undefined
    const {transports, once = false, only, random = Math.random, onStuck = () => {}} = this.#options
    const onSettled = (settled: DeliverySettled): void => this.#settled(settled)
    const terms: LaneTerms = {transports, once, only, random, onSettled, onStuck}
    const lane = new DeliveryLane(this.#ctx, key, terms)
    const ended = lane
      .run()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#lanes.delete(nameOf(key)))
    this.#lanes.set(nameOf(key), {lane, key, ended})
    return lane
  }

  #settled(settled: DeliverySettled): void {
    if (settled.outcome === 'delivered') this.#report.delivered++
    else if (settled.outcome === 'retry') this.#report.retried++
    else if (settled.outcome === 'failed') this.#report.failed++
    this.#options.onSettled?.(settled)
  }

  #reach(subscriber: string): void {
    for (const {lane, key} of this.#lanes.values()) if (key.subscriber === subscriber) lane.reach()
  }

  #fail(error: unknown): void {
    this.#failure ??= {error}
    this.#stop()
  }

  /** Nothing more is taken; what is being sent gets its time. */
  #stop(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    this.#nap?.wake()
    this.#grace = deadline(DEFAULT_GRACE)
    this.#grace.signal.addEventListener('abort', () => {
      for (const {lane} of this.#lanes.values()) lane.release()
    })
    for (const {lane} of this.#lanes.values()) lane.stop()
  }
}

/** Neither name has a line break in it. */
const nameOf = ({channel, subscriber}: SubscriptionKey): string => `${channel}\n${subscriber}`

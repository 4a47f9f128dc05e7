/** Handing messages over: a hold of the store as something that can be committed, kept or given up once. */
import type {Batch} from '../model/consumer.js'
import type {Filter} from '../model/filter.js'
import type {Message, Seq} from '../model/message.js'
import type {ReaderKey} from '../store/store.js'
import {requireChannel} from './access.js'
import type {Context} from './context.js'
import {requireReader} from './cursors.js'

/**
 * Messages in hand: nobody else gets them until they are committed or given up. Going on to the next ones, or stopping,
 * without a commit gives them up. Without messages it only brings news (`created`, `pruned`): nothing to commit.
 */
export interface Taken {
  channel: string
  reader: string
  messages: Message[]
  /** The reader is new. */
  created: boolean
  /** How many messages the reader missed because they were pruned. */
  pruned: number
  /** Nothing more was there. */
  end: boolean
  /** Finishes everything up to `seq`, default the whole batch. @throws STALE_CLAIM */
  commit(seq?: Seq): Promise<void>
  /** Renews the hold's lease. @throws STALE_CLAIM */
  extend(): Promise<void>
  /** Gives up what isn't committed: it comes again. */
  release(): Promise<void>
}

export interface HandOptions {
  /** Messages of one hold. */
  limit: number
  /** One hold after the other until nothing is left. */
  all: boolean
  /**
   * With `all`: while they are finished quickly each hold has more messages than the last, since each waits for the disk.
   * Where they take their time, what is in hand stays little: it is neither redacted nor taken back any more.
   */
  grows?: boolean
  filter: Filter
  /** Milliseconds. */
  holdWait: number
  signal?: AbortSignal
}

/** Messages of one hold that grows, at most. */
const LARGEST = 2_000
/** Milliseconds in which the messages of a hold are finished where the next may have more. */
const QUICK = 200

/**
 * Hands over what a reader has in front of it. Whatever the consumer has not committed when it comes back, or stops, is
 * given up. Returns whether there was anything, and how far was looked.
 * @throws NOT_FOUND, FORBIDDEN the channel is gone, or not for the actor any more; FORBIDDEN the reader is not for the actor
 */
export async function* handOver(
  ctx: Context,
  key: ReaderKey,
  {limit, all, grows = false, filter, holdWait, signal}: HandOptions,
): AsyncGenerator<Taken, {found: boolean; seen: Seq}> {
  const {channel, reader} = key
  if (reader !== ctx.actor) await requireReader(ctx, await requireChannel(ctx, channel, 'subscribe'), reader)
  let found = false
  let size = limit
  for (let left = all ? Infinity : limit; ; ) {
    const take = {actor: ctx.actor, limit: Math.min(size, left), filter, wait: holdWait}
    const batch = await ctx.store.consumers.take(key, take)
    const hand = new Hand(ctx, key, batch)
    await requireStill(ctx, hand)
    const isNews = batch.created || batch.pruned > 0
    if (batch.messages.length > 0) found = true
    else if (!isNews) return {found, seen: batch.upTo}
    const began = performance.now()
    try {
      yield hand
    } finally {
      await hand.release()
    }
    // The store gives fewer than it was asked for where they are large.
    left -= batch.messages.length
    if (grows) size = performance.now() - began < QUICK ? Math.max(limit, Math.min(size * 4, LARGEST)) : limit
    // What was not committed would only come again.
    if (!hand.committed || left <= 0 || batch.end || signal?.aborted) return {found, seen: batch.upTo}
  }
}

/**
 * Asked after the look: what was sent since a channel was closed to the actor is not given.
 * @throws NOT_FOUND, FORBIDDEN
 */
async function requireStill(ctx: Context, hand: Hand): Promise<void> {
  try {
    await requireChannel(ctx, hand.channel, 'subscribe')
  } catch (error) {
    await hand.release()
    throw error
  }
}

class Hand implements Taken {
  readonly channel: string
  readonly reader: string
  readonly messages: Taken['messages']
  readonly created: boolean
  readonly pruned: number
  readonly end: boolean
  /** Everything is finished. */
  committed: boolean
  readonly #ctx: Context
  readonly #batch: Batch
  #held: boolean

  constructor(ctx: Context, {channel, reader}: ReaderKey, batch: Batch) {
    this.channel = channel
    this.reader = reader
    this.messages = batch.messages
    this.created = batch.created
    this.pruned = batch.pruned
    this.end = batch.end
    this.#ctx = ctx
    this.#batch = batch
    this.#held = batch.messages.length > 0
    this.committed = !this.#held
  }

  async commit(seq?: Seq): Promise<void> {
    if (!this.#held) return
    const {hold, upTo, messages} = this.#batch
    // With the last message goes what was passed over behind it.
    const isLast = seq === undefined || seq >= (messages.at(-1)?.seq ?? upTo)
    await this.#ctx.store.consumers.commit(this.#key, hold, isLast ? upTo : seq)
    if (!isLast) return
    this.#held = false
    this.committed = true
  }

  async extend(): Promise<void> {
    if (this.#held) await this.#ctx.store.consumers.extend(this.#key, this.#batch.hold)
  }

  async release(): Promise<void> {
    if (!this.#held) return
    this.#held = false
    await this.#ctx.store.consumers.release(this.#key, this.#batch.hold)
  }

  get #key(): ReaderKey {
    return {channel: this.channel, reader: this.reader}
  }
}

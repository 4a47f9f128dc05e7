/** A reader's messages held across several calls, for who can't keep a `Taken` in hand between them. */
import type {Batch} from '../model/consumer.js'
import type {Seq} from '../model/message.js'
import {checkName} from '../model/names.js'
import type {ReaderKey} from '../store/store.js'
import {requireChannel} from './access.js'
import type {Context} from './context.js'
import {requireReader} from './cursors.js'
import {filterOf, HOLD_WAIT, READ_LIMIT, type ReadOptions, refuseOwnFiltered} from './read.js'
import {type Look, lookUntilFound} from './waiting.js'

export type TakeOptions = Omit<ReadOptions, 'all'>

/** Names a hold. */
export interface HoldKey {
  channel: string
  /** Default: the actor. */
  reader?: string
  hold: string
}

/**
 * Takes a reader's next messages under a hold that lasts until it is committed to its end, released, or its lease (30 s)
 * is over. What was not committed then comes again. With nothing to give, `hold` is ''.
 *
 * @throws NOT_FOUND, FORBIDDEN the channel is not there, or not for the actor
 * @throws USAGE    a filter on the actor's own cursor: it would skip for ever what it hides
 * @throws TIMEOUT  nothing came within `wait`
 * @throws BUSY     another holder kept the reader for `holdWait`
 */
export async function take(ctx: Context, channel: string, options: TakeOptions = {}): Promise<Batch> {
  const {reader = ctx.actor, limit = READ_LIMIT, holdWait = HOLD_WAIT, signal} = options
  await requireReader(ctx, await requireChannel(ctx, channel, 'subscribe'), reader)
  const filter = filterOf(ctx, options)
  refuseOwnFiltered(ctx, reader, filter, 'name a reader of its own')
  const key = {channel, reader}
  let batch: Batch | undefined
  const looks = lookUntilFound(ctx, channel, options, async function* (): AsyncGenerator<Batch, Look> {
    const {created = false} = batch ?? {}
    batch = await ctx.store.consumers.take(key, {actor: ctx.actor, limit, filter, wait: holdWait})
    // That the reader is new stays true however long it waits for its first message.
    batch.created ||= created
    const found = batch.messages.length > 0
    if (found) yield batch
    return {found, seen: {[channel]: batch.upTo}}
  })
  for await (const found of looks) {
    // Who asked is gone and will never know of this hold.
    if (signal?.aborted) await ctx.store.consumers.release(key, found.hold)
    return found
  }
  return batch as Batch
}

/**
 * Finishes what is held up to `seq`; the end of the batch (`upTo`) ends the hold.
 * @throws STALE_CLAIM the hold was lost
 * @throws INVALID     `seq` is not in the batch
 * @throws NOT_FOUND, FORBIDDEN
 */
export async function commitHold(ctx: Context, key: HoldKey, seq: Seq): Promise<void> {
  await ctx.store.consumers.commit(await heldBy(ctx, key), key.hold, seq)
}

/** Renews the lease of a hold. @throws STALE_CLAIM, NOT_FOUND, FORBIDDEN */
export async function extendHold(ctx: Context, key: HoldKey): Promise<void> {
  await ctx.store.consumers.extend(await heldBy(ctx, key), key.hold)
}

/** Gives up what is held: what was not committed comes again. One that is lost already is no error. @throws NOT_FOUND, FORBIDDEN */
export async function releaseHold(ctx: Context, key: HoldKey): Promise<void> {
  await ctx.store.consumers.release(await heldBy(ctx, key), key.hold)
}

async function heldBy(ctx: Context, {channel, reader = ctx.actor}: HoldKey): Promise<ReaderKey> {
  await requireChannel(ctx, channel, 'subscribe')
  return {channel, reader: checkName('reader', reader)}
}

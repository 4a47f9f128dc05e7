import {LeatError} from '../model/errors.js'
import {type Filter, isEmptyFilter} from '../model/filter.js'
import {checkName} from '../model/names.js'
import {requireChannel} from './access.js'
import type {Context} from './context.js'
import {handOver, type Taken} from './hand.js'
import {type Look, lookUntilFound} from './waiting.js'

export type {Taken} from './hand.js'

export interface ReadOptions {
  /** Whose cursor; default the actor. */
  reader?: string
  /** Default 10; with `all`, the size of a page (default 100, and more while the consumer is quick). */
  limit?: number
  /** Page after page until nothing is left. */
  all?: boolean
  /** Skips for ever what it hides, so it needs a reader of its own. */
  filter?: Filter
  /** Leave out the actor's own messages; a filter too. */
  others?: boolean
  /** Milliseconds to wait for the first message; absent: don't. */
  wait?: number
  /** Milliseconds to wait for another holder of the reader. Default 30 s. */
  holdWait?: number
  signal?: AbortSignal
}

export interface PeekOptions {
  reader?: string
  /** Begin at this position, included; default the reader's cursor. */
  from?: string
  /** Begin behind this position. */
  after?: string
  limit?: number
  all?: boolean
  filter?: Filter
  others?: boolean
  wait?: number
  signal?: AbortSignal
}

export interface InboxOptions {
  reader?: string
  /** Of each channel; default 10. */
  limit?: number
  all?: boolean
  wait?: number
  holdWait?: number
  signal?: AbortSignal
}

/** One line of `inbox --counts`. */
export interface InboxChannel {
  channel: string
  unread: number
  /** The newest unread message's time, ISO 8601. */
  lastTime?: string
}

export type UnreadOptions = Pick<ReadOptions, 'reader' | 'filter' | 'others'>

/** How long a read waits for another one of the same reader, in milliseconds. */
export const HOLD_WAIT = 30_000
/** Messages of a read that names no limit, and of the first page of one that wants all. */
export const READ_LIMIT = 10
export const READ_PAGE = 100

/**
 * Gives a reader its next messages, under a hold, for the consumer to commit: at least once, in the channel's order.
 * Broadcasts, what is addressed to the actor, and the actor's own. A new reader begins at the start. The last `Taken`
 * that wasn't committed comes again.
 *
 * @throws NOT_FOUND, FORBIDDEN the channel is not there, or not for the actor, now or later
 * @throws USAGE    a filter on the actor's own cursor: it would skip for ever what it hides
 * @throws TIMEOUT  nothing came within `wait`
 * @throws BUSY     another holder kept the reader for `holdWait`
 */
export async function* read(ctx: Context, channel: string, options: ReadOptions = {}): AsyncGenerator<Taken> {
  const {reader = ctx.actor, all = false, limit = all ? READ_PAGE : READ_LIMIT, holdWait = HOLD_WAIT, signal} = options
  await requireChannel(ctx, channel, 'subscribe')
  checkName('reader', reader)
  const filter = filterOf(ctx, options)
  const grows = options.limit === undefined
  refuseOwnFiltered(ctx, reader, filter, 'add --peek or --reader NAME')
  yield* lookUntilFound(ctx, channel, options, async function* (): AsyncGenerator<Taken, Look> {
    const {found, seen} = yield* handOver(ctx, {channel, reader}, {limit, all, grows, filter, holdWait, signal})
    return {found, seen: {[channel]: seen}}
  })
}

/** @throws USAGE a filter on the actor's own cursor: it would skip for ever what it hides */
export function refuseOwnFiltered(ctx: Context, reader: string, filter: Filter, hint: string): void {
  if (reader !== ctx.actor || isEmptyFilter(filter)) return
  throw new LeatError('USAGE', `a filter on ${reader}'s own cursor would skip for ever what it hides`, {hint})
}

/** A filter with `others` in it. */
export const filterOf = (
  ctx: Context,
  {filter = {}, others = false}: Pick<ReadOptions, 'filter' | 'others'>,
): Filter => (others ? {...filter, notSender: ctx.actor} : filter)

/**
 * How many messages `read` would give in all.
 * @throws NOT_FOUND, FORBIDDEN, INVALID
 */
export async function unread(
  ctx: Context,
  channel: string,
  {reader = ctx.actor, ...rest}: UnreadOptions = {},
): Promise<number> {
  await requireChannel(ctx, channel, 'subscribe')
  const key = {channel, reader: checkName('reader', reader)}
  return ctx.store.consumers.unread(key, {actor: ctx.actor, filter: filterOf(ctx, rest)})
}

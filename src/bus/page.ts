/** One page of history, for who asks again for the next one. */
import {LeatError} from '../model/errors.js'
import type {Filter} from '../model/filter.js'
import type {Message, Seq} from '../model/message.js'
import {type Positions, seqIn} from '../model/position.js'
import type {ScanQuery} from '../store/store.js'
import type {View} from './access.js'
import type {Context} from './context.js'
import {beginnings, historyFilter, viewsOf} from './log.js'
import {scanInSlices} from './slices.js'

export interface PageOptions {
  limit: number
  /** `forward` (default): oldest first, behind `after`. `backward`: newest first, in front of `before`. */
  order?: 'forward' | 'backward'
  /** A position as `parsePosition` reads it, or one for each channel; a channel that it doesn't name: from its start. */
  after?: string | Positions
  /** In front of this position; of a channel that it doesn't name: up to its end. */
  before?: string | Positions
  filter?: Omit<Filter, 'thread' | 'replyTo'>
  /** A message of the thread wanted. */
  thread?: string
  signal?: AbortSignal
}

export interface MessagePage {
  messages: Message[]
  /** Where the next page begins: `after` or, backward, `before`. */
  next: Positions
  /** Nothing more is there; forward: now. */
  end: boolean
}

/**
 * A page of some channels (names or globs; none: all that the actor may read). It may have fewer than `limit` messages,
 * where they are large, and not be the last. However much has to be looked through for it, others have their turn.
 *
 * @throws NOT_FOUND, FORBIDDEN a channel that is named is not there, or not for the actor; a glob matches none
 * @throws USAGE   a position that means something in one channel only, for several
 * @throws INVALID not a position, or the limit
 */
export async function page(ctx: Context, channels: readonly string[], options: PageOptions): Promise<MessagePage> {
  const {limit, order = 'forward'} = options
  if (!(Number.isSafeInteger(limit) && limit > 0))
    throw new LeatError('INVALID', `can't give ${limit} messages`, {hint: 'a whole number of 1 or more'})
  const views = await viewsOf(ctx, channels)
  const after = await positionsOf(ctx, views, options.after, false)
  const before = await positionsOf(ctx, views, options.before, true)
  const query: ScanQuery = {
    channels: views.map(({name, all}) => ({name, all, after: seqIn(after, name), before: seqIn(before, name)})),
    actor: ctx.actor,
    order,
    limit,
    filter: await historyFilter(ctx, options),
  }
  const {messages, next, end} = await scanInSlices(ctx, query, options.signal)
  return {messages, next, end}
}

/** @param inFront the seq at the position is meant, not the one behind which it stands */
async function positionsOf(
  ctx: Context,
  views: readonly View[],
  position: string | Positions | undefined,
  inFront: boolean,
): Promise<Positions> {
  if (position === undefined) return {}
  if (typeof position !== 'string') return position
  if (!inFront) return beginnings(ctx, views, {after: position})
  const starts = await beginnings(ctx, views, {from: position})
  return Object.fromEntries(Object.entries(starts).map(([name, seq]): [string, Seq] => [name, seq + 1]))
}

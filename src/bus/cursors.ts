import type {Channel} from '../model/channel.js'
import type {Consumer, Move} from '../model/consumer.js'
import {LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import {parsePosition} from '../model/position.js'
import {parsePlace} from '../model/reference.js'
import {manages, readableViews, requireChannel, requireView, type View} from './access.js'
import type {Context} from './context.js'
import {findOne} from './find.js'
import {seqBehind} from './positions.js'

/** One line of `cursor list`. */
export interface CursorRow extends Consumer {
  /** What `read` would give the actor as this reader. */
  unread: number
  /** The channel's last seq. */
  lastSeq: number
}

export interface CursorMoveOptions {
  /** Default: the actor. */
  reader?: string
  /** Only say what would happen. */
  dryRun?: boolean
  /** What stands at the position comes again (`--from`), not only what is behind it. Default false. */
  included?: boolean
}

/**
 * Checks that the actor may move a reader's cursor: one that a subscriber has is its own, else anybody could keep from it what
 * it waits for. Who reads beside it takes another name.
 * @throws FORBIDDEN a subscriber's, and the actor doesn't manage the channel
 * @throws INVALID
 */
export async function requireReader(ctx: Context, channel: Channel, reader: string): Promise<void> {
  if (checkName('reader', reader) === ctx.actor) return
  const {name, createdBy} = channel
  const [subscription] = await ctx.store.subscriptions.list({channel: name, subscriber: reader})
  if (!subscription || (await manages(ctx, channel))) return
  throw new LeatError('FORBIDDEN', `${reader} subscribes to "${name}": nobody else moves its cursor there`, {
    hint: `read as another reader, or ask ${createdBy}, who manages it`,
  })
}

/** Cursors in channels that the actor may read, by channel and reader. @throws NOT_FOUND, FORBIDDEN, INVALID */
export async function cursors(ctx: Context, query: {channel?: string; reader?: string} = {}): Promise<CursorRow[]> {
  const {channel, reader} = query
  if (reader !== undefined) checkName('reader', reader)
  const views = channel === undefined ? await readableViews(ctx) : [await requireView(ctx, channel)]
  const consumers = await ctx.store.consumers.list({channel, kind: 'reader', name: reader})
  const byName = new Map(views.map((view) => [view.name, view]))
  const rows: CursorRow[] = []
  for (const consumer of consumers) {
    const view = byName.get(consumer.channel)
    if (view) rows.push(await rowOf(ctx, view, consumer))
  }
  return rows.sort((a, b) => compare(a.channel, b.channel) || compare(a.name, b.name))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** One reader's cursor. @throws NOT_FOUND no such channel, or the reader was never there; FORBIDDEN, INVALID */
export async function cursor(ctx: Context, channel: string, reader = ctx.actor): Promise<CursorRow> {
  const view = await requireView(ctx, channel)
  const consumer = await ctx.store.consumers.get({channel, kind: 'reader', name: checkName('reader', reader)})
  if (consumer) return rowOf(ctx, view, consumer)
  throw new LeatError('NOT_FOUND', `"${reader}" has no cursor in ${channel}`, {
    hint: `leat read ${channel}${reader === ctx.actor ? '' : ` --reader ${reader}`}`,
  })
}

async function rowOf(ctx: Context, {channel: {name, lastSeq}}: View, consumer: Consumer): Promise<CursorRow> {
  // Counted with the eyes of who asks: how much others write to each other is nobody's business.
  const unread = await ctx.store.consumers.unread({channel: name, reader: consumer.name}, {actor: ctx.actor})
  return {...consumer, unread, lastSeq}
}

/**
 * Moves a reader's cursor to a position, forward or back: a seq or a message counts as finished, what was stored at a
 * time doesn't. Says how many messages will come again or are skipped. A reader that is new is made.
 *
 * @throws INVALID   not a position of this channel, or beyond its last seq
 * @throws BUSY      the reader is being handed messages
 * @throws NOT_FOUND, FORBIDDEN
 */
export async function setCursor(
  ctx: Context,
  channel: string,
  position: string,
  {reader = ctx.actor, dryRun = false, included = false}: CursorMoveOptions = {},
): Promise<Move> {
  const found = await requireChannel(ctx, channel, 'subscribe')
  await requireReader(ctx, found, reader)
  const key = {channel, reader}
  const isTime = parsePosition(position, ctx.clock()).at === 'time'
  const seq = await seqBehind(ctx, found, position, {included: included || isTime, reader})
  return ctx.store.consumers.seek(key, seq, {actor: ctx.actor, dryRun})
}

/**
 * Says that a message, and all in front of it, is finished. Never moves a cursor back: behind it nothing happens.
 *
 * @param place `CHANNEL/SEQ`, which may have been pruned, or a message with one place
 * @throws INVALID   beyond the last seq
 * @throws BUSY      the reader is being handed messages
 * @throws NOT_FOUND, FORBIDDEN, USAGE
 */
export async function commitCursor(
  ctx: Context,
  place: string,
  {reader = ctx.actor}: {reader?: string} = {},
): Promise<Move> {
  const {channel, seq} = parsePlace(place) ?? (await findOne(ctx, place))
  const found = await requireChannel(ctx, channel, 'subscribe')
  const {lastSeq} = found
  if (seq > lastSeq)
    throw new LeatError('INVALID', `${channel} has no place ${seq}`, {hint: `its last is ${channel}/${lastSeq}`})
  await requireReader(ctx, found, reader)
  return ctx.store.consumers.seek({channel, reader}, seq, {actor: ctx.actor, forwardOnly: true})
}

import {LeatError} from '../model/errors.js'
import type {Filter} from '../model/filter.js'
import type {Message, Seq} from '../model/message.js'
import {globMatcher, isGlob} from '../model/names.js'
import {type Positions, parsePosition, seqIn} from '../model/position.js'
import type {Page, ScanQuery} from '../store/store.js'
import {readableViews, requireView, type View, visible} from './access.js'
import type {Context} from './context.js'
import {findPlaces} from './find.js'
import {startOf} from './positions.js'

/** History without touching cursors. Positions as `parsePosition` reads them. */
export interface LogOptions {
  /** The newest so many (or, with `from` or `after`, the next so many); absent: all. */
  limit?: number
  /** Begin at this position, included. */
  from?: string
  /** Begin behind this position. */
  after?: string
  filter?: Omit<Filter, 'thread' | 'replyTo'>
  /** A message of the thread wanted. */
  thread?: string
  /** Newest first: with `limit` the newest so many, not in front of `from` or `after`. */
  reverse?: boolean
  signal?: AbortSignal
}

/** Messages in memory at once. */
const PAGE = 200

/**
 * History of some channels (names or globs; none: all that the actor may read), in the order in which it was stored,
 * page by page in constant memory. Nothing is locked or moved. Who manages a channel sees direct messages of others. A
 * channel that is closed to the actor meanwhile gives nothing more.
 *
 * @throws NOT_FOUND, FORBIDDEN a channel that is named is not there, or not for the actor; a glob matches none
 * @throws USAGE   a position that means something in one channel only, for several
 * @throws INVALID not a position
 */
export async function* log(
  ctx: Context,
  channels: readonly string[],
  options: LogOptions = {},
): AsyncGenerator<Message> {
  const {limit = Infinity, reverse = false, signal} = options
  const views = await viewsOf(ctx, channels)
  const walk: Walk = {
    ctx,
    views,
    after: await beginnings(ctx, views, options),
    filter: await historyFilter(ctx, options),
    page: Math.min(PAGE, limit),
    signal,
  }
  const isWhole = limit === Infinity || options.from !== undefined || options.after !== undefined
  if (reverse) yield* first(limit, backward(walk))
  else if (isWhole) yield* first(limit, forward(walk, walk.after))
  else yield* newest(walk, limit)
}

/** The newest `limit` messages of some channels up to some positions, oldest first. */
export const newestUpTo = (
  ctx: Context,
  views: readonly View[],
  upTo: Positions,
  {limit, filter, signal}: {limit: number; filter: Filter; signal?: AbortSignal},
): AsyncGenerator<Message> => newest({ctx, views, after: {}, upTo, filter, page: Math.min(PAGE, limit), signal}, limit)

/**
 * The filter that options mean.
 * @throws NOT_FOUND no such message as that of the thread; and as `findPlaces`
 * @throws INVALID, TOO_LARGE a condition on the content is none
 */
export async function historyFilter(
  ctx: Context,
  {filter, thread}: Pick<LogOptions, 'filter' | 'thread'>,
): Promise<Filter> {
  // Nothing is given before everything that is asked makes sense.
  if (filter?.where !== undefined) await (await import('../model/where.js')).conditionOf(filter.where)
  return thread === undefined ? {...filter} : {...filter, thread: (await findPlaces(ctx, thread))[0]!.thread}
}

/** The channels that names and globs mean, each once. @throws NOT_FOUND, FORBIDDEN, INVALID */
export async function viewsOf(ctx: Context, patterns: readonly string[]): Promise<View[]> {
  if (patterns.length === 0) return readableViews(ctx)
  const views = new Map<string, View>()
  for (const pattern of patterns) {
    const found = isGlob(pattern) ? await matching(ctx, pattern) : [await requireView(ctx, pattern)]
    if (found.length === 0)
      throw new LeatError('NOT_FOUND', `no channel matches "${pattern}" in ${ctx.store.label}`, {hint: 'leat list'})
    for (const view of found) views.set(view.name, view)
  }
  return [...views.values()]
}

/** The channels that match a glob and that the actor may read, by name. @throws INVALID not a pattern */
export async function matching(ctx: Context, glob: string): Promise<View[]> {
  const matches = globMatcher(glob)
  return (await readableViews(ctx)).filter(({name}) => matches(name))
}

/**
 * The seqs behind which `from` or `after` begin; empty when neither is given. Words and times mean a position in each of
 * several channels, a seq or a message only in its own.
 * @throws USAGE, INVALID, NOT_FOUND
 */
export async function beginnings(
  ctx: Context,
  views: readonly View[],
  {from, after}: Pick<LogOptions, 'from' | 'after'>,
): Promise<Positions> {
  const starts: Record<string, Seq> = {}
  const text = from ?? after
  if (text === undefined) return starts
  if (namesOnePlace(text, ctx.clock()) && views.length > 1)
    throw new LeatError('USAGE', `"${text}" is a position in one channel, and there are ${views.length}`, {
      hint: 'name one channel, or begin at a time, start, now or cursor',
    })
  for (const {name, channel} of views) starts[name] = (await startOf(ctx, channel, {from, after})) ?? 0
  return starts
}

const namesOnePlace = (text: string, now: number): boolean => ['seq', 'message'].includes(parsePosition(text, now).at)

interface Walk {
  ctx: Context
  views: readonly View[]
  /** Nothing at or in front of these is wanted. */
  after: Positions
  /** Nothing behind these is wanted. */
  upTo?: Positions
  filter: Filter
  /** Messages of one page. */
  page: number
  signal?: AbortSignal
}

async function* forward(walk: Walk, start: Positions): AsyncGenerator<Message> {
  let after = start
  for (;;) {
    const page = await scan(walk, 'forward', (name) => ({after: seqIn(after, name), before: inFrontOf(walk, name)}))
    yield* page.messages
    if (page.end || walk.signal?.aborted) return
    after = {...after, ...page.next}
  }
}

/** Newest first, down to what is not wanted any more. */
async function* backward(walk: Walk): AsyncGenerator<Message> {
  const start = (name: string): Seq => seqIn(walk.after, name) ?? 0
  for await (const {messages, next} of pagesBack(walk)) {
    for (const message of messages) if (message.seq > start(message.channel)) yield message
    if (walk.views.every(({name}) => (seqIn(next, name) ?? Infinity) <= start(name) + 1)) return
  }
}

/** Pages from the newest on. `next` has the positions in front of everything seen so far. */
async function* pagesBack(walk: Walk): AsyncGenerator<Page> {
  let before: Positions = {}
  for (;;) {
    const page = await scan(walk, 'backward', (name) => ({before: seqIn(before, name) ?? inFrontOf(walk, name)}))
    before = {...before, ...page.next}
    yield {...page, next: before}
    if (page.end || walk.signal?.aborted) return
  }
}

async function scan(
  {ctx, views, filter, page}: Walk,
  order: ScanQuery['order'],
  bounds: (name: string) => {after?: Seq; before?: Seq},
): Promise<Page> {
  const found = await ctx.store.messages.scan({
    channels: views.map(({name, all}) => ({name, all, ...bounds(name)})),
    actor: ctx.actor,
    order,
    limit: page,
    filter,
  })
  // Asked after the look: a walk may be long, and a channel be closed to the actor meanwhile.
  return {...found, messages: await visible(ctx, found.messages)}
}

function inFrontOf({upTo}: Walk, name: string): Seq | undefined {
  const last = upTo && seqIn(upTo, name)
  return last === undefined ? undefined : last + 1
}

/**
 * The newest `limit` in the order of storage. What fits into a page is turned around; more is not kept, but counted
 * backwards and then read forwards from where that ended.
 */
async function* newest(walk: Walk, limit: number): AsyncGenerator<Message> {
  let count = 0
  let start = walk.after
  for await (const {messages, next, end} of pagesBack(walk)) {
    if (count === 0 && (end || messages.length >= limit)) return yield* messages.slice(0, limit).reverse()
    count += messages.length
    start = behind(next)
    if (count >= limit) break
  }
  let surplus = count - limit
  for await (const message of first(count, forward(walk, start))) if (surplus-- <= 0) yield message
}

/** Where going forwards begins when going backwards ended in front of some seqs. */
const behind = (before: Positions): Positions =>
  Object.fromEntries(Object.entries(before).map(([name, seq]) => [name, seq - 1]))

async function* first<T>(limit: number, items: AsyncIterable<T>): AsyncGenerator<T> {
  if (limit <= 0) return
  let count = 0
  for await (const item of items) {
    yield item
    if (++count >= limit) return
  }
}

import {LeatError} from '../model/errors.js'
import type {Filter} from '../model/filter.js'
import {END_TYPE, type Message} from '../model/message.js'
import {type Positions, seqIn} from '../model/position.js'
import type {Arrivals} from '../store/store.js'
import type {Context} from './context.js'
import {Followed} from './followed.js'
import {beginnings, historyFilter, newestUpTo} from './log.js'
import {Pace} from './pace.js'
import {wantedBy} from './wanted.js'

/** What following has in common, from a position and from a cursor. */
export interface StreamOptions {
  filter?: Omit<Filter, 'thread' | 'replyTo'>
  /** Leave out the actor's own messages. */
  others?: boolean
  /** A message of the one thread wanted. */
  thread?: string
  /** End after so many messages. */
  count?: number
  /** Milliseconds: end when nothing came for so long. */
  idle?: number
  /** Milliseconds between two messages, at least. */
  every?: number
  /** Told once, when it is settled where the stream begins: whatever is sent from then on comes. */
  onBegin?: (begin: StreamBegin) => void
  signal?: AbortSignal
}

export interface StreamBegin {
  /** The channels that are followed now. */
  channels: string[]
  /** Globs that match nothing yet, where nothing is followed now. */
  unmatched: string[]
}

export interface FollowBegin extends StreamBegin {
  /** Behind which seq each is followed. */
  positions: Positions
  /** Every channel was closed with a `leat.end`, and nothing is left to come: the stream ends at once. */
  isOver: boolean
}

export interface FollowOptions extends Omit<StreamOptions, 'onBegin'> {
  onBegin?: (begin: FollowBegin) => void
  /** Told of each `leat.end`, which is not given. */
  onEnd?: (end: Message) => void
  /** Messages in memory at once. Default 200; fewer where many are followed by one process. */
  page?: number
  /** Begin at this position, included; default now. Words and times mean a position in each channel. */
  from?: string
  /** Begin behind this position. */
  after?: string
  /** Begin behind these, where an earlier stream got to; a channel that isn't named came since: from its start. */
  behind?: Positions
  /** Begin with the newest so many, without a gap to what follows. Not with `from` or `after`. */
  last?: number
}

const PAGE = 200

/**
 * What arrives in some channels (names or globs; none: all that the actor may read), each channel in seq order, as it
 * arrives. Channels that begin to match a glob are picked up from their start. Ends at `count`, `idle`, the signal, or
 * when every channel followed has had its `leat.end`, which itself is not given; a channel that was closed with one is
 * over from the beginning. Nothing is locked or held open while waiting.
 *
 * @throws NOT_FOUND, FORBIDDEN a channel that is named is not there, or not for the actor, now or later
 * @throws TIMEOUT `count` was not reached
 * @throws USAGE, INVALID as `log`
 */
export async function* follow(
  context: Context,
  channels: readonly string[],
  options: FollowOptions = {},
): AsyncGenerator<Message> {
  checkStream(options)
  const ctx = context.streams ? {...context, store: context.streams} : context
  const {from, after, behind, last} = options
  if ([from ?? after, behind, last].filter((beginning) => beginning !== undefined).length > 1)
    throw new LeatError('USAGE', 'a beginning is one of a position, positions or the newest messages')
  const filter = await streamFilter(ctx, options)
  const followed = await Followed.begin(ctx, channels)
  const pace = new Pace(options)
  await begin(ctx, followed, options)
  options.onBegin?.(beginOf(followed))
  const {count, onEnd, signal} = options
  const wants = await wantedBy(filter)
  const upTo = {...followed.at}
  const pages = new Pages(ctx, followed, pace, options.page)
  // One loop and no generator inside of it: each through which a message has to go is felt at every wake.
  let given = 0
  if (last !== undefined)
    for await (const message of newestUpTo(ctx, followed.views, upTo, {limit: last, filter, signal})) {
      if (message.type === END_TYPE) continue
      if (!pace.isReady) await pace.turn()
      if (pace.isCancelled) return
      yield message
      pace.gave()
      if (++given === count) return
    }
  for (let page = await pages.next(); page; page = await pages.next())
    for (const message of page) {
      // Looked at whatever the filter: the end is for all.
      if (followed.ends(message)) {
        onEnd?.(message)
        if (followed.isOver) return finish(channels, given, pace, options)
        continue
      }
      if (!wants(message)) continue
      if (!pace.isReady) await pace.turn()
      if (pace.isCancelled) return
      yield message
      pace.gave()
      if (++given === count) return
    }
  finish(channels, given, pace, options)
}

/** @throws TIMEOUT the stream is over by itself, and `count` was not reached */
function finish(channels: readonly string[], given: number, pace: Pace, options: FollowOptions): void {
  if (!pace.isCancelled) checkCount(channels, given, options)
}

const beginOf = ({views, unmatched, positions, isOver}: Followed): FollowBegin => ({
  channels: views.map(({name}) => name),
  unmatched,
  positions,
  isOver,
})

/** Settles where each channel is followed from. @throws INVALID `behind` is beyond what there is */
async function begin(ctx: Context, followed: Followed, {from, after, behind}: FollowOptions): Promise<void> {
  const starts = behind ? resumed(followed, behind) : await beginnings(ctx, followed.views, {from, after})
  for (const view of followed.views) {
    const start = seqIn(starts, view.name) ?? view.channel.lastSeq
    followed.at[view.name] = start
    if (start >= view.channel.lastSeq) await followed.endIfClosed(view)
  }
}

function resumed({views}: Followed, behind: Positions): Positions {
  for (const {name, channel} of views)
    if ((seqIn(behind, name) ?? 0) > channel.lastSeq)
      throw new LeatError('INVALID', `${name} has no place ${behind[name]}`, {
        hint: `its last is ${name}/${channel.lastSeq}`,
      })
  return Object.fromEntries(views.map(({name}) => [name, seqIn(behind, name) ?? 0]))
}

/** What arrives, page by page: what the actor may see. */
class Pages {
  readonly #ctx: Context
  readonly #followed: Followed
  readonly #pace: Pace
  readonly #limit: number
  #last: (Pick<Arrivals, 'next' | 'end' | 'mark'> & {isLast: boolean}) | undefined

  constructor(ctx: Context, followed: Followed, pace: Pace, limit = PAGE) {
    this.#ctx = ctx
    this.#followed = followed
    this.#pace = pace
    this.#limit = limit
  }

  /**
   * Called when all of the page before has been given. Waits where that was all there is. Undefined when the stream is over.
   * @throws as `Followed.refresh`
   */
  async next(): Promise<Message[] | undefined> {
    const followed = this.#followed
    const pace = this.#pace
    const last = this.#last
    if (last) {
      Object.assign(followed.at, last.next)
      if (pace.isCancelled) return undefined
      if (last.end) {
        if (last.isLast || followed.isOver) return undefined
        await pace.news(this.#ctx, followed.positions, last.mark)
        if (pace.isCancelled) return undefined
      }
    }
    const isLast = pace.isQuiet
    const {messages, next, end, access, mark} = await this.#ctx.store.messages.arrivals({
      channels: followed.views.map(({name, all}) => ({name, all, after: seqIn(followed.at, name) ?? 0})),
      actor: this.#ctx.actor,
      limit: this.#limit,
    })
    // As of the look, or of after it: what was sent since a channel was closed to the actor is not given.
    if (!followed.takes(access)) await followed.refresh(access)
    this.#last = {next, end, mark, isLast}
    return messages.filter((message) => followed.shows(message))
  }
}

/** @throws INVALID */
export function checkStream({count, last}: Pick<FollowOptions, 'count' | 'last'>): void {
  for (const number of [count, last])
    if (number !== undefined && !(Number.isSafeInteger(number) && number > 0))
      throw new LeatError('INVALID', `can't give ${number} messages`, {hint: 'a whole number of 1 or more'})
}

/** @throws NOT_FOUND, INVALID the message whose thread is wanted */
export async function streamFilter(
  ctx: Context,
  {others = false, ...rest}: Pick<StreamOptions, 'filter' | 'thread' | 'others'>,
): Promise<Filter> {
  const filter = await historyFilter(ctx, rest)
  return others ? {...filter, notSender: ctx.actor} : filter
}

/** @throws TIMEOUT fewer came than were wanted */
export function checkCount(
  channels: readonly string[],
  given: number,
  {count, idle}: Pick<StreamOptions, 'count' | 'idle'>,
): void {
  if (count === undefined || given >= count) return
  const where = channels.length === 0 ? 'any channel' : channels.join(', ')
  const why = idle === undefined ? 'before the end' : `and none for ${idle / 1000} s`
  throw new LeatError('TIMEOUT', `${given} of ${count} messages came to ${where} ${why}`)
}

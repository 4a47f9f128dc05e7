import {END_TYPE, type Seq} from '../model/message.js'
import {checkName} from '../model/names.js'
import {seqIn} from '../model/position.js'
import type {View} from './access.js'
import type {Context} from './context.js'
import {checkCount, checkStream, type StreamOptions, streamFilter} from './follow.js'
import {Followed} from './followed.js'
import {handOver, type Taken} from './hand.js'
import {Pace} from './pace.js'
import {HOLD_WAIT, READ_PAGE, refuseOwnFiltered} from './read.js'

export interface FollowCursorOptions extends StreamOptions {
  /** Whose cursors; default the actor. A filter needs a reader of its own: it skips for ever what it hides. */
  reader?: string
  /** Messages of one hold at most; default 100. With `count` never more than are left, with `every` one. */
  limit?: number
}

/**
 * The same as `follow` from a reader's cursors, under holds, for the consumer to commit: at least once. Goes from channel
 * to channel, a hold at a time. Who goes on without a commit ends it: what was not committed would only come again.
 * `leat.end` is committed with what stands in front of it.
 *
 * @throws USAGE a filter on the actor's own cursor
 * @throws BUSY  another holder kept the reader for 30 s
 * @throws NOT_FOUND, FORBIDDEN, TIMEOUT, INVALID as `follow`
 */
export async function* followCursor(
  ctx: Context,
  channels: readonly string[],
  options: FollowCursorOptions = {},
): AsyncGenerator<Taken> {
  const {reader = ctx.actor, count = Infinity, every, limit = every === undefined ? READ_PAGE : 1, signal} = options
  checkStream(options)
  checkName('reader', reader)
  const filter = await streamFilter(ctx, options)
  refuseOwnFiltered(ctx, reader, filter, 'add --reader NAME')
  const followed = await Followed.begin(ctx, channels)
  const pace = new Pace(options)
  options.onBegin?.({channels: followed.views.map(({name}) => name), unmatched: followed.unmatched})
  let given = 0
  for (;;) {
    const isLastLook = pace.isQuiet
    await followed.refresh()
    let isAll = true
    // A hold is a write: none for the channels where nothing is new.
    for (const view of followed.views.filter(hasNews(followed))) {
      await pace.turn()
      if (pace.isCancelled) return
      const size = Math.min(limit, count - given)
      const hands = handOver(
        ctx,
        {channel: view.name, reader},
        {limit: size, all: false, filter, holdWait: HOLD_WAIT, signal},
      )
      const look = yield* handUpToEnd(hands, followed)
      if (!look.committed || pace.isCancelled) return
      given += look.given
      if (look.given > 0) pace.gave()
      if (given >= count) return
      if (look.isAll) await lookedThrough(followed, view, look.given)
      if (look.ended && followed.isOver) return checkCount(channels, given, options)
      isAll &&= look.isAll
    }
    if (!isAll) continue
    if (isLastLook || followed.isOver) return checkCount(channels, given, options)
    await pace.newsUnless(ctx, followed.positions, () => followed.isSame())
    if (pace.isCancelled) return
  }
}

const hasNews =
  ({at}: Followed) =>
  ({name, channel}: View): boolean =>
    channel.lastSeq > (seqIn(at, name) ?? -1)

/** Nothing is left up to where the channel was when it was looked up. */
async function lookedThrough(followed: Followed, view: View, given: number): Promise<void> {
  const isFirst = seqIn(followed.at, view.name) === undefined
  followed.at[view.name] = view.channel.lastSeq
  if (isFirst && given === 0) await followed.endIfClosed(view)
}

interface Look {
  given: number
  /** All that was handed over was committed. */
  committed: boolean
  /** There was a `leat.end`. */
  ended: boolean
  /** Nothing is left. */
  isAll: boolean
}

/** Hands over what stands in front of the first `leat.end`. */
async function* handUpToEnd(hands: AsyncIterable<Taken>, followed: Followed): AsyncGenerator<Taken, Look> {
  const look: Look = {given: 0, committed: true, ended: false, isAll: true}
  for await (const taken of hands) {
    const hand = upToEnd(taken)
    if (hand.messages.length > 0 || taken.created || taken.pruned > 0) yield hand
    // Nobody else commits a `leat.end` that stands alone.
    if (hand.messages.length === 0) await hand.commit()
    for (const message of taken.messages.slice(0, hand.size)) look.ended = followed.ends(message)
    look.given += hand.messages.length
    look.committed = hand.committed
    look.isAll = taken.end && hand.size === taken.messages.length
    if (!hand.committed || look.ended) break
  }
  return look
}

/** Messages in hand up to `leat.end`, which is committed with the last of them. */
interface Hand extends Taken {
  /** How many messages are finished with it, `leat.end` included. */
  size: number
  committed: boolean
}

function upToEnd(taken: Taken): Hand {
  const at = taken.messages.findIndex(({type}) => type === END_TYPE)
  const messages = at < 0 ? taken.messages : taken.messages.slice(0, at)
  const isLast = (seq: Seq | undefined): boolean => seq === undefined || seq >= (messages.at(-1)?.seq ?? 0)
  const hand: Hand = {
    channel: taken.channel,
    reader: taken.reader,
    messages,
    size: at < 0 ? messages.length : at + 1,
    created: taken.created,
    pruned: taken.pruned,
    end: taken.end && (at < 0 || at === taken.messages.length - 1),
    committed: taken.messages.length === 0,
    commit: async (seq) => {
      await taken.commit(isLast(seq) ? taken.messages[at]?.seq : seq)
      if (isLast(seq)) hand.committed = true
    },
    extend: () => taken.extend(),
    release: () => taken.release(),
  }
  return hand
}

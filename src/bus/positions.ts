/** From what people call a position to a seq. */
import type {Channel} from '../model/channel.js'
import {LeatError} from '../model/errors.js'
import type {Seq} from '../model/message.js'
import {type Position, parsePosition} from '../model/position.js'
import {placeName} from '../model/reference.js'
import type {Context} from './context.js'
import {findPlaces} from './find.js'

export interface PositionOptions {
  /** What stands at the position is wanted too (`--from`), not only what is behind it (`--after`). */
  included: boolean
  /** Whose cursor `cursor` means. Default: the actor's. */
  reader?: string
}

/**
 * The seq that one stands behind at a position of a channel: 0 in front of everything. A place is valid also when
 * its message was pruned.
 *
 * @throws INVALID   not a position, beyond the last seq, or of another channel
 * @throws NOT_FOUND no such message
 */
export async function seqBehind(ctx: Context, channel: Channel, text: string, options: PositionOptions): Promise<Seq> {
  const {included, reader = ctx.actor} = options
  const position = parsePosition(text, ctx.clock())
  switch (position.at) {
    case 'start':
      return 0
    case 'now':
      return channel.lastSeq
    case 'cursor':
      return (await ctx.store.consumers.get({channel: channel.name, kind: 'reader', name: reader}))?.cursor ?? 0
    case 'seq':
      return step(checkSeq(channel, position.seq), included)
    case 'message':
      return step(await seqOf(ctx, channel, position, text), included)
    case 'time': {
      const first = await ctx.store.messages.firstSince(channel.name, included ? position.time : position.time + 1)
      return first === undefined ? channel.lastSeq : first - 1
    }
  }
}

/** Where `from` or `after` begin; undefined when neither is given. @throws USAGE both; and as `seqBehind` */
export async function startOf(
  ctx: Context,
  channel: Channel,
  {from, after, reader}: {from?: string; after?: string; reader?: string},
): Promise<Seq | undefined> {
  if (from !== undefined && after !== undefined)
    throw new LeatError('USAGE', 'a beginning is either from a position or after one, not both')
  if (from !== undefined) return seqBehind(ctx, channel, from, {included: true, reader})
  if (after !== undefined) return seqBehind(ctx, channel, after, {included: false, reader})
  return undefined
}

const step = (seq: Seq, included: boolean): Seq => (included ? Math.max(0, seq - 1) : seq)

function checkSeq({name, lastSeq}: Channel, seq: Seq): Seq {
  if (seq <= lastSeq) return seq
  throw new LeatError('INVALID', `${name} has no place ${seq}`, {
    hint: lastSeq === 0 ? `${name} has no messages yet` : `its last is ${name}/${lastSeq}`,
  })
}

async function seqOf(ctx: Context, channel: Channel, {ref}: Position & {at: 'message'}, text: string): Promise<Seq> {
  const {name} = channel
  if (ref.by === 'place') {
    if (ref.channel === name) return checkSeq(channel, ref.seq)
    throw new LeatError('INVALID', `"${text}" is not a position in ${name}`, {hint: `like ${name}/${ref.seq}`})
  }
  const places = await findPlaces(ctx, text)
  const here = places.find((place) => place.channel === name)
  if (here) return here.seq
  throw new LeatError('INVALID', `message "${text}" is not in ${name}`, {
    hint: `it is ${places.map(placeName).join(', ')}`,
  })
}

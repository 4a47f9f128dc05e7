import type {Message} from '../model/message.js'
import {checkName} from '../model/names.js'
import {seqIn} from '../model/position.js'
import {requireChannel} from './access.js'
import type {Context} from './context.js'
import {seqBehind, startOf} from './positions.js'
import {filterOf, type PeekOptions, READ_LIMIT, READ_PAGE} from './read.js'
import {type Look, lookUntilFound} from './waiting.js'

/**
 * What `read` would give, or would have given at another position, without moving any cursor or holding anything.
 *
 * @throws NOT_FOUND, FORBIDDEN the channel is not there, or not for the actor, now or later; or the position's message is not there
 * @throws INVALID  not a position of this channel
 * @throws TIMEOUT  nothing came within `wait`
 */
export async function* peek(ctx: Context, channel: string, options: PeekOptions = {}): AsyncGenerator<Message> {
  const {reader = ctx.actor, all = false, limit = all ? READ_PAGE : READ_LIMIT, signal} = options
  const found = await requireChannel(ctx, channel, 'subscribe')
  checkName('reader', reader)
  const filter = filterOf(ctx, options)
  const start = await startOf(ctx, found, {...options, reader})
  let after = start ?? (await seqBehind(ctx, found, 'cursor', {included: false, reader}))
  yield* lookUntilFound(ctx, channel, options, async function* (): AsyncGenerator<Message, Look> {
    let count = 0
    for (;;) {
      const page = await ctx.store.messages.scan({
        channels: [{name: channel, after}],
        actor: ctx.actor,
        order: 'forward',
        limit: all ? limit : limit - count,
        filter,
      })
      // Asked after the look: what was sent since the channel was closed to the actor is not given.
      await requireChannel(ctx, channel, 'subscribe')
      yield* page.messages
      count += page.messages.length
      after = seqIn(page.next, channel) ?? after
      if (page.end || (!all && count >= limit) || signal?.aborted) return {found: count > 0, seen: {[channel]: after}}
    }
  })
}

import {answerTo, type Draft, type Message, type Receipt} from '../model/message.js'
import type {Context} from './context.js'
import {findOne} from './find.js'
import {send} from './send.js'

export interface ReplyOptions {
  /** Answer with an error (`leat.error`): who asked sees a failure. Default false. */
  error?: boolean
}

/**
 * Stores an answer where the asker waits for it: the message's `replyChannel`, else its own channel. Carries thread,
 * correlation id and conversation. What was said between two stays between them.
 *
 * @throws NOT_FOUND no such message that the actor may read
 * @throws USAGE     the message has several places and `ref` names none
 * @throws FORBIDDEN, CHANNEL_CLOSED, SCHEMA and the rest as `send`
 */
export async function reply(
  ctx: Context,
  ref: string,
  draft: Draft,
  {error = false}: ReplyOptions = {},
): Promise<Receipt> {
  const {channel, answer} = answerFor(ctx, await findOne(ctx, ref), draft, {error})
  return send(ctx, [channel], answer, {mayReserve: error})
}

/** An answer of the actor as it is to be sent, and where the asker waits for it. */
export function answerFor(
  ctx: Context,
  asked: Message,
  draft: Draft,
  {error = false}: ReplyOptions = {},
): {channel: string; answer: Draft} {
  const answer = answerTo(asked, draft, {error})
  const recipient = answer.recipient ?? otherOf(asked, ctx.actor)
  return {channel: asked.replyChannel ?? asked.channel, answer: {...answer, recipient}}
}

/** Whom a direct message was shared with, seen from `actor`; undefined for a broadcast. */
function otherOf({recipient, sender}: Message, actor: string): string | undefined {
  if (recipient === undefined) return undefined
  return actor === sender ? recipient : sender
}

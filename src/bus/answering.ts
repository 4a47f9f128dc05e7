/** Getting the answer to a claimed request to who asked, once however often it is answered. */
import type {Claim} from '../model/claim.js'
import {TEXT} from '../model/content.js'
import {isRefusal} from '../model/errors.js'
import type {Draft} from '../model/message.js'
import type {Outgoing} from '../store/store.js'
import type {Context} from './context.js'
import {preparedOnce, sendOnce} from './once.js'
import {answerFor, type ReplyOptions} from './reply.js'

export type Answer = {drafts: readonly Draft[]} | {error: string}

/** What became of an answer. */
export interface Answered {
  /** Sent, an error reply too. */
  replies: number
  /** Why the answer is an error reply, or with no replies, why there is none. */
  failed?: string
}

/** A request in hand. */
export type Asked = Pick<Claim, 'group' | 'channel' | 'message'>

/** Sends an answer; where it is refused, sends why; where that is refused too, says so. */
export async function deliverAnswer(ctx: Context, asked: Asked, answer: Answer): Promise<Answered> {
  if ('error' in answer) return deliverError(ctx, asked, answer.error)
  const refused = await sendReplies(ctx, asked, answer.drafts)
  return refused === undefined ? {replies: answer.drafts.length} : deliverError(ctx, asked, refused)
}

/** An answer that may be sent in the same step in which its claim ends. */
export interface ReadyAnswer {
  replies: Outgoing[]
  /** What became of it when it is sent. */
  note: Answered
}

/** Undefined where the answer is refused: `deliverAnswer` knows what to do then. */
export async function readyAnswer(ctx: Context, asked: Asked, answer: Answer): Promise<ReadyAnswer | undefined> {
  const isError = 'error' in answer
  const drafts = isError ? [errorDraft(answer.error)] : answer.drafts
  try {
    const replies = await preparedReplies(ctx, asked, drafts, {error: isError})
    return {replies, note: {replies: replies.length, ...(isError && {failed: answer.error})}}
  } catch (failure) {
    if (!isRefusal(failure)) throw failure
    return undefined
  }
}

const preparedReplies = (ctx: Context, asked: Asked, drafts: readonly Draft[], {error = false}: ReplyOptions) => {
  const {replyChannel = asked.channel} = asked.message
  const replies = drafts.map((draft) => answerFor(ctx, asked.message, draft, {error}).answer)
  return preparedOnce(ctx, replyChannel, replies, asked, {...ONCE, mayReserve: error})
}

const ONCE = {prefix: 'leat.respond'}

/** What a command wrote to stderr may hold anything. */
const errorDraft = (error: string): Draft => ({body: error.replaceAll('\0', '').toWellFormed(), contentType: TEXT})

async function deliverError(ctx: Context, asked: Asked, error: string): Promise<Answered> {
  const refused = await sendReplies(ctx, asked, [errorDraft(error)], {error: true})
  if (refused === undefined) return {replies: 1, failed: error}
  return {replies: 0, failed: refused === error ? error : `${error}; nor could that be sent: ${refused}`}
}

/** Returns why the replies were refused, undefined if they are there. */
async function sendReplies(
  ctx: Context,
  asked: Asked,
  drafts: readonly Draft[],
  {error = false}: ReplyOptions = {},
): Promise<string | undefined> {
  const answers = drafts.map((draft) => answerFor(ctx, asked.message, draft, {error}).answer)
  const {replyChannel = asked.channel} = asked.message
  try {
    await sendOnce(ctx, replyChannel, answers, asked, {...ONCE, mayReserve: error})
    return undefined
  } catch (failure) {
    if (!isRefusal(failure)) throw failure
    return failure.message
  }
}

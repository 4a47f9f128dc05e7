import {LeatError} from '../model/errors.js'
import type {Filter} from '../model/filter.js'
import {ERROR_TYPE, type Message, type Seq} from '../model/message.js'
import {seqIn} from '../model/position.js'
import type {View} from './access.js'
import type {Context} from './context.js'
import {Pace} from './pace.js'

export interface WaitOptions {
  /** Milliseconds; default: for ever. */
  timeout?: number
  /** Answers wanted; default 1. */
  replies?: number
  signal?: AbortSignal
}

/** A message whose answers are waited for. */
export interface Asked {
  /** How people know it: `calc/12`, or its id. */
  name: string
  id: string
  /** Where it was asked; undefined when it isn't stored any more. */
  channel?: string
  /** It wants an answer from a responder. */
  isRequest: boolean
  correlationId?: string
}

/**
 * Gives the answers to a message as they come, those that are there already first; the store finds them by its index.
 * Ends quietly when the signal aborts.
 *
 * @param where the channels in which answers are looked for; asked at each look
 * @throws TIMEOUT not enough of them within `timeout`
 * @throws REMOTE  one is an error
 * @throws INVALID
 */
export async function* answers(
  ctx: Context,
  asked: Asked,
  where: () => Promise<readonly Pick<View, 'name' | 'all'>[]>,
  {timeout = Infinity, replies = 1, signal}: WaitOptions,
): AsyncGenerator<Message> {
  checkWait({timeout, replies})
  const time = new Pace({idle: timeout, signal})
  const found = new Set<string>()
  const seen: Record<string, Seq> = {}
  for (;;) {
    const isLastLook = time.isQuiet
    const views = await where()
    const channels = views.map(({name, all}) => ({name, all, after: seqIn(seen, name) ?? 0}))
    const query = {channels, actor: ctx.actor, order: 'forward', limit: PAGE, filter: answersTo(asked)} as const
    const {messages, next, end} = await ctx.store.messages.scan(query)
    for (const message of messages) {
      // One that went to several channels has a place in each.
      if (found.has(message.id)) continue
      found.add(message.id)
      if (message.type === ERROR_TYPE) throw errorReply(asked, message)
      yield message
      if (found.size >= replies || time.isCancelled) return
    }
    Object.assign(seen, next)
    if (time.isCancelled) return
    if (!end) continue
    if (isLastLook) throw await timedOut(ctx, asked, {timeout, replies, found: found.size})
    const behind = Object.fromEntries(views.map(({name}) => [name, seqIn(seen, name) ?? 0]))
    await time.newsUnless(ctx, behind, async () => namesOf(await where()) === namesOf(views))
    if (time.isCancelled) return
  }
}

const namesOf = (views: readonly {name: string}[]): string => views.map(({name}) => name).join()

/** Messages in memory at once. */
const PAGE = 100

export const answersTo = ({id, correlationId}: Pick<Asked, 'id' | 'correlationId'>): Filter => ({
  replyTo: id,
  ...(correlationId !== undefined && {correlationId}),
})

/** @throws INVALID */
export function checkWait({timeout = Infinity, replies = 1}: Pick<WaitOptions, 'timeout' | 'replies'>): void {
  if (!(timeout > 0))
    throw new LeatError('INVALID', `can't wait ${timeout} ms for an answer`, {hint: 'a timeout like 30s'})
  if (!(Number.isSafeInteger(replies) && replies > 0))
    throw new LeatError('INVALID', `can't wait for ${replies} answers`, {hint: 'a whole number of 1 or more'})
}

/** Characters of an error reply that an error repeats. */
const LONGEST_REASON = 2000

function errorReply({name}: Asked, {sender, body, redactedAt}: Message): LeatError {
  const text = typeof body === 'string' && redactedAt === undefined ? body.trim() : ''
  const reason = text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text
  return new LeatError('REMOTE', `${sender} answered ${name} with an error${reason === '' ? '' : `: ${reason}`}`)
}

async function timedOut(
  ctx: Context,
  asked: Asked,
  {timeout, replies, found}: {timeout: number; replies: number; found: number},
): Promise<LeatError> {
  const what = found === 0 ? `no answer to ${asked.name}` : `${found} of ${replies} answers to ${asked.name}`
  const who = asked.channel !== undefined && asked.isRequest ? `: ${await respondersAt(ctx, asked.channel)}` : ''
  return new LeatError('TIMEOUT', `${what} within ${timeout / 1000} s${who}`, {hint: `leat wait ${asked.id}`})
}

/** Whether somebody could have answered. */
async function respondersAt(ctx: Context, channel: string): Promise<string> {
  const groups = await ctx.store.consumers.list({channel, kind: 'workers'})
  if (groups.length === 0) return 'no responder was ever seen'
  const count = groups.reduce((sum, {workers = []}) => sum + workers.length, 0)
  if (count === 0) return 'responders were here, none is running now'
  return count === 1 ? '1 responder is there' : `${count} responders are there`
}

import {type Claim, type GroupKey, RESPONDERS} from '../model/claim.js'
import type {DeadLetter} from '../model/dead-letter.js'
import type {LeatError} from '../model/errors.js'
import type {Draft, Message} from '../model/message.js'
import {requireChannel} from './access.js'
import {type Answer, type Answered, deliverAnswer, readyAnswer} from './answering.js'
import type {Ending} from './attempt.js'
import type {Context} from './context.js'
import {CONTROL_TYPES, Control, type ControlType} from './control.js'
import {lasting} from './lasting.js'
import {messageOf, type WorkSettled, workTerms} from './work.js'
import {claimForGroup, workInLoop} from './worker.js'

/**
 * Answers one request, with any number of replies. What it throws becomes an error reply (`leat.error`) with the error's
 * message; nothing is tried again.
 */
export type Answerer = (request: Message, signal: AbortSignal) => Promise<Draft | readonly Draft[]>

export interface RespondOptions {
  /** Default `responders`. */
  group?: string
  /** Milliseconds; default 30 s. */
  lease?: number
  /** Default 1. */
  concurrency?: number
  /** End after so many requests. */
  count?: number
  /** Obey messages of type `start`, `stop` and `remove` that come while this responder is there. Default false. */
  control?: boolean
  /** Milliseconds; default 5 s. */
  grace?: number
  signal?: AbortSignal
  /** Called when the responder has joined its group. */
  onReady?: () => void
  /** Told what happened, request by request, and of control messages. */
  onSettled?: (settled: RespondSettled) => void
  /** Told of requests that became dead letters because no responder came back from their last attempt. */
  onBuried?: (letters: readonly DeadLetter[]) => void
  /** Told when the disk is full: it goes on when there is room. */
  onWaiting?: (reason: LeatError) => void
}

export interface RespondSettled extends WorkSettled, Answered {
  /** It was a control message, not a request. */
  control?: ControlType
}

export interface RespondReport {
  answered: number
  /** Error replies, and answers that nobody took. */
  failed: number
  /** Ended by a `remove` message. */
  removed: boolean
}

/**
 * Takes messages that want an answer (have a `replyChannel`) as one of a group, and sends what the answerer gives as
 * replies: in the thread, with the correlation id, to who asked. An answer that the reply channel refuses becomes an
 * error reply; one that can't be sent either is only told of.
 *
 * With `control`: `stop` makes it leave requests alone until `start`; `remove` ends it, and the last of a group takes the
 * group along. They are answered with `started`, `stopped`, `removed` if they want an answer.
 *
 * @throws NOT_FOUND, FORBIDDEN the channel is not there, or not for the actor, now or later
 * @throws INVALID
 */
export async function respond(
  short: Context,
  channel: string,
  answer: Answerer,
  options: RespondOptions = {},
): Promise<RespondReport> {
  const ctx = {...short, store: lasting(short.store, options)}
  const {count, signal, control: obeys = false, onReady, onSettled} = options
  const {group, lease, concurrency, grace, maxAttempts} = workTerms({...options, group: options.group ?? RESPONDERS})
  const {lastSeq} = await requireChannel(ctx, channel, 'subscribe')
  const key = {channel, group}
  const report = {answered: 0, failed: 0}
  const terms = {lease, maxAttempts, bound: true, filter: {requestsOr: obeys ? CONTROL_TYPES : []}}
  const claim = (limit: number) => claimForGroup(ctx, key, {limit, ...terms}, (letters) => options.onBuried?.(letters))
  const control = new Control(ctx, key, {
    since: lastSeq,
    claim,
    onObeyed: (obeyed) => onSettled?.({outcome: 'done', ...obeyed}),
  })
  await workInLoop<Answered>(ctx, {
    key,
    ...{lease, concurrency, grace, count, signal, onReady},
    look: obeys ? (limit) => control.look(limit) : claim,
    perform: async (claimed, stop) => {
      const given = await answerTo(answer, claimed.message, stop)
      return () => ended(ctx, claimed, given)
    },
    onAttempted: ({note = {replies: 0}, ...attempted}) => {
      if (attempted.outcome === 'done') report[note.failed === undefined ? 'answered' : 'failed']++
      onSettled?.({...attempted, ...note})
    },
  })
  const removed = control.isRemoved
  if (removed) await forgetIfLeft(ctx, key)
  return {...report, removed}
}

/** An answer and the end of its request are one step where that can be; else the answer goes first. */
async function ended(ctx: Context, claim: Claim, given: Answer): Promise<Ending<Answered>> {
  const sent = async (): Promise<Ending<Answered>> => ({as: 'done', note: await deliverAnswer(ctx, claim, given)})
  const ready = await readyAnswer(ctx, claim, given)
  return ready ? {as: 'done', note: ready.note, results: ready.replies, instead: sent} : sent()
}

/** Others of the group would begin at the start of the channel again, and answer what is answered. */
async function forgetIfLeft(ctx: Context, {channel, group}: GroupKey): Promise<void> {
  const consumer = {channel, kind: 'workers', name: group} as const
  const {workers = []} = (await ctx.store.consumers.get(consumer)) ?? {}
  if (workers.length === 0) await ctx.store.consumers.forget(consumer)
}

async function answerTo(answer: Answerer, request: Message, signal: AbortSignal): Promise<Answer> {
  try {
    const given = await answer(request, signal)
    return {drafts: 'body' in given ? [given] : given}
  } catch (error) {
    return {error: messageOf(error)}
  }
}

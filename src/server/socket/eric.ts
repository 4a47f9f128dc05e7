/**
 * The verbs of eric_sse's socket server, unchanged for its clients: `c d b r l w rl rc`, the keys `c v t p r`. A channel
 * is a channel, a listener is a subscription named by its id, what is dispatched is a direct message, what is broadcast
 * is a message. Unlike there, what a listener was not given waits for it, and a verb that there is not is an error.
 */
import type {Bus} from '../../bus/bus.js'
import {JSON_TYPE, TEXT} from '../../model/content.js'
import {LeatError} from '../../model/errors.js'
import {type Draft, END_TYPE, type Message} from '../../model/message.js'
import {isName} from '../../model/names.js'
import {textMember} from '../envelope.js'
import {ACK, CLOSED_TYPE, closedLine, errorLine, eventLine, exceptionText} from './eric-wire.js'

export interface EricCall {
  /** The members of the request, as values. */
  fields: Readonly<Record<string, unknown>>
  /** The source text of `p`, every digit of it; undefined without one. */
  payload: string | undefined
  /** Who acts. */
  actor: string
  /** A token proves it: then it is no other listener than itself. */
  isProven: boolean
  /** The bus as someone sees it. */
  as(actor: string): Bus
  /** Called when a stream begins: from then on what goes wrong is one of its lines. */
  onStream(): void
  /** Aborts when the client goes away, or the server stops. */
  signal: AbortSignal
}

/**
 * What is answered, piece by piece. Whoever asks for the next one says that the one before has been taken: only then is
 * a listener's place moved behind it.
 */
export type Answer = AsyncGenerator<string>

const VERBS: Readonly<Record<string, (call: EricCall) => Answer>> = {
  c: createChannel,
  rc: removeChannel,
  r: register,
  rl: removeListener,
  b: broadcast,
  d: dispatch,
  l: listen,
  w: watch,
}

/**
 * Answers a request. Errors are answers too, named as there.
 * @throws LeatError what went wrong before anything was answered
 */
export function answerEric(call: EricCall): Answer {
  const {v} = call.fields
  const verb = typeof v === 'string' && Object.hasOwn(VERBS, v) ? VERBS[v] : undefined
  if (verb) return verb(call)
  throw new LeatError('USAGE', v === undefined ? 'no verb: "v" is missing' : `unknown verb ${JSON.stringify(v)}`, {
    hint: `one of ${Object.keys(VERBS).join(', ')}, or the name of an operation, like message.send`,
  })
}

async function* createChannel({fields, actor, as}: EricCall): Answer {
  const bus = as(actor)
  const {name} = await bus.createChannel(textMember(fields, 'c') ?? bus.context.ids())
  yield name
}

async function* removeChannel({fields, actor, as}: EricCall): Answer {
  await as(actor).deleteChannel(channelOf(fields))
  yield ACK
}

async function* register(call: EricCall): Answer {
  const {fields, actor, isProven, as} = call
  const channel = channelOf(fields)
  const listener = textMember(fields, 'r') ?? (isProven ? actor : as(actor).context.ids())
  await actingAs(call, listener).subscribe(channel)
  yield listener
}

async function* removeListener(call: EricCall): Answer {
  const channel = channelOf(call.fields)
  const listener = textMember(call.fields, 'r')
  const isOne = listener !== undefined && isName(listener)
  // A place in the channel under a name that was made up is of no use to anyone any more.
  const wasThere = isOne && (await actingAs(call, listener).unsubscribe(channel, {forget: isMadeUp(listener)}))
  yield wasThere ? ACK : noListener(channel, listener)
}

async function* broadcast({fields, payload, actor, as}: EricCall): Answer {
  await sendPayload(as(actor), channelOf(fields), typeOf(fields), payload)
  yield ACK
}

async function* dispatch({fields, payload, actor, as}: EricCall): Answer {
  const channel = channelOf(fields)
  const type = typeOf(fields)
  const listener = textMember(fields, 'r')
  const bus = as(actor)
  if (listener === undefined || !(await mayListen(bus, channel, listener))) yield noListener(channel, listener)
  else {
    await sendPayload(bus, channel, type, payload, listener)
    yield ACK
  }
}

async function* listen(call: EricCall): Answer {
  const {fields, signal, onStream} = call
  const channel = channelOf(fields)
  const listener = textMember(fields, 'r')
  if (listener === undefined || !isName(listener)) return yield noListener(channel, listener)
  const bus = actingAs(call, listener)
  if (!(await isListener(bus, channel, listener))) return yield noListener(channel, listener)
  onStream()
  for await (const taken of bus.followCursor([channel], {signal})) {
    if (!(await isListener(bus, channel, listener))) return yield errorLine(noListener(channel, listener))
    for (const {text, last} of pieces(taken.messages)) {
      yield text
      await taken.commit(last)
    }
  }
  if (!signal.aborted) yield closedLine()
}

async function* watch({fields, actor, as, signal, onStream}: EricCall): Answer {
  for await (const message of as(actor).follow([channelOf(fields)], {signal, onBegin: onStream}))
    yield eventLine(message)
  if (!signal.aborted) yield closedLine()
}

/** Bytes written at once: enough that small messages go in few pieces. */
const PIECE = 64 * 1024

/** Lines in pieces, with the seq of the last message of each. */
function* pieces(messages: readonly Message[]): Generator<{text: string; last: number}> {
  let text = ''
  for (const [at, message] of messages.entries()) {
    text += eventLine(message)
    if (text.length < PIECE && at < messages.length - 1) continue
    yield {text, last: message.seq}
    text = ''
  }
}

/** A listener acts for itself. @throws FORBIDDEN a token proves someone else */
function actingAs({actor, isProven, as}: EricCall, listener: string): Bus {
  if (!isProven || listener === actor) return as(listener)
  throw new LeatError('FORBIDDEN', `the token proves ${actor}, who is not the listener "${listener}"`, {
    hint: `"r":"${actor}", or no token`,
  })
}

const isListener = async (bus: Bus, channel: string, subscriber: string): Promise<boolean> =>
  (await bus.subscriptions({channel, subscriber})).length > 0

/** Whether a listener is there; who may not know is not told. */
async function mayListen(bus: Bus, channel: string, listener: string): Promise<boolean> {
  if (!isName(listener)) return false
  try {
    return await isListener(bus, channel, listener)
  } catch (error) {
    if (error instanceof LeatError && error.code === 'FORBIDDEN') return true
    throw error
  }
}

/** A string is text, any other value JSON; a string for a channel that takes nothing but JSON is a JSON string. */
async function sendPayload(
  bus: Bus,
  channel: string,
  type: string,
  payload = 'null',
  recipient?: string,
): Promise<void> {
  const draft = {type, ...(recipient !== undefined && {recipient})}
  const json: Draft = {...draft, body: payload, contentType: JSON_TYPE}
  if (!payload.startsWith('"')) return void (await bus.send(channel, json))
  try {
    await bus.send(channel, {...draft, body: JSON.parse(payload) as string, contentType: TEXT})
  } catch (error) {
    if (!(error instanceof LeatError && error.code === 'SCHEMA')) throw error
    await bus.send(channel, json)
  }
}

const MADE_UP = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const isMadeUp = (listener: string): boolean => MADE_UP.test(listener)

const noListener = (channel: string, listener: string | undefined): string =>
  exceptionText(
    new LeatError(
      'NOT_FOUND',
      listener === undefined ? 'no listener is named: "r" is missing' : `no listener "${listener}" on "${channel}"`,
      {hint: `{"v":"r","c":"${channel}"} makes one`},
    ),
    'InvalidListenerException',
  )

/** A name that no channel can have is the name of no channel. @throws NOT_FOUND */
function channelOf(fields: EricCall['fields']): string {
  const channel = textMember(fields, 'c')
  if (channel !== undefined && isName(channel)) return channel
  throw new LeatError(
    'NOT_FOUND',
    channel === undefined ? 'no channel is named: "c" is missing' : `no channel ${JSON.stringify(channel)}`,
    {hint: '{"v":"c"} makes one'},
  )
}

/** @throws INVALID there is none */
function typeOf(fields: EricCall['fields']): string {
  const type = textMember(fields, 't')
  if (type === undefined) throw new LeatError('INVALID', 'the message has no type: "t" is missing')
  return type === CLOSED_TYPE ? END_TYPE : type
}

/** Server-sent events: what arrives in channels, and what is pushed to a subscriber. */
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify'
import type {FollowBegin, FollowOptions} from '../../bus/follow.js'
import {LeatError} from '../../model/errors.js'
import type {Message, Seq} from '../../model/message.js'
import {checkName} from '../../model/names.js'
import {formatPositions, type Positions, parsePositions, seqIn} from '../../model/position.js'
import type {ServerContext} from '../context.js'
import {jsonText} from '../json.js'
import {flag, text, texts} from '../operations/fields.js'
import {callerAt} from './admission.js'
import {END, EventStream, OPEN} from './event-stream.js'
import {MessageEvents} from './message-events.js'
import {pushRoute} from './push-stream.js'
import {PREFIX} from './routes.js'
import {RETRY, retryField, STREAM_ANSWERS, ticketField} from './stream-fields.js'

interface StreamQuery {
  channels?: string[]
  from?: string
  after?: string
  lastEventId?: string
  type?: string[]
  sender?: string[]
  others?: boolean
  retry?: number
}

const QUERY = {
  from: text('Begin at this position, included. Default: now.'),
  after: text('Begin behind this position.'),
  lastEventId: text('Go on behind this id; as the header Last-Event-ID, which counts first.'),
  type: texts('Only these types; repeat it for several.'),
  sender: texts('Only from these senders; repeat it for several.'),
  others: flag("Leave out the actor's own messages."),
  retry: retryField,
  ticket: ticketField,
} as const

export function streamRoutes(app: FastifyInstance, context: ServerContext): void {
  pushRoute(app, context)
  const events = new MessageEvents()
  const options = (operationId: string, summary: string, query: object) => ({
    config: {takesTicket: true},
    schema: {
      operationId,
      summary,
      tags: ['stream'],
      produces: ['text/event-stream'],
      querystring: {type: 'object', properties: query, additionalProperties: false},
      response: STREAM_ANSWERS,
    },
  })
  app.get<{Params: {channel: string}; Querystring: StreamQuery}>(
    `${PREFIX}/channels/:channel/stream`,
    options('channel.stream', 'What arrives in a channel, as server-sent events; id is the seq.', QUERY),
    (request, reply) => {
      const {channel} = request.params
      checkName('channel', channel)
      return stream(context, request, reply, {channels: [channel], ids: onlySeq(channel), events})
    },
  )
  app.get<{Querystring: StreamQuery}>(
    `${PREFIX}/stream`,
    options('stream', 'What arrives in several channels, as server-sent events; id is like a:42,b:7.', {
      channels: texts('Names or globs, with commas between them. Default: all channels that the actor may read.'),
      ...QUERY,
    }),
    (request, reply) => {
      const channels = (request.query.channels ?? []).flatMap((names) => names.split(','))
      return stream(context, request, reply, {channels, ids: {write: formatPositions, read: parsePositions}, events})
    },
  )
}

/** Messages of one stream in memory at once. */
const PAGE = 50

/** How positions are written as ids of events. */
interface Ids {
  write(positions: Positions): string
  /** @throws INVALID */
  read(id: string): Positions
}

const onlySeq = (channel: string): Ids => ({
  write: (positions) => String(seqIn(positions, channel) ?? 0),
  read: (id) => {
    if (/^\d{1,15}$/.test(id)) return {[channel]: Number(id)}
    throw new LeatError('INVALID', `${JSON.stringify(id)} is not the id of an event of this stream`)
  },
})

interface Streamed {
  channels: readonly string[]
  ids: Ids
  events: MessageEvents
}

type StreamRequest = FastifyRequest<{Querystring: StreamQuery}>

async function stream(
  context: ServerContext,
  request: StreamRequest,
  reply: FastifyReply,
  {channels, ids, events}: Streamed,
): Promise<FastifyReply> {
  const {type, sender, others, retry = RETRY} = request.query
  const caller = callerAt(request)
  const connection = new EventStream(context, caller, reply)
  const {writer, signal} = connection
  const positions: Record<string, Seq> = {}
  let end: Message | undefined
  try {
    const {messages, begin} = await begun((onBegin) =>
      context.busFor(caller.actor, 'http').follow(channels, {
        ...beginning(request, ids),
        filter: {types: type, senders: sender},
        others,
        page: PAGE,
        signal,
        onBegin,
        onEnd: (message) => {
          positions[message.channel] = message.seq
          end = message
        },
      }),
    )
    Object.assign(positions, begin.positions)
    if (begin.isOver) return reply.code(204).send()
    connection.open()
    await writer.write({id: ids.write(positions), type: OPEN, retry, data: jsonText({positions})})
    for await (const message of messages) {
      positions[message.channel] = message.seq
      await writer.add(events.of(message, ids.write(positions)))
      if (signal.aborted) break
    }
    if (end && !signal.aborted) await writer.write({id: ids.write(positions), type: END, data: jsonText({positions})})
    await connection.close()
  } catch (error) {
    if (!connection.isOpen) throw error
    await connection.close(error)
  } finally {
    connection.release()
  }
  return reply
}

/** Starts a stream, and gives where it begins before its first message comes. @throws what `follow` throws at first */
async function begun(
  follow: (onBegin: (begin: FollowBegin) => void) => AsyncIterable<Message>,
): Promise<{messages: AsyncIterable<Message>; begin: FollowBegin}> {
  let told: ((begin: FollowBegin) => void) | undefined
  const beginning = new Promise<FollowBegin>((resolve) => {
    told = resolve
  })
  const iterator = follow((begin) => told?.(begin))[Symbol.asyncIterator]()
  let first: Promise<IteratorResult<Message>> | undefined = iterator.next()
  // It is awaited below, or by who reads the messages.
  first.catch(() => {})
  const begin = await Promise.race([beginning, first.then(() => beginning)])
  const next = (): Promise<IteratorResult<Message>> => {
    const result = first ?? iterator.next()
    first = undefined
    return result
  }
  const messages = {
    [Symbol.asyncIterator]: () => ({next, return: async () => iterator.return?.() ?? {done: true, value: undefined}}),
  } as AsyncIterable<Message>
  return {messages, begin}
}

/** Where a stream begins: where an earlier one got to, else at a position, else now. @throws INVALID, USAGE */
function beginning({headers, query}: StreamRequest, ids: Ids): Pick<FollowOptions, 'from' | 'after' | 'behind'> {
  const header = headers['last-event-id']
  const last = (typeof header === 'string' && header !== '' ? header : query.lastEventId) || undefined
  if (last !== undefined) return {behind: ids.read(last)}
  const {from, after} = query
  return {from, after}
}

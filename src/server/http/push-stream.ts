/** Server-sent events of what is pushed to the actor: the end of the `sse` transport. */
import type {FastifyInstance} from 'fastify'
import {aborted} from '../../bus/deadline.js'
import type {Message} from '../../model/message.js'
import type {ServerContext} from '../context.js'
import {jsonText, MessageWith} from '../json.js'
import {text} from '../operations/fields.js'
import {checkPushed, requireConnections} from '../pushing.js'
import {callerAt} from './admission.js'
import {EventStream, OPEN} from './event-stream.js'
import {PREFIX} from './routes.js'
import {RETRY, retryField, STREAM_ANSWERS, ticketField} from './stream-fields.js'

export function pushRoute(app: FastifyInstance, context: ServerContext): void {
  app.get<{Querystring: {channel?: string; retry?: number}}>(
    `${PREFIX}/subscriptions/stream`,
    {
      config: {takesTicket: true},
      schema: {
        operationId: 'subscription.stream',
        summary: 'What is pushed to the actor by the sse transport; what is not connected to waits, nothing is lost.',
        tags: ['stream'],
        produces: ['text/event-stream'],
        querystring: {
          type: 'object',
          properties: {channel: text('Only of this channel.'), retry: retryField, ticket: ticketField},
          additionalProperties: false,
        },
        response: STREAM_ANSWERS,
      },
    },
    async (request, reply) => {
      const connections = requireConnections(context.hub?.sse)
      const {channel, retry = RETRY} = request.query
      const caller = callerAt(request)
      await checkPushed(context.busFor(caller.actor, 'http'), channel)
      const connection = new EventStream(context, caller, reply)
      const {writer, signal} = connection
      connection.open()
      await writer.write({type: OPEN, retry, data: jsonText({subscriber: caller.actor, channel})})
      const turns = new Turns()
      const deliver = (message: Message, deliveryId: string): Promise<boolean> =>
        turns.take(async () => {
          if (signal.aborted) return false
          await writer.write({type: message.type, data: jsonText(new MessageWith(message, {deliveryId}))})
          return !signal.aborted && !writer.isGone
        })
      const leave = connections.attach(caller.actor, channel, {deliver})
      await aborted(signal)
      leave()
      await connection.close()
      return reply
    },
  )
}

/** One after the other: events of several channels must not get into each other. */
class Turns {
  #last: Promise<unknown> = Promise.resolve()

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => {})
    return turn
  }
}

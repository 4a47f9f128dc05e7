import type {FastifyInstance} from 'fastify'
import {isoTime} from '../../model/time.js'
import type {ServerContext} from '../context.js'
import {callerAt} from './admission.js'
import {ANSWERS} from './openapi.js'
import {PREFIX, sendJson} from './routes.js'

/** A ticket for who has a token. */
export function ticketRoute(app: FastifyInstance, {tickets}: ServerContext): void {
  app.post(
    `${PREFIX}/tickets`,
    {
      schema: {
        operationId: 'ticket.create',
        summary: 'A ticket for one stream or WebSocket, good for a minute: ?ticket=…, where no header can be sent.',
        tags: ['stream'],
        body: {type: 'object', properties: {}, additionalProperties: false},
        response: ANSWERS(201),
      },
    },
    async (request, reply) => {
      const {ticket, expiresAt} = tickets.issue(callerAt(request))
      return sendJson(reply, 201, {ticket, expiresAt: isoTime(expiresAt)})
    },
  )
}

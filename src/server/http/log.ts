import type {FastifyInstance} from 'fastify'
import type {ServerContext} from '../context.js'
import {callerAt} from './admission.js'

/** Tells of each request when it is over; the query, which may have a ticket in it, is left out. */
export function logRequests(app: FastifyInstance, {onRequest}: ServerContext): void {
  if (!onRequest) return
  app.addHook('onResponse', async (request, reply) => {
    onRequest({
      door: 'http',
      client: request.ip,
      actor: (callerAt(request) as ReturnType<typeof callerAt> | null)?.actor,
      method: request.method,
      path: request.url.split('?', 1)[0] as string,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    })
  })
}

import type {FastifyInstance, FastifyReply} from 'fastify'
import type {ServerContext} from '../context.js'
import {callerAt} from './admission.js'

/** Tells of each request when it was answered. */
export function logRequests(app: FastifyInstance, context: ServerContext): void {
  if (context.onRequest) app.addHook('onResponse', async (_request, reply) => logAnswer(context, reply))
}

/** A token that somebody has put into an address, where it doesn't belong. */
const TOKEN = /leat_[\w-]{43}/g

/** The query, which may have a ticket in it, is left out. */
export function logAnswer({onRequest}: ServerContext, reply: FastifyReply, status = reply.statusCode): void {
  const {request} = reply
  onRequest?.({
    door: 'http',
    client: request.ip,
    actor: (callerAt(request) as ReturnType<typeof callerAt> | null)?.actor,
    method: request.method,
    path: (request.url.split('?', 1)[0] as string).replace(TOKEN, 'leat_…'),
    status,
    ms: Math.round(reply.elapsedTime),
  })
}

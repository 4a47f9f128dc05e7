/** The HTTP door: fastify over the table of operations, the streams, and what guards them. */
import type {Server} from 'node:http'
import cors from '@fastify/cors'
import fastify, {type FastifyInstance} from 'fastify'
import {LeatError} from '../../model/errors.js'
import type {ServerContext} from '../context.js'
import {bracketed} from '../guard.js'
import {problemOf} from '../status.js'
import {admitCallers, guardRequests} from './admission.js'
import {parseBodies} from './body.js'
import {limitBodies} from './body-room.js'
import {limitConnections} from './connections.js'
import {logRequests} from './log.js'
import {describe} from './openapi.js'
import {ALWAYS, refuseMalformed, sendProblem, tellProblems} from './problems.js'
import {Calls, operationRoutes, PREFIX, sendJson} from './routes.js'
import {validatorCompiler} from './schemas.js'
import {streamRoutes} from './streams.js'
import {ticketRoute} from './ticket-route.js'

export interface HttpDoor {
  /** What the WebSocket door hangs on. */
  server: Server
  /** `http://127.0.0.1:7428`. */
  url: string
  /** Takes nothing new, lets running requests end within the grace, then ends them. */
  close(): Promise<void>
}

export interface HttpAddress {
  host: string
  /** 0: any that is free. */
  port: number
}

/** Opens the door. @throws CONFLICT the port is taken; STORAGE, USAGE it can't be listened on */
export async function openHttpDoor(context: ServerContext, address: HttpAddress, version: string): Promise<HttpDoor> {
  const calls = new Calls()
  const app = await appOf(context, calls, version)
  limitConnections(app.server, context.limits.connectionsPerClient)
  try {
    await app.listen(address)
  } catch (cause) {
    await app.close()
    throw cannotListen(address, cause as NodeJS.ErrnoException)
  }
  const {port} = app.server.address() as {port: number}
  return {
    server: app.server,
    url: `http://${bracketed(address.host)}:${port}`,
    close: () => close(app, calls, context.limits.grace),
  }
}

async function appOf(context: ServerContext, calls: Calls, version: string): Promise<FastifyInstance> {
  const {limits, guard} = context
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    bodyLimit: limits.body,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.idleTimeout,
    http: {
      maxHeaderSize: limits.head,
      headersTimeout: limits.headTimeout,
      connectionsCheckingInterval: limits.checkInterval,
      // The guard says so in leat's own words.
      requireHostHeader: false,
    },
    routerOptions: {maxParamLength: 1024},
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, problemOf(error)),
  })
  app.server.maxConnections = limits.connections
  app.setValidatorCompiler(validatorCompiler())
  // What is answered is JSON text already.
  app.setSerializerCompiler(() => (value) => String(value))
  // In front of all routes, also those of plug-ins: a route keeps the error handler that there is when it is made.
  tellProblems(app, context, PREFIX)
  guardRequests(app, context)
  await app.register(cors, {
    origin: [...guard.origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID'],
    maxAge: 600,
  })
  admitCallers(app, context)
  logRequests(app, context)
  limitBodies(app, limits)
  parseBodies(app)
  await describe(app, version)
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(ALWAYS)
    // The connection would be kept for a next request, and the server with it.
    if (context.stopping.aborted) reply.header('connection', 'close')
  })
  await app.register(async (routes) => {
    routes.get(
      '/health',
      {config: {open: true}, schema: {operationId: 'health', security: [], summary: 'That it runs.'}},
      (_, reply) => sendJson(reply, 200, {status: 'ok'}),
    )
    routes.get('/openapi.json', {schema: {hide: true}}, (_, reply) => sendJson(reply, 200, app.swagger()))
    ticketRoute(routes, context)
    streamRoutes(routes, context)
    operationRoutes(routes, context, calls)
  })
  return app
}

async function close(app: FastifyInstance, calls: Calls, grace: number): Promise<void> {
  const late = setTimeout(() => {
    calls.callOff()
    // What was called off still says so.
    setTimeout(() => app.server.closeAllConnections(), LAST_WORDS)
  }, grace)
  await app.close()
  clearTimeout(late)
}

/** Milliseconds. */
const LAST_WORDS = 200

function cannotListen({host, port}: HttpAddress, cause: NodeJS.ErrnoException): LeatError {
  const where = `${bracketed(host)}:${port}`
  switch (cause.code) {
    case 'EADDRINUSE':
      return new LeatError('CONFLICT', `another program listens on ${where}`, {
        hint: '--port 0 takes any that is free',
        cause,
      })
    case 'EACCES':
      return new LeatError('FORBIDDEN', `this user may not listen on ${where}`, {hint: 'a port above 1023', cause})
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new LeatError('USAGE', `${JSON.stringify(host)} is no address of this machine`, {cause})
    default:
      return new LeatError('STORAGE', `can't listen on ${where}: ${cause.message}`, {cause})
  }
}

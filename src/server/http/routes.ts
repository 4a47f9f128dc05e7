/** A route for each operation. */
import type {FastifyInstance, FastifyReply} from 'fastify'
import {type Caller, isRefusal} from '../caller.js'
import type {ServerContext} from '../context.js'
import {jsonText} from '../json.js'
import type {AnyOperation} from '../operation.js'
import {runOperation} from '../run.js'
import {unsupported} from '../status.js'
import {callerAt} from './admission.js'
import {hasBody, inputOf, isRaw} from './body.js'
import {ANSWERS} from './openapi.js'
import {sendProblem} from './problems.js'
import {fastifyPath, schemasOf} from './schemas.js'

/** What every address of the interface begins with. */
export const PREFIX = '/v1'

export function operationRoutes(app: FastifyInstance, context: ServerContext, calls: Calls): void {
  for (const operation of context.runner.operations) operationRoute(app, context, calls, operation)
}

function operationRoute(app: FastifyInstance, context: ServerContext, calls: Calls, operation: AnyOperation): void {
  const {name, summary, http} = operation
  const {status = 200} = http
  app.route({
    method: http.method,
    url: PREFIX + fastifyPath(http.path),
    schema: {
      operationId: name,
      summary,
      tags: [name.split('.')[0] as string],
      ...schemasOf(operation),
      response: ANSWERS(status),
    },
    handler: async (request, reply) => {
      if (hasBody(operation) && operation.takes !== 'message' && isRaw(request))
        return sendProblem(reply, unsupported('the body is not JSON', 'Content-Type: application/json'))
      const caller = callerAt(request)
      const call = calls.begin(reply, caller, context.limits.heartbeat)
      try {
        const bus = context.busFor(caller.actor, 'http')
        const result = await runOperation(operation, {bus, ...inputOf(operation, request), signal: call.signal})
        call.requireWelcome()
        return sendJson(reply, status, result)
      } catch (error) {
        call.requireWelcome()
        throw error
      } finally {
        call.end()
      }
    },
  })
}

export const sendJson = (reply: FastifyReply, status: number, value: unknown): FastifyReply =>
  reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(`${jsonText(value)}\n`)

interface Running {
  signal: AbortSignal
  /** @throws UNAUTHENTICATED who asked was turned away meanwhile */
  requireWelcome(): void
  end(): void
}

/** The calls that are running: each is called off when its client goes away or is no longer welcome, or all when the server has waited enough. */
export class Calls {
  readonly #running = new Set<AbortController>()

  /** @param heartbeat milliseconds after which the token is looked at again: a call may wait for an hour */
  begin({raw}: Pick<FastifyReply, 'raw'>, {verify}: Caller, heartbeat: number): Running {
    const running = new AbortController()
    const clientGone = (): void => {
      if (!raw.writableFinished) running.abort()
    }
    let refusal: unknown
    const turnAway = (error: unknown): void => {
      if (!isRefusal(error)) return
      refusal = error
      running.abort()
    }
    const heart = setInterval(() => void verify().catch(turnAway), heartbeat)
    raw.once('close', clientGone)
    this.#running.add(running)
    return {
      signal: running.signal,
      requireWelcome: () => {
        if (refusal !== undefined) throw refusal
      },
      end: () => {
        clearInterval(heart)
        raw.removeListener('close', clientGone)
        this.#running.delete(running)
      },
    }
  }

  callOff(): void {
    for (const running of this.#running) running.abort()
  }
}

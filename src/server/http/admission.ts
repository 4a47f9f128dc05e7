/** In front of every route: the guard, then who is there. */
import type {FastifyInstance, FastifyRequest} from 'fastify'
import {type Caller, callerOf} from '../caller.js'
import type {ServerContext} from '../context.js'
import {guard} from '../guard.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Needs no token: it says nothing. */
    open?: boolean
    /** A ticket in the address will do instead of a token. */
    takesTicket?: boolean
  }
}

const CALLER = 'caller'

/** Who is there, once `admit` has let it in. */
export const callerAt = (request: FastifyRequest): Caller => request.getDecorator<Caller>(CALLER)

/** Refuses hosts and origins. To be registered in front of what answers preflights. */
export function guardRequests(app: FastifyInstance, {guard: rules}: ServerContext): void {
  app.addHook('onRequest', async ({raw}) => guard(rules, raw.url ?? '', raw.rawHeaders))
}

/** Lets in who has a token, or a ticket where one will do. */
export function admitCallers(app: FastifyInstance, {admission, tickets, trusted}: ServerContext): void {
  app.decorateRequest(CALLER, null)
  app.addHook('onRequest', async (request) => {
    const {open, takesTicket} = request.routeOptions.config
    if (open) return
    const ticket = takesTicket ? (request.query as {ticket?: unknown}).ticket : undefined
    const caller =
      typeof ticket === 'string'
        ? await tickets.redeem(ticket)
        : await callerOf(admission, request.headers.authorization, trusted.get(request.raw.socket))
    request.setDecorator<Caller>(CALLER, caller)
  })
}

/** The WebSocket door: `/v1/ws` of the HTTP server. Who may not come in is told so in HTTP. */
import type {IncomingMessage, Server} from 'node:http'
import type {Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import {type WebSocket, WebSocketServer} from 'ws'
import {LeatError} from '../../model/errors.js'
import {type Caller, callerOf} from '../caller.js'
import type {ServerContext} from '../context.js'
import {guard} from '../guard.js'
import {refuseConnection} from '../http/problems.js'
import {problemOf} from '../status.js'
import {CLOSES} from './closes.js'
import {WebSocketSession} from './session.js'

const PATH = '/v1/ws'

export interface WebSocketDoor {
  /** Tells every client to go (1001), and waits until they have, or the grace is over. */
  close(): Promise<void>
}

/** Opens the door on a server that listens. */
export function openWebSocketDoor(context: ServerContext, server: Server): WebSocketDoor {
  const {limits} = context
  const clients = new WebSocketServer({noServer: true, maxPayload: limits.frame, perMessageDeflate: false})
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const socket = stream as Socket
    // Who goes away here is gone; nothing has begun yet.
    const ignore = (): void => {}
    socket.on('error', ignore)
    const began = performance.now()
    const log = (status: number, actor?: string): void =>
      context.onRequest?.({
        door: 'websocket',
        client: socket.remoteAddress ?? '',
        actor,
        method: request.method ?? '',
        path: PATH,
        status,
        ms: Math.round(performance.now() - began),
      })
    admit(context, request).then(
      (caller) => {
        socket.off('error', ignore)
        clients.handleUpgrade(request, socket, head, (client: WebSocket) => {
          log(101, caller.actor)
          new WebSocketSession(client, caller, context)
        })
      },
      (error) => {
        const problem = problemOf(error)
        if (problem.bug !== undefined) context.onBug(problem.bug)
        log(problem.status)
        refuseConnection(socket, problem)
      },
    )
  }
  server.on('upgrade', upgrade)
  return {
    close: async () => {
      server.off('upgrade', upgrade)
      await goodbye(clients, limits.grace)
    },
  }
}

/** @throws INVALID, FORBIDDEN the guard; NOT_FOUND another path; UNAUTHENTICATED */
async function admit(context: ServerContext, request: IncomingMessage): Promise<Caller> {
  const {guard: rules, admission, tickets, trusted, stopping} = context
  const target = request.url ?? ''
  guard(rules, target, request.rawHeaders)
  const [path, query] = target.split('?', 2)
  if (path !== PATH) throw new LeatError('NOT_FOUND', `no WebSocket at ${JSON.stringify(path)}`, {hint: PATH})
  if (stopping.aborted) throw new LeatError('BUSY', 'the server stops')
  const ticket = new URLSearchParams(query).get('ticket')
  if (ticket !== null) return tickets.redeem(ticket)
  return callerOf(admission, request.headers.authorization, trusted.get(request.socket))
}

async function goodbye(clients: WebSocketServer, grace: number): Promise<void> {
  const gone = [...clients.clients].map(
    (client) =>
      new Promise<void>((resolve) => {
        client.once('close', () => resolve())
        client.close(...CLOSES.goingAway)
      }),
  )
  const late = setTimeout(() => {
    for (const client of clients.clients) client.terminate()
  }, grace)
  await Promise.all(gone)
  clearTimeout(late)
}

/** One client address may have so many connections, and no more. */
import type {Server} from 'node:http'
import type {Socket} from 'node:net'
import {LeatError} from '../../model/errors.js'
import {problemOf} from '../status.js'
import {refuseConnection} from './problems.js'

export function limitConnections(server: Server, perClient: number): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const client = socket.remoteAddress ?? ''
    const count = (open.get(client) ?? 0) + 1
    open.set(client, count)
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1
      if (left === 0) open.delete(client)
      else open.set(client, left)
    })
    if (count <= perClient) return
    refuseConnection(socket, problemOf(new LeatError('BUSY', `this client has ${perClient} connections already`)))
  })
}

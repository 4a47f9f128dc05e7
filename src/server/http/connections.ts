import type {Server} from 'node:http'
import type {Socket} from 'node:net'

/** One client address may have so many connections; further ones are dropped before a byte is read, as past `maxConnections`. */
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
    if (count > perClient) socket.destroy()
  })
}

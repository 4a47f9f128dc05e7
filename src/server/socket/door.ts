import type {Server} from 'node:http'
import type {ServerContext} from '../context.js'
import {followReader} from '../following.js'
import {openSocket, type SocketDoor} from './server.js'

/**
 * The Unix socket as a door of the server: what speaks HTTP there goes to the HTTP door, and needs no token.
 * @param actor who acts where a request doesn't say
 * @throws USAGE, CONFLICT, NOT_FOUND, FORBIDDEN it can't be opened there
 */
export function openSocketDoor(
  {runner, admission, trusted, limits, hub, busFor, onBug}: ServerContext,
  server: Server,
  {path, actor}: {path: string; actor: string},
): Promise<SocketDoor> {
  return openSocket({
    path,
    actor,
    as: (name) => busFor(name, 'socket'),
    admission,
    runner,
    readFollow: followReader(),
    connections: hub?.socket,
    heartbeat: limits.heartbeat,
    onBug,
    http: (socket) => {
      trusted.set(socket, actor)
      server.emit('connection', socket)
    },
    limits: {bytes: limits.frame, grace: limits.grace},
  })
}

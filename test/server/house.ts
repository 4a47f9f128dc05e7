/** A store of its own for the doors of a test, without a command line: real files, real sockets. */
import {createHash, randomUUID} from 'node:crypto'
import {mkdtemp, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {v7} from 'uuid'
import {onTestFinished} from 'vitest'
import {type Bus, createBus} from '../../src/bus/bus.js'
import {authenticate} from '../../src/bus/tokens.js'
import {followReader} from '../../src/server/following.js'
import {OPERATIONS} from '../../src/server/operations.js'
import {Runner} from '../../src/server/run.js'
import {openSocket, type SocketDoor, type SocketDoorOptions} from '../../src/server/socket.js'
import {openStore} from '../../src/store/open.js'
import type {Store} from '../../src/store/store.js'

export interface House {
  folder: string
  store: Store
  /** The bus as a program on this machine has it. */
  as(actor: string): Bus
  /** The bus as it is seen through a door. */
  through(door: string): (actor: string) => Bus
  /** A token of an actor; the secret. */
  token(actor: string, options?: {expiresAt?: number}): Promise<string>
  /** Opens the socket, which is closed when the test ends. Without `http` it answers 204 to everything. */
  socket(options?: Partial<SocketDoorOptions>): Promise<SocketDoor>
}

export async function house(): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'leat-door-'))
  onTestFinished(() => rm(folder, {recursive: true, force: true}))
  const clock = Date.now
  const store = await openStore(join(folder, 'leat.db'), {clock, ids: v7, create: true})
  onTestFinished(() => store.close())
  const through = (door?: string) => (actor: string) => createBus({store, actor, clock, ids: v7, ...(door && {door})})
  return {
    folder,
    store,
    as: through(),
    through,
    async token(actor, {expiresAt} = {}) {
      const secret = randomUUID()
      const hash = createHash('sha256').update(secret).digest()
      await store.tokens.create({hash, actor, ...(expiresAt !== undefined && {expiresAt})}, actor)
      return secret
    },
    async socket(options = {}) {
      const http = createServer((_, response) => response.writeHead(204).end())
      const door = await openSocket({
        path: join(folder, 'leat.sock'),
        actor: 'alice',
        as: through('socket'),
        authenticate: (secret) => authenticate({store, clock}, secret),
        runner: new Runner(OPERATIONS),
        readFollow: followReader(),
        http: (socket) => void http.emit('connection', socket),
        ...options,
      })
      onTestFinished(() => door.close())
      return door
    },
  }
}

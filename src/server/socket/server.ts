/** The Unix socket: one JSON request a connection, or HTTP. */
import {createServer, type Server, type Socket} from 'node:net'
import {problemOf} from '../status.js'
import {answer, type Respondent} from './answer.js'
import {exceptionText} from './eric-wire.js'
import {listenAt} from './path.js'
import {openingOf} from './request.js'
import {SocketWriter} from './writer.js'

export interface SocketLimits {
  /** Bytes of a request. Default 1 MiB. */
  bytes: number
  /** Milliseconds within which a request has to be there, whole. Default 30 s. */
  wait: number
  /** Milliseconds for which a client may take nothing of what it is sent. Default 20 s, less than a hold lasts. */
  stall: number
  /** Milliseconds after which it is looked whether a client that is sent nothing is still there. Default 10 s. */
  probe: number
  /** Connections at once; further ones are closed. Default 512. */
  connections: number
  /** Milliseconds that a client has to hang up, once it was answered or the server stops. Default 2 s. */
  grace: number
}

const LIMITS: SocketLimits = {
  bytes: 1024 * 1024,
  wait: 30_000,
  stall: 20_000,
  probe: 10_000,
  connections: 512,
  grace: 2000,
}

export interface SocketDoorOptions extends Respondent {
  path: string
  /** Takes a connection that speaks HTTP. */
  http(socket: Socket): void
  limits?: Partial<SocketLimits>
}

export interface SocketDoor {
  path: string
  /** Removes the socket, ends what goes on, and waits until it has. */
  close(): Promise<void>
}

/**
 * Opens the socket at a path; its owner alone may connect.
 * @throws USAGE, CONFLICT, NOT_FOUND, FORBIDDEN as `listenAt`
 */
export async function openSocket({path, http, limits, ...respondent}: SocketDoorOptions): Promise<SocketDoor> {
  const all: SocketLimits = {...LIMITS, ...limits}
  const connections = new Set<Connection>()
  // A client says that its request is whole by closing its half.
  const server = createServer({allowHalfOpen: true}, (socket) => {
    const connection = new Connection(socket, {limits: all, respondent, http})
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
    void connection.serve()
  })
  server.maxConnections = all.connections
  await listenAt(server, path)
  return {path, close: () => close(server, connections, all.grace)}
}

async function close(server: Server, connections: ReadonlySet<Connection>, grace: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  for (const connection of connections) connection.stop()
  const late = setTimeout(() => {
    for (const connection of connections) connection.cutOff()
  }, grace)
  await closed
  clearTimeout(late)
}

interface ConnectionOptions {
  limits: SocketLimits
  respondent: Respondent
  http(socket: Socket): void
}

class Connection {
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  /** It is over: the client is gone, or the server stops. */
  readonly #over = new AbortController()

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket
    this.#options = options
    // 'close' follows, and ends what goes on; there is nobody left to tell.
    socket.on('error', () => {})
    socket.once('close', () => this.stop())
  }

  stop(): void {
    this.#over.abort()
  }

  cutOff(): void {
    this.#socket.destroy()
  }

  /** Never rejects. */
  async serve(): Promise<void> {
    const {limits, http} = this.#options
    try {
      const opening = await openingOf(this.#socket, limits, this.#over.signal)
      if (opening.speaks === 'http') {
        http(this.#socket)
        // It was paused for what had been read already to be put back.
        return void this.#socket.resume()
      }
      if (opening.speaks === 'json') await this.#answer(opening.text)
    } catch (error) {
      await this.#refuse(error)
    }
    this.#hangUp()
  }

  async #answer(text: string): Promise<void> {
    const {limits, respondent} = this.#options
    const writer = new SocketWriter(this.#socket, limits)
    try {
      for await (const piece of answer(text, respondent, this.#over.signal)) if (!(await writer.write(piece))) return
    } finally {
      writer.end()
    }
  }

  /** What came was no request. */
  async #refuse(thrown: unknown): Promise<void> {
    const {error, bug} = problemOf(thrown)
    if (bug !== undefined) this.#options.respondent.onBug(bug)
    const writer = new SocketWriter(this.#socket, this.#options.limits)
    await writer.write(exceptionText(error))
    writer.end()
  }

  /** What a client still sends is taken for a while: who can't write any more doesn't read what it was told. */
  #hangUp(): void {
    this.#socket.end()
    const late = setTimeout(() => this.cutOff(), this.#options.limits.grace)
    this.#socket.once('close', () => clearTimeout(late))
  }
}

/** The server: one process, every door over the same bus. */
import {setMaxListeners} from 'node:events'
import type {Foundation} from '../bus/context.js'
import type {Hub} from '../model/connection.js'
import type {Admission} from './caller.js'
import {type RequestEntry, serverContext} from './context.js'
import {guardRules} from './guard.js'
import {type HttpAddress, openHttpDoor} from './http/app.js'
import {LIMITS, type Limits} from './limits.js'
import {openSocketDoor} from './socket/door.js'
import {openWebSocketDoor} from './websocket/door.js'

export type {RequestEntry} from './context.js'
export {isLoopback} from './guard.js'
export {LIMITS, type Limits} from './limits.js'

export interface ServeOptions extends Pick<Foundation, 'store' | 'clock' | 'ids'> {
  http: HttpAddress
  /** How callers are known. */
  admission: Admission
  allowHosts?: readonly string[]
  allowOrigins?: readonly string[]
  limits?: Partial<Limits>
  /** Where clients of the doors take part in what is pushed; absent: nothing is pushed by this server. */
  hub?: Hub
  /** A Unix socket beside it, and who acts there where a request doesn't say. */
  socket?: {path: string; actor: string}
  /** Of leat. */
  version: string
  onRequest?: (entry: RequestEntry) => void
  /** Told of what nobody foresaw. */
  onBug?: (error: unknown) => void
}

/** A server that runs. */
export interface Serving {
  /** `http://127.0.0.1:7428`. */
  http: string
  /** The path of the Unix socket. */
  socket?: string
  /** Ends streams, lets running requests end within the grace, closes every door. The store stays open. */
  close(): Promise<void>
}

/**
 * Opens every door, or none.
 * @throws CONFLICT, USAGE, FORBIDDEN, STORAGE a door can't be opened
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const {http: address, store, clock, ids, admission, version, onRequest, hub} = options
  const stop = new AbortController()
  // Every stream listens to it, and there may be hundreds.
  setMaxListeners(0, stop.signal)
  const context = serverContext({
    store,
    clock,
    ids,
    admission,
    guard: guardRules({...options, host: address.host}),
    limits: {...LIMITS, ...options.limits},
    hub,
    stopping: stop.signal,
    onBug: options.onBug ?? (() => {}),
    onRequest,
  })
  const http = await openHttpDoor(context, address, version)
  const doors: {close(): Promise<void>}[] = [openWebSocketDoor(context, http.server), http]
  const close = async (): Promise<void> => {
    stop.abort()
    await Promise.all(doors.map((door) => door.close()))
  }
  if (!options.socket) return {http: http.url, close}
  try {
    const socket = await openSocketDoor(context, http.server, options.socket)
    doors.push(socket)
    return {http: http.url, socket: socket.path, close}
  } catch (error) {
    await close()
    throw error
  }
}

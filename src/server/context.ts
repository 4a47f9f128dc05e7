/** What every door is given. */
import type {Socket} from 'node:net'
import {type Bus, createBus} from '../bus/bus.js'
import type {Foundation} from '../bus/context.js'
import {sharedLooks} from '../bus/shared-looks.js'
import type {Hub} from '../model/connection.js'
import type {Clock} from '../model/time.js'
import type {Admission} from './caller.js'
import type {GuardRules} from './guard.js'
import type {Limits} from './limits.js'
import {OPERATIONS} from './operations.js'
import {Runner} from './run.js'
import {Tickets} from './tickets.js'
import {unnamedCall, unnamedStore} from './unnamed.js'

export type Door = 'http' | 'websocket' | 'socket'

/** One request, for a log. `path` has no query. */
export interface RequestEntry {
  door: Door
  client: string
  actor?: string
  method: string
  path: string
  status: number
  /** Milliseconds. */
  ms: number
}

export interface ServerContext {
  runner: Runner
  admission: Admission
  /** Whom a connection proves by being there: those of the Unix socket. */
  trusted: WeakMap<Socket, string>
  guard: GuardRules
  tickets: Tickets
  limits: Limits
  clock: Clock
  /** The bus of an actor that came through a door. */
  busFor(actor: string, door: Door): Bus
  /** Aborts when the server stops: streams end then. */
  stopping: AbortSignal
  /** Where clients of the doors take part in what is pushed; absent: nothing is pushed by this server. */
  hub?: Hub
  /** Told of what nobody foresaw. */
  onBug(error: unknown): void
  onRequest?(entry: RequestEntry): void
}

export interface ServerContextOptions
  extends Pick<ServerContext, 'admission' | 'guard' | 'limits' | 'stopping' | 'hub' | 'onBug' | 'onRequest'> {
  store: Foundation['store']
  clock: Clock
  ids: Foundation['ids']
}

export function serverContext({store, ids, ...rest}: ServerContextOptions): ServerContext {
  const {clock, limits, admission} = rest
  const unnamed = unnamedStore(store)
  return {
    ...rest,
    admission: 'everybody' in admission ? admission : {authenticate: unnamedCall(store.label, admission.authenticate)},
    trusted: new WeakMap(),
    runner: new Runner(OPERATIONS),
    tickets: new Tickets(clock, limits.ticket),
    busFor: busCache({store: unnamed, clock, ids, streams: sharedLooks(unnamed)}),
  }
}

/** Buses that are kept: with each the compiled schemas that its actor has met. */
const KEPT = 100

function busCache(foundation: Omit<Foundation, 'actor' | 'door'>): ServerContext['busFor'] {
  const buses = new Map<string, Bus>()
  return (actor, door) => {
    const key = `${door} ${actor}`
    const bus = buses.get(key) ?? createBus({...foundation, actor, door})
    // The one that was used last is the last to go.
    buses.delete(key)
    buses.set(key, bus)
    const [oldest] = buses.keys()
    if (buses.size > KEPT && oldest !== undefined) buses.delete(oldest)
    return bus
  }
}

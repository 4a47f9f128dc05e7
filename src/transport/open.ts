/** The transports of a process. What is large (ipaddr.js, undici, nodemailer) is imported when it is needed: this is part of the library too. */
import {CONNECTED_TRANSPORTS, type ConnectedTransport} from '../model/connection.js'
import type {Environment} from '../model/environment.js'
import {LeatError} from '../model/errors.js'
import type {Clock} from '../model/time.js'
import {ChannelTransport, type Forward} from './channel.js'
import {ConnectedClients} from './connected.js'
import {EmailTransport} from './email.js'
import {ExecTransport, type RunCommand} from './exec.js'
import {SocketTransport} from './socket.js'
import {SseTransport} from './sse.js'
import type {Transport, Transports} from './transport.js'
import {WebSocketTransport} from './websocket.js'

export type {Forward, ForwardTarget} from './channel.js'
export type {CommandEnd, RunCommand} from './exec.js'
export type {Direction, Failure, Recipient, Transport, TransportResult, Transports} from './transport.js'

/** Who is connected, by the kind of door: doors attach to it, transports deliver by it. */
export type ServingHub = Readonly<Record<ConnectedTransport, ConnectedClients>>

/** For a process that serves; nobody is connected yet. */
export const createHub = (): ServingHub =>
  Object.fromEntries(CONNECTED_TRANSPORTS.map((name) => [name, new ConnectedClients()])) as ServingHub

export interface TransportOptions {
  env: Environment
  /** Runs the commands of `exec`. */
  runCommand: RunCommand
  /** Sends on to other channels for `channel`. */
  forward: Forward
  /** Who is connected to this process. Absent: it has no doors. */
  hub?: ServingHub
  /** What plug-ins bring. */
  plugins?: readonly Transport[]
  /** Of leat, for who gets a webhook. */
  version?: string
  clock?: Clock
}

/** Names that no plug-in can have. */
export const BUILT_IN_TRANSPORTS: readonly string[] = ['http', 'email', ...CONNECTED_TRANSPORTS, 'channel', 'exec']

/** Every transport, available or not, in the order in which they are tried. @throws EXISTS two have the same name */
export async function openTransports(options: TransportOptions): Promise<Transports> {
  const {env, version, clock, hub, runCommand, forward, plugins = []} = options
  const {HttpTransport} = await import('./http.js')
  const all: Transport[] = [
    new HttpTransport({version, clock}),
    new EmailTransport(env),
    new WebSocketTransport(hub?.websocket),
    new SseTransport(hub?.sse),
    new SocketTransport(hub?.socket),
    new ChannelTransport(forward),
    new ExecTransport(runCommand),
  ]
  for (const plugin of plugins) {
    if (all.some(({name}) => name === plugin.name))
      throw new LeatError('EXISTS', `there are two transports called "${plugin.name}"`, {
        hint: 'leat transport list shows where they come from',
      })
    all.push(plugin)
  }
  return {
    all,
    get: (name) => all.find((transport) => transport.name === name),
    close: async () => {
      await Promise.all(all.map((transport) => transport.close?.()))
    },
  }
}

/** The transports of a process. What is large (undici, nodemailer) is imported when something is delivered by it. */
import {CONNECTED_TRANSPORTS, type ConnectedTransport} from '../model/connection.js'
import type {Environment} from '../model/environment.js'
import {LeatError} from '../model/errors.js'
import type {Clock} from '../model/time.js'
import type {Forward} from './channel.js'
import {ConnectedClients} from './connected.js'
import type {RunCommand} from './exec.js'
import type {Transport, Transports} from './transport.js'

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
  const {hub, plugins = []} = options
  const all: Transport[] = [...(await addressed(options)), ...(await connected(hub)), ...(await onTheSpot(options))]
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

async function addressed({env, version, clock}: TransportOptions): Promise<Transport[]> {
  const [{HttpTransport}, {EmailTransport}] = await Promise.all([import('./http.js'), import('./email.js')])
  return [new HttpTransport({version, clock}), new EmailTransport(env)]
}

async function connected(hub: ServingHub | undefined): Promise<Transport[]> {
  const [{WebSocketTransport}, {SseTransport}, {SocketTransport}] = await Promise.all([
    import('./websocket.js'),
    import('./sse.js'),
    import('./socket.js'),
  ])
  return [new WebSocketTransport(hub?.websocket), new SseTransport(hub?.sse), new SocketTransport(hub?.socket)]
}

async function onTheSpot({runCommand, forward}: TransportOptions): Promise<Transport[]> {
  const [{ChannelTransport}, {ExecTransport}] = await Promise.all([import('./channel.js'), import('./exec.js')])
  return [new ChannelTransport(forward), new ExecTransport(runCommand)]
}

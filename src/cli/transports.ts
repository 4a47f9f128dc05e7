/** Puts the transports together for the commands that deliver by them or list them. */
import type {Interfaces} from '@oclif/core'
import type {CommandSink, Surroundings} from '../bus/command/run.js'
import {commandRunner} from '../bus/command/runner.js'
import type {Foundation} from '../bus/context.js'
import {forwarding} from '../bus/forwarding.js'
import {LeatError} from '../model/errors.js'
import {openStore} from '../store/open.js'
import type {ServingHub, Transport, TransportOptions, Transports} from '../transport/open.js'
import type {Environment} from './environment.js'

export interface Delivering {
  config: Interfaces.Config
  /** What commands of `exec` meet; they run as the subscriber, until the delivery is called off. */
  around: Surroundings
  /** Of the bus whose messages are delivered. */
  foundation: Foundation
  /** Where commands of `exec` write, stdout and stderr. */
  errors: CommandSink
  /** Who is connected, in a process that serves. */
  hub?: ServingHub
  /** Tells what is wrong with a plug-in. */
  note(text: string): void
}

/** Every transport, plug-ins included, for a process that delivers. `close` it before the bus. */
export async function transportsFor({config, around, foundation, errors, hub, note}: Delivering): Promise<Transports> {
  const {openTransports} = await import('../transport/open.js')
  const {transports, broken} = await pluginsOf(config, around.env)
  for (const {package: name, reason} of broken) note(`the plug-in ${name} is not used: ${reason}`)
  const {clock, ids} = foundation
  const forwarded = forwarding(foundation, (address) => openStore(address, {clock, ids, create: false}))
  const opened = await openTransports({
    env: around.env,
    version: config.version,
    clock,
    hub,
    plugins: transports.map(({transport}) => transport),
    forward: forwarded.forward,
    runCommand: commandRunner(around, errors),
  })
  return {
    ...opened,
    close: async () => {
      await opened.close()
      await forwarded.close()
    },
  }
}

/** One line of `transport list`. */
export interface ListedTransport {
  name: string
  direction: 'in' | 'out' | 'both'
  available: boolean
  /** Why not. */
  reason?: string
  /** The plug-in that it is from. */
  package?: string
}

export interface TransportList {
  transports: ListedTransport[]
  broken: {package: string; reason: string}[]
}

/** Every transport, and what can be said about it without delivering anything. */
export async function listTransports(config: Interfaces.Config, env: Environment): Promise<TransportList> {
  const {openTransports} = await import('../transport/open.js')
  const {transports: plugins, broken} = await pluginsOf(config, env)
  const opened = await openTransports({env, ...NO_DELIVERIES, plugins: plugins.map(({transport}) => transport)})
  try {
    const transports: ListedTransport[] = []
    for (const transport of opened.all) {
      const plugin = plugins.find((plugin) => plugin.transport === transport)
      transports.push({...(await described(transport)), ...(plugin && {package: plugin.package})})
    }
    return {transports, broken}
  } finally {
    await opened.close()
  }
}

async function described(transport: Transport): Promise<ListedTransport> {
  const {name, direction = 'out'} = transport
  try {
    if (await transport.isAvailable()) return {name, direction, available: true}
    return {name, direction, available: false, reason: transport.unavailableBecause?.() ?? 'it does not say why'}
  } catch (error) {
    return {name, direction, available: false, reason: error instanceof Error ? error.message : String(error)}
  }
}

const noDeliveries = async (): Promise<never> => {
  throw new LeatError('INTERNAL', 'nothing is delivered where transports are only listed')
}
const NO_DELIVERIES: Pick<TransportOptions, 'forward' | 'runCommand'> = {
  forward: noDeliveries,
  runCommand: noDeliveries,
}

/** The names that plug-ins can't have. */
export const builtInTransports = async (): Promise<readonly string[]> =>
  (await import('../transport/open.js')).BUILT_IN_TRANSPORTS

async function pluginsOf(config: Interfaces.Config, env: Environment) {
  const {installedPlugins, loadPlugins} = await import('./plugins.js')
  return loadPlugins(config, env, {plugins: await installedPlugins(config), builtIn: await builtInTransports()})
}

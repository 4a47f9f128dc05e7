/**
 * Plug-ins: oclif packages whose hook `leat:transports` registers transports. Which ones there are stands where oclif has
 * it, in the package.json of leat's data folder.
 */
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Config, type Interfaces, Plugin, settings} from '@oclif/core'
import {LeatError} from '../model/errors.js'
import {messageJson} from '../model/message.js'
import {isName} from '../model/names.js'
import type {Transport} from '../transport/open.js'
import type {Environment} from './environment.js'
import {oneLine} from './output/escape.js'

const HOOK = 'leat:transports'
/** Milliseconds for a plug-in to register what it has. */
const HOOK_TIMEOUT = 30_000

/** A plug-in as oclif notes it down. */
export interface PluginRecord {
  name: string
  /** `link`: a folder that is used where it is. */
  type: 'user' | 'link'
  /** The folder of a link; for others the file from whose folder it is looked for. Default: the list of plug-ins itself. */
  root?: string
}

/** The package.json of leat's data folder. */
export interface PluginFile {
  oclif?: {schema?: number; plugins?: PluginRecord[]}
}

export interface LoadedPlugins {
  transports: {transport: Transport; package: string}[]
  /** Those that could not be used, and why. */
  broken: {package: string; reason: string}[]
}

export const pluginFileOf = ({dataDir}: Interfaces.Config): string => join(dataDir, 'package.json')

/** @throws STORAGE it is there and can't be read */
export async function readPluginFile(config: Interfaces.Config): Promise<PluginFile> {
  const file = pluginFileOf(config)
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new LeatError('STORAGE', `the list of plug-ins can't be read: ${file}`, {cause})
  }
}

/** The plug-ins that were added. @throws STORAGE */
export const installedPlugins = async (config: Interfaces.Config): Promise<PluginRecord[]> =>
  (await readPluginFile(config)).oclif?.plugins ?? []

/**
 * Loads plug-ins, and lets them register their transports. A broken one doesn't keep the others away.
 * @param builtIn names of transports that no plug-in can have
 */
export async function loadPlugins(
  config: Interfaces.Config,
  env: Environment,
  {plugins, builtIn}: {plugins: readonly PluginRecord[]; builtIn: readonly string[]},
): Promise<LoadedPlugins> {
  const loaded: LoadedPlugins = {transports: [], broken: []}
  const taken = new Map(builtIn.map((name) => [name, 'leat itself']))
  for (const plugin of plugins) {
    try {
      for (const transport of await transportsOf(config, env, plugin)) {
        const owner = taken.get(transport.name)
        if (owner !== undefined) throw new Error(`there is a transport "${transport.name}" already, of ${owner}`)
        taken.set(transport.name, plugin.name)
        loaded.transports.push({transport, package: plugin.name})
      }
    } catch (error) {
      loaded.broken.push({package: plugin.name, reason: reasonOf(error)})
    }
  }
  return loaded
}

/** What one plug-in registers. @throws Error why there is nothing that could be used */
async function transportsOf(
  config: Interfaces.Config,
  env: Environment,
  {name, type, root}: PluginRecord,
): Promise<Transport[]> {
  const plugin = new Plugin({name, type, root: root ?? pluginFileOf(config)})
  await plugin.load()
  const alone = await Config.load({
    root: config.root,
    plugins: new Map([await rootOf(config), plugin].map((each) => [each.name, each])),
  })
  const registered: Transport[] = []
  const register = (transport: unknown): void => {
    registered.push(checkTransport(transport))
  }
  const {failures} = await (alone.runHook as RunHook).call(
    alone,
    HOOK,
    {register, env, messageJson},
    HOOK_TIMEOUT,
    true,
  )
  if (failures[0]) throw failures[0].error
  if (registered.length === 0) throw new Error(`it registers no transport (hook ${HOOK})`)
  return registered
}

/** In one line: oclif's own errors have several. */
const reasonOf = (error: unknown): string =>
  oneLine((error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' '))

type RunHook = (
  event: string,
  options: object,
  timeout: number,
  captureErrors: boolean,
) => Promise<{failures: {error: Error}[]}>

/** leat itself: a configuration that the build has made knows no plug-ins. */
async function rootOf({plugins, root}: Interfaces.Config): Promise<Plugin> {
  const known = [...plugins.values()].find(({isRoot}) => isRoot)
  if (known) return known as unknown as Plugin
  settings.enableAutoTranspile = false // as in config.ts
  const own = new Plugin({root, isRoot: true})
  await own.load()
  return own
}

/** @throws Error it is none */
function checkTransport(given: unknown): Transport {
  const {name, send, isAvailable} = (given ?? {}) as Record<string, unknown>
  if (typeof name !== 'string' || !isName(name)) throw new Error(`${JSON.stringify(name)} is not a transport's name`)
  for (const [method, value] of Object.entries({send, isAvailable}))
    if (typeof value !== 'function') throw new Error(`its transport "${name}" has no ${method}()`)
  return given as Transport
}

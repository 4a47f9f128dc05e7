/**
 * Adds plug-ins to leat's data folder, by npm, and takes them away. Each has a folder of its own, so that whatever happens
 * to one (its source is gone, its dependencies clash) leaves the others as they are.
 */
import {spawn} from 'node:child_process'
import {existsSync, statSync} from 'node:fs'
import {mkdir, mkdtemp, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import type {Interfaces} from '@oclif/core'
import {withoutSecrets} from '../model/environment.js'
import {LeatError} from '../model/errors.js'
import type {Environment} from './environment.js'
import {installedPlugins, loadPlugins, type PluginRecord, pluginFileOf, readPluginFile} from './plugins.js'

export interface AddedPlugin {
  package: string
  /** Names of the transports that it brings. */
  transports: string[]
}

/**
 * Installs a package, or a copy of a folder that is one, and keeps it if it brings transports.
 *
 * @param wanted  a folder, or what npm takes: `name`, `name@1.2.3`, a tarball, a git address
 * @param builtIn names of transports that no plug-in can have
 * @throws EXISTS  it is there already
 * @throws INVALID it brings no transport that could be used, or is no package
 * @throws NOT_FOUND a folder that isn't there
 * @throws REMOTE  npm failed
 */
export async function addPlugin(
  config: Interfaces.Config,
  env: Environment,
  wanted: string,
  builtIn: readonly string[],
): Promise<AddedPlugin> {
  await mkdir(pluginsFolder(config), {recursive: true, mode: 0o700})
  // Made aside, so that it is there as a whole or not at all.
  const aside = await mkdtemp(join(pluginsFolder(config), '.new-'))
  try {
    const name = await install(env, wanted, aside)
    const plugins = await installedPlugins(config)
    if (plugins.some((plugin) => plugin.name === name))
      throw new LeatError('EXISTS', `the plug-in ${name} is there already`, {hint: `leat transport remove ${name}`})
    const candidate = recordOf(name, aside)
    const {transports, broken} = await loadPlugins(config, env, {plugins: [...plugins, candidate], builtIn})
    const reason = broken.find(({package: other}) => other === name)?.reason
    if (reason !== undefined)
      throw new LeatError('INVALID', `${name} is not added: ${reason}`, {
        hint: 'docs/transports.md tells how a plug-in is written',
      })
    const folder = folderOf(config, name)
    await rm(folder, {recursive: true, force: true}) // what an `add` that was killed has left
    await rename(aside, folder)
    await notePlugins(config, [...plugins, recordOf(name, folder)])
    const own = transports.filter(({package: owner}) => owner === name)
    return {package: name, transports: own.map(({transport}) => transport.name)}
  } finally {
    await rm(aside, {recursive: true, force: true})
  }
}

/**
 * Takes a plug-in away.
 * @param named its package, or a transport that it brings
 * @returns its package
 * @throws NOT_FOUND there is none
 */
export async function removePlugin(config: Interfaces.Config, env: Environment, named: string): Promise<string> {
  const plugins = await installedPlugins(config)
  const {transports} = await loadPlugins(config, env, {plugins, builtIn: []})
  const owner = transports.find(({transport}) => transport.name === named)?.package
  const plugin = plugins.find(({name}) => name === named) ?? plugins.find(({name}) => name === owner)
  if (plugin === undefined)
    throw new LeatError('NOT_FOUND', `no plug-in "${named}"`, {hint: 'leat transport list shows which there are'})
  await notePlugins(
    config,
    plugins.filter((other) => other !== plugin),
  )
  const folder = folderOf(config, plugin.name)
  // What oclif itself has noted down is elsewhere, and its own business.
  if (plugin.root !== undefined && dirname(plugin.root) === folder) await rm(folder, {recursive: true, force: true})
  return plugin.name
}

const pluginsFolder = ({dataDir}: Interfaces.Config): string => join(dataDir, 'plugins')

const folderOf = (config: Interfaces.Config, name: string): string =>
  join(pluginsFolder(config), name.replaceAll('/', '+'))

const recordOf = (name: string, folder: string): PluginRecord => ({
  name,
  type: 'user',
  root: join(folder, 'package.json'),
})

/** Installs one package with what it needs. @returns its name @throws REMOTE */
async function install(env: Environment, wanted: string, folder: string): Promise<string> {
  // A folder is copied, not linked: the plug-in stays as it is though the folder changes or goes.
  const spec = isPackageFolder(wanted) ? resolve(wanted) : wanted
  await npm(env, ['install', '--prefix', folder, '--install-links', '--save', '--no-audit', '--no-fund', '--', spec])
  const {dependencies = {}} = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const [name] = Object.keys(dependencies)
  if (name !== undefined) return name
  throw new LeatError('INVALID', `${JSON.stringify(wanted)} is not a package`)
}

/** @throws NOT_FOUND, INVALID it names something on the disk that isn't there, or a folder that is no package */
function isPackageFolder(wanted: string): boolean {
  if (existsSync(join(wanted, 'package.json'))) return true
  const quoted = JSON.stringify(wanted)
  const isFolder = statSync(wanted, {throwIfNoEntry: false})?.isDirectory() ?? false
  if (isFolder)
    throw new LeatError('INVALID', `the folder ${quoted} is no package: it has no package.json`, {
      hint: 'docs/transports.md tells how a plug-in is written',
    })
  if (/^(\.{0,2}\/|\.{1,2}$)/.test(wanted) && !existsSync(wanted))
    throw new LeatError('NOT_FOUND', `there is no folder and no file ${quoted}`)
  return false
}

/** Notes down which plug-ins there are: whole, or not at all. */
async function notePlugins(config: Interfaces.Config, plugins: readonly PluginRecord[]): Promise<void> {
  const file = await readPluginFile(config)
  const path = pluginFileOf(config)
  const next = `${path}.${process.pid}.new`
  await writeFile(next, `${JSON.stringify({...file, oclif: {schema: 1, ...file.oclif, plugins}}, null, 2)}\n`)
  await rename(next, path)
}

/** @throws REMOTE with what npm said about it */
async function npm(env: Environment, args: readonly string[]): Promise<void> {
  const child = spawn('npm', args, {env: withoutSecrets(env), stdio: ['ignore', 'ignore', 'pipe']})
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-4096)
  })
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', (cause) => fail(new LeatError('REMOTE', "npm can't be run", {hint: 'is it installed?', cause})))
    child.once('close', done)
  })
  if (code === 0) return
  const lines = said.split('\n').map((line) => /^npm (?:error|ERR!)\s*(.*)$/.exec(line)?.[1] ?? '')
  const reasons = lines.filter((line) => line !== '' && !/^(code|syscall|path|errno) /.test(line))
  throw new LeatError('REMOTE', `npm ${args[0]} failed: ${reasons[0] ?? `exit code ${code}`}`)
}

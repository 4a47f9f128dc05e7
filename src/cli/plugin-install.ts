/** Adds plug-ins to leat's data folder, by npm, and takes them away. */
import {spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
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
 * Installs a package, or a folder that has one, and keeps it if it brings transports.
 *
 * @param wanted  a folder, or what npm takes: `name`, `name@1.2.3`, a tarball, a git address
 * @param builtIn names of transports that no plug-in can have
 * @throws EXISTS  it is there already
 * @throws INVALID it brings no transport that could be used; it is taken away again
 * @throws REMOTE  npm failed
 */
export async function addPlugin(
  config: Interfaces.Config,
  env: Environment,
  wanted: string,
  builtIn: readonly string[],
): Promise<AddedPlugin> {
  const before = await readPluginFile(config)
  const expected = await nameIn(wanted)
  if (expected !== undefined) await checkNew(config, expected)
  await mkdir(config.dataDir, {recursive: true, mode: 0o700})
  const spec = isFolder(wanted) ? resolve(wanted) : wanted
  // A folder is copied, not linked: the plug-in stays though the folder goes.
  await npm(config, env, ['install', '--install-links', '--save', spec])
  const {dependencies = {}} = await readPluginFile(config)
  const name = expected ?? newIn(dependencies, before.dependencies ?? {})
  if (name === undefined) throw new LeatError('EXISTS', `${JSON.stringify(wanted)} was installed before`)
  return keepIfUseful(config, env, {name, type: 'user'}, builtIn)
}

async function keepIfUseful(
  config: Interfaces.Config,
  env: Environment,
  plugin: PluginRecord,
  builtIn: readonly string[],
): Promise<AddedPlugin> {
  const plugins = [...(await installedPlugins(config)), plugin]
  const {transports, broken} = await loadPlugins(config, env, {plugins, builtIn})
  const reason = broken.find(({package: name}) => name === plugin.name)?.reason
  if (reason !== undefined) {
    await npm(config, env, ['uninstall', plugin.name])
    throw new LeatError('INVALID', `${plugin.name} was not added: ${reason}`, {
      hint: 'docs/transports.md tells how a plug-in is written',
    })
  }
  await notePlugins(config, plugins)
  const own = transports.filter(({package: name}) => name === plugin.name)
  return {package: plugin.name, transports: own.map(({transport}) => transport.name)}
}

/**
 * Takes a plug-in away.
 * @param named its package, or a transport that it brings
 * @returns its package
 * @throws NOT_FOUND there is none
 * @throws REMOTE    npm failed; it is not used any more all the same
 */
export async function removePlugin(config: Interfaces.Config, env: Environment, named: string): Promise<string> {
  const plugins = await installedPlugins(config)
  const {transports} = await loadPlugins(config, env, {plugins, builtIn: []})
  const name =
    plugins.find((plugin) => plugin.name === named)?.name ??
    transports.find(({transport}) => transport.name === named)?.package
  if (name === undefined)
    throw new LeatError('NOT_FOUND', `no plug-in "${named}"`, {hint: 'leat transport list shows which there are'})
  await notePlugins(
    config,
    plugins.filter((plugin) => plugin.name !== name),
  )
  await npm(config, env, ['uninstall', name])
  return name
}

/** @throws EXISTS */
async function checkNew(config: Interfaces.Config, name: string): Promise<void> {
  const plugins = await installedPlugins(config)
  if (plugins.some((plugin) => plugin.name === name))
    throw new LeatError('EXISTS', `the plug-in ${name} is there already`, {hint: `leat transport remove ${name}`})
}

const isFolder = (wanted: string): boolean => existsSync(join(wanted, 'package.json'))

/** The name of the package in a folder, or in a registry; undefined where only npm can tell. @throws INVALID */
async function nameIn(wanted: string): Promise<string | undefined> {
  if (!isFolder(wanted)) return /^((?:@[\w.-]+\/)?\w[\w.-]*)(@[^/:]+)?$/.exec(wanted)?.[1]
  const file = join(wanted, 'package.json')
  try {
    const {name} = JSON.parse(await readFile(file, 'utf8'))
    if (typeof name === 'string') return name
  } catch (cause) {
    throw new LeatError('INVALID', `${file} can't be read`, {cause})
  }
  throw new LeatError('INVALID', `${file} has no name`)
}

const newIn = (now: Record<string, string>, before: Record<string, string>): string | undefined =>
  Object.keys(now).find((name) => now[name] !== before[name])

/** Notes down which plug-ins there are: whole, or not at all. */
async function notePlugins(config: Interfaces.Config, plugins: readonly PluginRecord[]): Promise<void> {
  const file = await readPluginFile(config)
  const path = pluginFileOf(config)
  const next = `${path}.${process.pid}.new`
  await writeFile(next, `${JSON.stringify({...file, oclif: {schema: 1, ...file.oclif, plugins}}, null, 2)}\n`)
  await rename(next, path)
}

/** @throws REMOTE with the end of what npm said */
async function npm(config: Interfaces.Config, env: Environment, args: readonly string[]): Promise<void> {
  const all = [...args.slice(0, 1), '--prefix', config.dataDir, '--no-audit', '--no-fund', ...args.slice(1)]
  const child = spawn('npm', all, {env: withoutSecrets(env), stdio: ['ignore', 'ignore', 'pipe']})
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-4096)
  })
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', (cause) => fail(new LeatError('REMOTE', "npm can't be run", {hint: 'is it installed?', cause})))
    child.once('close', done)
  })
  if (code === 0) return
  const errors = said.split('\n').filter((line) => /^npm (error|ERR!)/.test(line))
  const reasons = errors.map((line) => line.replace(/^npm (error|ERR!)\s*/, '')).filter((line) => line !== '')
  throw new LeatError('REMOTE', `npm ${args[0]} failed: ${reasons.slice(0, 3).join('; ') || `exit code ${code}`}`)
}

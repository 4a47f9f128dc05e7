/** Gathers the facts that the doctor judges. Looks, and makes nothing. */
import {accessSync, constants, type Stats, statfsSync, statSync} from 'node:fs'
import {dirname, resolve} from 'node:path'
import {nearestName} from '../../bus/nearest.js'
import {LeatError} from '../../model/errors.js'
import {engineVersion} from '../../store/open.js'
import {configurationFor} from '../configuration/configuration.js'
import {configFilePath} from '../configuration/file.js'
import type {Environment} from '../environment.js'
import {addressOf, isThere} from '../open.js'
import {closedStoreOf} from '../storekeeping/reach.js'
import {bad, type Diagnosis, ok} from './diagnosis.js'
import {aboutPlace, type FileFacts} from './place.js'
import {aboutEngine, aboutEnvironment, aboutLocale, aboutNode, aboutTerminal} from './programs.js'
import {aboutStore, type StoreFacts} from './store.js'

export interface Surroundings {
  env: Environment
  now: number
  /** Cells of the terminal; undefined where stdout is none. */
  columns: number | undefined
}

/** Everything that may be in the way, in the order in which it would be met. */
export async function examine(
  flags: {store?: string; context?: string},
  {env, now, columns}: Surroundings,
): Promise<Diagnosis[]> {
  const engine = await loadEngine()
  const [configured, configuration] = await lookAtConfiguration(flags.context, env)
  return [
    aboutNode(process.versions.node),
    aboutEngine(engine),
    ...(await aboutTheStore(flags, configured, now, 'version' in engine)),
    ...configuration,
    ...aboutEnvironment(env, nearestName),
    aboutLocale(env),
    aboutTerminal({isTerminal: columns !== undefined, columns: columns ?? 0, term: env['TERM']}),
  ]
}

async function loadEngine(): Promise<{version: string} | {error: string}> {
  try {
    return {version: await engineVersion()}
  } catch (error) {
    return {error: (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!}
  }
}

async function aboutTheStore(
  flags: {store?: string},
  env: Environment,
  now: number,
  canOpen: boolean,
): Promise<Diagnosis[]> {
  try {
    const address = addressOf(flags.store, env)
    const path = resolve(address.store.replace(/^sqlite:/i, ''))
    const facts: StoreFacts = {store: address.store, now, ...(canOpen && isThere(address) && (await look(flags, env)))}
    const isKnown = canOpen || !isThere(address)
    return [...aboutPlace(placeOf(path)), ...(isKnown ? aboutStore(facts) : [])]
  } catch (error) {
    if (!(error instanceof LeatError)) throw error
    return [bad('store', error.message, error.hint ?? 'name a store with --store')]
  }
}

async function look(flags: {store?: string}, env: Environment): Promise<Pick<StoreFacts, 'vitals' | 'error'>> {
  try {
    return {vitals: await (await closedStoreOf(flags, env)).vitals()}
  } catch (error) {
    if (!(error instanceof LeatError)) throw error
    return {error: {message: error.message, hint: error.hint}}
  }
}

/** The nearest folder that is there, and what belongs to the store. */
function placeOf(path: string) {
  let folder = dirname(path)
  while (!stats(folder)?.isDirectory() && dirname(folder) !== folder) folder = dirname(folder)
  const isOwn = folder === dirname(path)
  const files = [
    ...(isOwn ? [factsOf(folder, 'folder')] : []),
    factsOf(path, 'store'),
    ...['-wal', '-shm', '-bell'].map((suffix) => factsOf(path + suffix, 'beside')),
  ].filter((found) => found !== undefined)
  return {folder, files, uid: process.getuid?.(), ...system(folder)} as const
}

function system(folder: string): {fileSystem?: number; freeBytes?: number} {
  try {
    const {type, blocks, bavail, bsize} = statfsSync(folder)
    // One like /proc has no room of its own.
    return {...(blocks > 0 && {freeBytes: bavail * bsize}), ...(process.platform === 'linux' && {fileSystem: type})}
  } catch {
    return {} // a system that doesn't tell
  }
}

function factsOf(path: string, kind: FileFacts['kind']): FileFacts | undefined {
  const found = stats(path)
  if (!found || (kind !== 'folder' && !found.isFile())) return undefined
  return {path, kind, mode: found.mode & 0o7777, uid: found.uid, isWritable: isWritable(path)}
}

function stats(path: string): Stats | undefined {
  try {
    return statSync(path, {throwIfNoEntry: false})
  } catch {
    return undefined // a folder on the way that may not be looked into: opening the store says so
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** The configuration, where there is one, and what it makes of the environment: without it where it is broken. */
async function lookAtConfiguration(context: string | undefined, env: Environment): Promise<[Environment, Diagnosis[]]> {
  const path = configFilePath(env)
  try {
    const configuration = await configurationFor(context, env)
    return [configuration.env, path !== undefined && stats(path) ? [ok('configuration', path)] : []]
  } catch (error) {
    if (!(error instanceof LeatError)) throw error
    return [env, [bad('configuration', error.message, error.hint ?? `mend or remove ${path}`)]]
  }
}

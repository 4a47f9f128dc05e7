/** The configuration file: where it is, and what is in it. */
import {readFileSync, statSync} from 'node:fs'
import {LeatError} from '../../model/errors.js'
import {type Environment, userFile} from '../environment.js'

/** Bytes that nobody writes by hand. */
const LARGEST = 1024 * 1024

/** What is in the file. Keys that this leat doesn't know stay in it. */
export interface ConfigFile {
  /** Values by key, and whatever else stands there. */
  readonly values: Readonly<Record<string, unknown>>
  /** The current context. */
  readonly context?: string
  readonly contexts: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const NO_FILE: ConfigFile = {values: {}, contexts: {}}

/** `$XDG_CONFIG_HOME/leat/config.json`, else `~/.config/leat/config.json`; undefined for a user without a home. */
export const configFilePath = (env: Environment): string | undefined => userFile(env, 'config', 'config.json')

/** One look at one small file. @throws INVALID it can't be read, or is not what it should be */
export async function readConfigFile(path: string | undefined): Promise<ConfigFile> {
  const text = path === undefined ? undefined : readIfThere(path)
  return path === undefined || text === undefined ? NO_FILE : parseConfigFile(text, path)
}

function readIfThere(path: string): string | undefined {
  try {
    const stats = statSync(path, {throwIfNoEntry: false})
    if (!stats) return undefined
    if (!stats.isFile()) throw new Error('it is not a file')
    if (stats.size > LARGEST) throw new Error(`it has ${stats.size} bytes`)
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const {code, message} = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new LeatError('INVALID', `the configuration ${path} can't be read: ${message}`, {cause})
  }
}

/** @throws INVALID */
async function parseConfigFile(text: string, path: string): Promise<ConfigFile> {
  const wrong = (what: string): LeatError =>
    new LeatError('INVALID', `the configuration ${path}: ${what}`, {hint: 'correct it, or move it away'})
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    const {faultIn} = await import('./fault.js')
    const {line, column, what} = faultIn(text)
    throw new LeatError('INVALID', `the configuration ${path}:${line}:${column} is not JSON: ${what}`, {
      hint: 'correct it, or move it away',
    })
  }
  if (!isObject(parsed)) throw wrong('it is not a JSON object')
  const {context, contexts = {}, ...values} = parsed
  if (context !== undefined && typeof context !== 'string') throw wrong('"context" is not a text')
  if (!isObject(contexts)) throw wrong('"contexts" is not an object')
  for (const [name, settings] of Object.entries(contexts))
    if (!isObject(settings)) throw wrong(`the context ${JSON.stringify(name)} is not an object`)
  return {values, contexts: contexts as ConfigFile['contexts'], ...(context !== undefined && {context})}
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

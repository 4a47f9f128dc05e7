import {homedir, userInfo} from 'node:os'
import {join} from 'node:path'
import type {Environment} from '../model/environment.js'
import {checkName, defaultActor} from '../model/names.js'
import {isTerminal} from './terminals.js'

export type {Environment} from '../model/environment.js'

/** By key of the configuration: what says its value, where a context or the file does. */
export type ConfiguredFrom = ReadonlyMap<string, {from: string}>

const NOTHING: ConfiguredFrom = new Map()

/** Who acts, and what says so. */
export interface Identity {
  actor: string
  /** `--as`, `LEAT_AS`, `context NAME`, `config file`, `user name` or `user id`. */
  from: string
}

/**
 * Who acts: `--as`, else `LEAT_AS`, the context, the configuration file, the OS user by name, or by number.
 * @param env with what is configured in it
 * @throws INVALID
 */
export function identify(flag: string | undefined, env: Environment, configured = NOTHING): Identity {
  if (flag !== undefined) return {actor: checkName('actor', flag), from: '--as'}
  const named = env['LEAT_AS']
  if (named) return {actor: checkName('actor', named), from: configured.get('actor')?.from ?? 'LEAT_AS'}
  const user = osUserName()
  return {actor: defaultActor(user, process.getuid?.()), from: user === undefined ? 'user id' : 'user name'}
}

/** Who acts. @param env with what is configured in it @throws INVALID */
export const resolveActor = (flag: string | undefined, env: Environment): string => identify(flag, env).actor

function osUserName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined // a uid without an entry has no name; the caller names it by its number
  }
}

/** Undefined for a user without one. */
export function homeFolder(env: Environment): string | undefined {
  if (env['HOME']) return env['HOME']
  try {
    return homedir() || undefined
  } catch {
    return undefined // a user without an entry
  }
}

const USER_FOLDERS = {
  config: ['XDG_CONFIG_HOME', '.config'],
  state: ['XDG_STATE_HOME', '.local/state'],
} as const

/** Where the XDG specification has a file of leat for this user; undefined for one without a home. */
export function userFile(env: Environment, kind: keyof typeof USER_FOLDERS, name: string): string | undefined {
  const [variable, usual] = USER_FOLDERS[kind]
  const folder = env[variable]
  // The specification: a relative path is to be ignored.
  if (folder?.startsWith('/')) return join(folder, 'leat', name)
  const home = homeFolder(env)
  return home && join(home, usual, 'leat', name)
}

/**
 * Runs `load` with a HOME and a SHELL where the system has none for its user (a uid without an entry): oclif asks for
 * both as it is loaded, and would fail.
 */
export async function withUser<T>(env: Record<string, string | undefined>, load: () => Promise<T>): Promise<T> {
  const missing = osUserName() === undefined ? ['HOME', 'SHELL'].filter((name) => env[name] === undefined) : []
  for (const name of missing) env[name] = '/nonexistent'
  try {
    return await load()
  } finally {
    for (const name of missing) delete env[name]
  }
}

/** Prompts are for a person at a terminal who didn't say no. @param prompts what is configured: `on` or `off` */
export const mayAsk = (env: Environment, noInput: boolean, prompts = 'on'): boolean =>
  !noInput && !env['CI'] && prompts === 'on' && isTerminal(0) && isTerminal(2)

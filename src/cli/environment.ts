import {userInfo} from 'node:os'
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

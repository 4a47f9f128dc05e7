import {userInfo} from 'node:os'
import type {Environment} from '../model/environment.js'
import {checkName, defaultActor} from '../model/names.js'

export type {Environment} from '../model/environment.js'

/** Who acts, and what says so. */
export interface Identity {
  actor: string
  from: '--as' | 'LEAT_AS' | 'user name' | 'user id'
}

/** Who acts: `--as`, else `LEAT_AS`, else the OS user by name, else by number. @throws INVALID */
export function identify(flag: string | undefined, env: Environment): Identity {
  if (flag !== undefined) return {actor: checkName('actor', flag), from: '--as'}
  if (env['LEAT_AS']) return {actor: checkName('actor', env['LEAT_AS']), from: 'LEAT_AS'}
  const user = osUserName()
  return {actor: defaultActor(user, process.getuid?.()), from: user === undefined ? 'user id' : 'user name'}
}

/** Who acts. @throws INVALID */
export const resolveActor = (flag: string | undefined, env: Environment): string => identify(flag, env).actor

/** The store that was named: `--store`, else `LEAT_STORE`; undefined for the default one. */
export const namedStore = (flag: string | undefined, env: Environment): string | undefined =>
  flag ?? (env['LEAT_STORE'] || undefined)

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

/** Prompts are for a person at a terminal who didn't say no. */
export const mayAsk = (env: Environment, noInput: boolean): boolean =>
  !noInput && !env['CI'] && Boolean(process.stdin.isTTY && process.stderr.isTTY)

import {homedir} from 'node:os'
import {join} from 'node:path'
import {LeatError} from '../model/errors.js'
import type {ClosedStore, EngineOptions, Store} from './store.js'

/**
 * Opens a store by its path or URL. A path, or `sqlite:PATH`, is a SQLite file.
 * @throws USAGE     no engine is called so
 * @throws NOT_FOUND no store there, and `create` isn't set
 * @throws STORAGE   there is something else, or it can't be opened
 */
export async function openStore(location: string, options: EngineOptions): Promise<Store> {
  const {scheme, address} = parseLocation(location)
  switch (scheme) {
    case 'sqlite': {
      const {openSqlite} = await import('./sqlite/open.js')
      return openSqlite(address, options)
    }
    default:
      throw noEngine(location)
  }
}

/** A store that is looked after without being opened, because it can't be. @throws USAGE no engine is called so */
export async function closedStore(location: string, options: EngineOptions): Promise<ClosedStore> {
  const {scheme, address} = parseLocation(location)
  switch (scheme) {
    case 'sqlite': {
      const {closedSqlite} = await import('./sqlite/maintenance/maintenance.js')
      return closedSqlite(address, options)
    }
    default:
      throw noEngine(location)
  }
}

const noEngine = (location: string): LeatError =>
  new LeatError('USAGE', `no engine for the store ${JSON.stringify(location)}`, {hint: 'use a path, or sqlite:PATH'})

/** One letter before a colon is a drive of Windows, and a colon behind a slash or a dot belongs to a file name. */
function parseLocation(location: string): {scheme: string; address: string} {
  const [, scheme, address] = /^([a-z][a-z0-9+]+):(.*)$/is.exec(location) ?? []
  const path = scheme === undefined ? location : address!
  if (path === '') throw new LeatError('USAGE', `${JSON.stringify(location)} names no store`, {hint: 'give a path'})
  return {scheme: scheme?.toLowerCase() ?? 'sqlite', address: path}
}

/**
 * The store when none is named: `$XDG_DATA_HOME/leat/leat.db`, else `~/.local/share/leat/leat.db`.
 * @throws STORAGE the user has no home
 */
export function defaultStorePath(env: Readonly<Record<string, string | undefined>>): string {
  const data = env['XDG_DATA_HOME']
  // The XDG specification: a relative path is to be ignored.
  if (data?.startsWith('/')) return join(data, 'leat', 'leat.db')
  return join(home(env), '.local', 'share', 'leat', 'leat.db')
}

function home(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['HOME'] || homeOfUser()
  if (named) return named
  throw new LeatError('STORAGE', 'no home folder to keep the default store in: HOME is not set', {
    hint: 'name a store with --store or LEAT_STORE',
  })
}

function homeOfUser(): string | undefined {
  try {
    return homedir()
  } catch {
    return undefined // a user without an entry
  }
}

import {existsSync} from 'node:fs'
import {type Bus, createBus} from '../bus/bus.js'
import {idSource} from '../bus/ids.js'
import {defaultStorePath, openStore} from '../store/open.js'
import type {ConfiguredFrom, Environment} from './environment.js'

/** Where the store is, and what says so. */
export interface StoreAddress {
  store: string
  /** `--store`, `LEAT_STORE`, `context NAME`, `config file` or `default`. */
  from: string
}

/**
 * The store: `--store`, else `LEAT_STORE`, the context, the configuration file, or the one in the data folder.
 * @param env with what is configured in it
 */
export function addressOf(flag: string | undefined, env: Environment, configured?: ConfiguredFrom): StoreAddress {
  if (flag !== undefined) return {store: flag, from: '--store'}
  const named = env['LEAT_STORE']
  if (named) return {store: named, from: configured?.get('store')?.from ?? 'LEAT_STORE'}
  return {store: defaultStorePath(env), from: 'default'}
}

/** Whether something stands where the store is said to be. Looks, and opens nothing. */
export const isThere = ({store}: StoreAddress): boolean => existsSync(store.replace(/^sqlite:/i, ''))

/**
 * The bus that a command works with. Only the default store is made on first use; any other path must be there unless
 * the command makes stores (`create`).
 */
export async function openBusFor(options: {
  store?: string
  actor: string
  env: Environment
  create: boolean
  /** Only looks, and makes nothing. */
  readonly?: boolean
  /** Milliseconds, as an engine takes it. */
  patience?: number
}): Promise<Bus> {
  const address = addressOf(options.store, options.env)
  const isDefault = address.from === 'default'
  const ids = idSource()
  const store = await openStore(address.store, {
    clock: Date.now,
    ids,
    create: (isDefault || options.create) && !options.readonly,
    makeFolder: isDefault,
    readonly: options.readonly,
    patience: options.patience,
  })
  return createBus({store, actor: options.actor, clock: Date.now, ids})
}

/** Milliseconds for which a store that is busy is waited for where a person waits for the answer. */
const MOMENT = 100

/** The bus over a store that is there, only to look at it: nothing is made or written. Undefined where there is none. */
export async function openToLook(options: {store?: string; actor: string; env: Environment}): Promise<Bus | undefined> {
  if (!isThere(addressOf(options.store, options.env))) return undefined
  return openBusFor({...options, create: false, readonly: true, patience: MOMENT})
}

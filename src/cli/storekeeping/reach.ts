/** How the store commands reach a store that may be damaged: open where it can be opened, else the file as it is. */
import type {Bus} from '../../bus/bus.js'
import {idSource} from '../../bus/ids.js'
import {LeatError} from '../../model/errors.js'
import {closedStore} from '../../store/open.js'
import type {Environment} from '../environment.js'
import {addressOf} from '../open.js'

type ClosedStore = Awaited<ReturnType<typeof closedStore>>

/** The store that is named, closed. @param makes it may be made: the default one with its folder */
export function closedStoreOf(
  flags: {store?: string},
  env: Environment,
  {makes = false}: {makes?: boolean} = {},
): Promise<ClosedStore> {
  const address = addressOf(flags.store, env)
  const makeFolder = makes && address.from === 'default'
  return closedStore(address.store, {clock: Date.now, ids: idSource(), create: makes, makeFolder})
}

/** What says that a file can't be opened as the store that it is, or should be. */
const UNUSABLE = new Set(['CORRUPT', 'STORAGE', 'SCHEMA_NEWER'])

export const isUnusable = (error: unknown): error is LeatError => error instanceof LeatError && UNUSABLE.has(error.code)

/** The open store; undefined where it can't be opened because of what is in its file. @throws NOT_FOUND, BUSY, … */
export async function openIfUsable(open: () => Promise<Bus>): Promise<Bus | undefined> {
  try {
    return await open()
  } catch (error) {
    if (isUnusable(error)) return undefined
    throw error
  }
}

/** All that few commands need, loaded together when the first of them is called. */
import {resolve} from 'node:path'
import {LeatError} from '../../../model/errors.js'
import type {BackupOptions, ClosedStore, EngineOptions} from '../../store.js'
import {makePrivateFolder} from '../create.js'
import {toLeatError} from '../errors.js'
import {statOf} from '../stat-of.js'
import {backup} from './backup.js'
import {check} from './check.js'
import {prepareRestore} from './restore.js'
import {schemaOf} from './schema.js'
import {vitalsOf} from './vitals.js'

export {backup} from './backup.js'
export {check} from './check.js'
export {compact} from './compact.js'
export {prepareRestore} from './restore.js'
export {engineVersion} from './vitals.js'

/** Milliseconds that a restore waits for another process. */
const PATIENCE = 30_000

/** A store that isn't open. With `create` a restore makes it if it isn't there. */
export function closedSqlite(
  label: string,
  {clock, ids, create = false, makeFolder = false, patience = PATIENCE}: EngineOptions,
): ClosedStore {
  const path = resolve(label)
  const place = {path, label}
  const find = (): void => {
    if (statOf(path) || create) return
    throw new LeatError('NOT_FOUND', `no store at ${label}`, {hint: `leat store restore BACKUP --store ${label}`})
  }
  return {
    check: async function* (options) {
      find()
      return yield* check(place, clock, options)
    },
    schema: async () => {
      find()
      return schemaOf(place)
    },
    vitals: async () => {
      find()
      return vitalsOf(place)
    },
    backup: async (file: string, options?: BackupOptions) => {
      find()
      return backup(path, file, options)
    },
    prepareRestore: async (file, options) => {
      find()
      try {
        if (makeFolder) makePrivateFolder(resolve(path, '..'))
      } catch (error) {
        throw toLeatError(error, label)
      }
      return prepareRestore({path, label, clock, ids, patience}, file, {...options, anew: true})
    },
  }
}

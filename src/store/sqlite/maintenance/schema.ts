import {statSync} from 'node:fs'
import {LeatError} from '../../../model/errors.js'
import {checkFile} from '../check-file.js'
import {closeLooking} from '../close-looking.js'
import {APPLICATION_ID, Connection} from '../connection.js'
import {toLeatError} from '../errors.js'
import {SCHEMA_VERSION} from '../migrate.js'
import {openUnwritable} from '../unwritable.js'
import type {Place} from './check.js'

const PATIENCE = 10_000

/** The schema of a store, which stays as it is. @throws STORAGE, CORRUPT */
export function schemaOf({path, label}: Place): {version: number; newest: number} {
  try {
    checkFile(statSync(path), label)
    const connection = openUnwritable(path, label, PATIENCE) ?? new Connection(path, PATIENCE)
    try {
      if (Number(connection.pragma('application_id')) !== APPLICATION_ID)
        throw new LeatError('STORAGE', `${label}: a SQLite database, but not a leat store`, {
          hint: 'name another file with --store',
        })
      return {version: Number(connection.pragma('user_version')), newest: SCHEMA_VERSION}
    } finally {
      closeLooking(connection, path)
    }
  } catch (error) {
    throw toLeatError(error, label)
  }
}

import {readdirSync, readFileSync} from 'node:fs'
import {LeatError} from '../../model/errors.js'
import {APPLICATION_ID, type Connection} from './connection.js'

/** The newest schema that this leat knows: the number of the last file in `migrations`. */
export const SCHEMA_VERSION = 1

/**
 * Refuses what isn't a store, or is one of a newer leat, without writing anything.
 * @returns the file's schema version
 * @throws STORAGE, SCHEMA_NEWER
 */
export function checkVersion(connection: Connection, label: string): number {
  const row =
    connection.row('SELECT application_id, user_version FROM pragma_application_id, pragma_user_version') ?? []
  const [application, version] = row as number[]
  if (application !== APPLICATION_ID)
    throw new LeatError('STORAGE', `${label}: a SQLite database, but not a leat store`, {
      hint: 'name another file with --store',
    })
  if (version! > SCHEMA_VERSION)
    throw new LeatError(
      'SCHEMA_NEWER',
      `${label} was made by a newer leat (schema ${version}, this one knows ${SCHEMA_VERSION})`,
      {
        hint: 'update leat',
      },
    )
  return version!
}

/** Brings the schema up to date, one transaction a migration. Many processes may do it at once. */
export function migrate(connection: Connection): void {
  for (const {version, sql} of readMigrations()) {
    connection.write(() => {
      // Re-read behind the write lock: another process may have been faster.
      if (Number(connection.pragma('user_version')) >= version) return
      connection.script(sql)
      connection.script(`PRAGMA user_version = ${version}`)
    })
  }
}

function readMigrations(): {version: number; sql: string}[] {
  const folder = new URL('migrations/', import.meta.url)
  return readdirSync(folder)
    .filter((name) => /^\d{3}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({version: Number(name.slice(0, 3)), sql: readFileSync(new URL(name, folder), 'utf8')}))
}

import {readdirSync, readFileSync} from 'node:fs'
import {LeatError} from '../../model/errors.js'
import {APPLICATION_ID, type Connection} from './connection.js'

/** The newest schema that this leat knows: the number of the last file in `migrations`. */
export const SCHEMA_VERSION = 4

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

/** Milliseconds that bringing an older store up to date waits for another process: once in a store's life it may block. */
const PATIENCE = 30_000

/** Brings an older store up to date. @throws STORAGE it may not be written, BUSY */
export function upgrade(connection: Connection, label: string, version: number): void {
  if (connection.isReadonly)
    throw new LeatError('STORAGE', `${label} was made by an older leat (schema ${version}) and may not be written`, {
      hint: 'let someone who may write it open it once: that brings it up to date',
    })
  const patience = Number(connection.pragma('busy_timeout'))
  connection.pragma(`busy_timeout = ${PATIENCE}`)
  migrate(connection)
  connection.pragma(`busy_timeout = ${patience}`)
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

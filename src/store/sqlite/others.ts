import type {Connection} from './connection.js'

/** Tells whether another connection has committed since it was last asked. */
export function othersWatch(connection: Connection): () => boolean {
  let known: unknown
  return () => {
    // SQLite's number, another one when another connection has committed.
    const version = connection.row('PRAGMA data_version')?.[0]
    const wrote = known !== undefined && version !== known
    known = version
    return wrote
  }
}

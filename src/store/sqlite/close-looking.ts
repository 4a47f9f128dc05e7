import {statSync} from 'node:fs'
import {Connection} from './connection.js'
import {SCHEMA_VERSION} from './migrate.js'

/**
 * Closes a connection that only looked at a store. The last to close empties the log into the file; where a newer leat
 * left one, not a byte of either is changed.
 */
export function closeLooking(connection: Connection, path: string): void {
  let keeper: Connection | undefined
  try {
    if (hasNewerLog(connection, path)) keeper = new Connection(path, 0, {readonly: true})
    // From its first look on it has the file, so that the other isn't the last; it may not write.
    keeper?.pragma('user_version')
  } finally {
    connection.close()
    keeper?.close()
  }
}

function hasNewerLog(connection: Connection, path: string): boolean {
  if ((statSync(`${path}-wal`, {throwIfNoEntry: false})?.size ?? 0) === 0) return false
  try {
    return Number(connection.pragma('user_version')) > SCHEMA_VERSION
  } catch {
    return false // whoever looked has told what is wrong with it
  }
}

import {statSync} from 'node:fs'
import type {Vitals} from '../../../model/maintenance.js'
import {checkFile} from '../check-file.js'
import {closeLooking} from '../close-looking.js'
import {APPLICATION_ID, Connection} from '../connection.js'
import {isBusy, toLeatError} from '../errors.js'
import {SCHEMA_VERSION} from '../migrate.js'
import {openUnwritable} from '../unwritable.js'
import type {Place} from './check.js'

/** Milliseconds that a writer may take before it is worth a word. */
const PATIENCE = 2000

/** Bytes up to which SQLite's check takes no time worth speaking of. */
const CHECKED = 256 * 1024 * 1024

/** What there is to know of a store at a glance; it stays as it is. @throws STORAGE, CORRUPT, BUSY */
export function vitalsOf({path, label}: Place): Vitals {
  try {
    checkFile(statSync(path), label)
    const connection = openUnwritable(path, label, PATIENCE) ?? new Connection(path, PATIENCE)
    try {
      return read(connection, path)
    } finally {
      closeLooking(connection, path)
    }
  } catch (error) {
    throw toLeatError(error, label)
  }
}

function read(connection: Connection, path: string): Vitals {
  const bytes = statSync(path).size
  const isStore = Number(connection.pragma('application_id')) === APPLICATION_ID
  const version = Number(connection.pragma('user_version'))
  const line = isStore && bytes <= CHECKED ? connection.row('PRAGMA quick_check(1)')?.[0] : undefined
  return {
    isStore,
    version,
    newestVersion: SCHEMA_VERSION,
    newestTime: isStore ? Number(connection.row('SELECT coalesce(max(newest_time), 0) FROM counters')?.[0]) : 0,
    journal: String(connection.pragma('journal_mode')),
    bytes,
    logBytes: statSync(`${path}-wal`, {throwIfNoEntry: false})?.size ?? 0,
    ...(line !== undefined && line !== 'ok' && {damage: String(line)}),
    isChecked: line !== undefined,
    isReadonly: connection.isReadonly,
    isLocked: !connection.isReadonly && isLocked(connection),
  }
}

/** Whether somebody else keeps the lock for writing all the while. */
function isLocked(connection: Connection): boolean {
  try {
    connection.run('BEGIN IMMEDIATE')
    connection.run('ROLLBACK')
    return false
  } catch (error) {
    if (isBusy(error)) return true
    throw error
  }
}

/** Of SQLite, as it is built into this leat. */
export function engineVersion(): string {
  const connection = new Connection(':memory:', 0)
  try {
    return String(connection.row('SELECT sqlite_version()')?.[0])
  } finally {
    connection.close()
  }
}

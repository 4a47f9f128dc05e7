import {accessSync, constants, readFileSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {LeatError} from '../../model/errors.js'
import {Connection} from './connection.js'
import {statOf} from './stat-of.js'

/** Bytes of a store that are read into memory at most. */
const SNAPSHOT_LIMIT = 512 * 1024 * 1024

/**
 * Opens a store that this user may read but not write, so that reading works and writing fails cleanly; undefined if it
 * may be written.
 * @throws STORAGE its state is in files that can't be read from here
 */
export function openUnwritable(path: string, label: string, blocking: number): Connection | undefined {
  const mayWriteFile = may(path, constants.W_OK)
  const mayWriteFolder = may(dirname(path), constants.W_OK)
  if (mayWriteFile && (mayWriteFolder || exists(`${path}-shm`))) return undefined
  if (mayWriteFolder || (exists(`${path}-wal`) && exists(`${path}-shm`)))
    return new Connection(path, blocking, {readonly: true})
  return new Connection(snapshot(path, label), blocking)
}

/**
 * SQLite can't make its files beside the store, so it reads a copy in memory. That neither -wal nor -shm is there says
 * that nobody has the store open, this process neither: so reading the file here drops nobody's locks.
 */
function snapshot(path: string, label: string): Buffer {
  const before = statSync(path)
  const refusal = hasWal(path)
    ? `its newest messages are in ${path}-wal, which can't be read in a read-only folder`
    : before.size > SNAPSHOT_LIMIT
      ? `a read-only folder, and ${before.size} bytes are too many to read into memory`
      : undefined
  if (refusal) throw unreadable(label, refusal)
  const bytes = readFileSync(path)
  const after = statSync(path)
  if (hasWal(path) || after.mtimeMs !== before.mtimeMs || bytes.length !== before.size)
    throw unreadable(label, 'it changed while it was read; try again')
  // Bytes 18 and 19 of the header say that there is a WAL: a database in memory can't have one.
  if (bytes.length >= 20 && bytes[18] === 2) bytes.fill(1, 18, 20)
  return bytes
}

const unreadable = (label: string, reason: string): LeatError =>
  new LeatError('STORAGE', `${label}: ${reason}`, {hint: 'let someone who may write into its folder open the store'})

const hasWal = (path: string): boolean => (statSync(`${path}-wal`, {throwIfNoEntry: false})?.size ?? 0) > 0

const exists = (path: string): boolean => statOf(path) !== undefined

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

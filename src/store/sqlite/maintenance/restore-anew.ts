/** Restoring where no store can be opened: a new file takes the place, and what stood there is put aside. */
import {linkSync, renameSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import type {RestorePlan} from '../../../model/maintenance.js'
import {Connection} from '../connection.js'
import {statOf} from '../stat-of.js'
import {nameBeside, placeDraft, SIDE_FILES, sync} from './drafts.js'
import type {Target} from './restore-in-place.js'
import {epochsOf, freeHands, keepNumbers, type LastSeq, lastSeqs, setEpoch} from './restore-rows.js'
import type {Source} from './restore-source.js'

const PATIENCE = 10_000

export function planAnew({path, label}: Target, {draft, file, schemaVersion}: Source): RestorePlan {
  const connection = new Connection(draft, PATIENCE)
  try {
    const number = (sql: string): number => connection.row(sql)?.[0] as number
    const messages = number('SELECT count(*) FROM messages')
    return {
      file,
      store: label,
      way: isThere(path) ? 'anew' : 'made',
      channels: number('SELECT count(*) FROM channels WHERE deleted_at IS NULL'),
      messages,
      gained: messages,
      droppedChannels: [],
      schemaVersion,
    }
  } finally {
    connection.close()
  }
}

/** Returns the new epoch, and where what stood there is. There is a file at the path at any time. */
export function restoreAnew(target: Target, {draft}: Source): {epoch: string; safetyCopy?: string} {
  const {path, clock, ids} = target
  const found = isThere(path)
  const before = found ? salvage(path) : undefined
  const epoch = ids()
  const connection = new Connection(draft, PATIENCE)
  try {
    connection.write(() => {
      setEpoch(connection, epoch, [...(before?.epochs ?? []), ...epochsOf(connection)])
      freeHands(connection)
      keepNumbers(connection, before?.lastSeqs ?? [], clock())
    })
    connection.settle()
  } finally {
    connection.close()
  }
  if (!found) {
    dropSideFiles(path) // of a store that was deleted
    placeDraft(draft, path, {replace: false})
    return {epoch}
  }
  const aside = nameBeside(path, 'damaged', clock())
  linkSync(path, aside)
  const wal = `${path}-wal`
  if (isThere(wal)) renameSync(wal, `${aside}-wal`)
  dropSideFiles(path)
  placeDraft(draft, path, {replace: true})
  return {epoch, safetyCopy: aside}
}

const isThere = (path: string): boolean => statOf(path) !== undefined

/** SQLite would take them for those of the file that is put here next, also after a power cut. */
function dropSideFiles(path: string): void {
  for (const suffix of SIDE_FILES) rmSync(path + suffix, {force: true})
  sync(dirname(path))
}

/** What can still be read of a damaged store's numbers; undefined if nothing can. */
function salvage(path: string): {lastSeqs: LastSeq[]; epochs: string[]} | undefined {
  let connection: Connection | undefined
  try {
    connection = new Connection(path, PATIENCE)
    connection.pragma('query_only = ON')
    return {lastSeqs: lastSeqs(connection), epochs: epochsOf(connection)}
  } catch {
    return undefined // that is why it is restored
  } finally {
    connection?.close()
  }
}

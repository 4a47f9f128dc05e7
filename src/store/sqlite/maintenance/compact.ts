import {statSync} from 'node:fs'
import type {Compacted} from '../../../model/maintenance.js'
import type {Session} from '../session.js'

/**
 * Writes the whole file anew, without the space that nothing uses, and empties the WAL. Nobody else writes meanwhile; it needs
 * the lock at its start, and room on the disk for another copy.
 */
export function compact({connection, path, label}: Session, {dryRun = false}: {dryRun?: boolean} = {}): Compacted {
  const before = sizeOf(path)
  if (dryRun) {
    const free = Number(connection.pragma('freelist_count')) * Number(connection.pragma('page_size'))
    return {store: label, before, after: Math.max(0, statSync(path).size - free), dryRun}
  }
  for (const [name] of connection.rows(FULL_TEXT)) {
    const quoted = `"${String(name).replaceAll('"', '""')}"`
    connection.write(() => connection.run(`INSERT INTO ${quoted} (${quoted}) VALUES ('optimize')`))
  }
  connection.script('VACUUM')
  // What a reader at work keeps in the WAL goes with a later checkpoint.
  connection.pragma('wal_checkpoint(TRUNCATE)')
  return {store: label, before, after: sizeOf(path), dryRun}
}
/** Indexes of text: their parts are merged. */
const FULL_TEXT = `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'`

/** With its WAL. */
function sizeOf(path: string): number {
  return statSync(path).size + (statSync(`${path}-wal`, {throwIfNoEntry: false})?.size ?? 0)
}

import {statSync} from 'node:fs'
import type {Backup} from '../../../model/maintenance.js'
import type {BackupOptions} from '../../store.js'
import {Connection} from '../connection.js'
import {toLeatError} from '../errors.js'
import {statOf} from '../stat-of.js'
import {openUnwritable} from '../unwritable.js'
import {dropDraft, makeDraft, placeDraft, placeFor, standsThere} from './drafts.js'

/** Milliseconds that SQLite waits where a file has to be locked for a moment. */
const PATIENCE = 30_000

/**
 * Copies a store, page by page, from one snapshot on a connection of its own, while others write. Not by `VACUUM INTO`: that
 * takes several times as long, holds up this process all the while, and can't copy what is damaged.
 */
export async function backup(
  storePath: string,
  file: string,
  {replace = false, onProgress = () => {}, signal}: BackupOptions = {},
): Promise<Backup> {
  const path = placeFor(file, storePath)
  if (!replace && statOf(path)) throw standsThere(file)
  try {
    const draft = makeDraft(path, 'backup', signal)
    try {
      await copyStore(storePath, draft, (left, total) => onProgress({what: 'copying', done: total - left, total}))
      const copied = describe(draft)
      placeDraft(draft, path, {replace})
      return {...copied, file}
    } finally {
      dropDraft(draft)
    }
  } catch (error) {
    throw toLeatError(error, file)
  }
}

/** Copies the database at a path, with what is in its WAL, into a draft that is then a database by itself. */
export async function copyStore(
  from: string,
  draft: string,
  onPages?: (left: number, total: number) => void,
): Promise<void> {
  const source = openUnwritable(from, from, PATIENCE) ?? new Connection(from, PATIENCE)
  try {
    await source.copyTo(draft, onPages)
  } finally {
    source.close()
  }
}

/** What is in a draft, which is left in WAL mode with nothing beside it: so a store that is opened is as it should be. */
function describe(draft: string): Omit<Backup, 'file'> {
  const connection = new Connection(draft, PATIENCE)
  try {
    connection.pragma('journal_mode = WAL')
    const row = connection.get(DESCRIPTION) as Record<string, string | number>
    return {
      bytes: statSync(draft).size,
      channels: Number(row['channels']),
      messages: Number(row['messages']),
      schemaVersion: Number(connection.pragma('user_version')),
      epoch: String(row['epoch']),
    }
  } finally {
    connection.close()
  }
}
const DESCRIPTION = `
  SELECT (SELECT value FROM meta WHERE key = 'epoch') AS epoch,
         (SELECT count(*) FROM channels WHERE deleted_at IS NULL) AS channels,
         (SELECT coalesce(sum(message_count), 0) FROM counters) AS messages`

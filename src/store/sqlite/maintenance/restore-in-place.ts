/** Restoring through SQLite: the store's file stays, and in one transaction all of its rows are others. */
import {setTimeout as pause} from 'node:timers/promises'
import type {RestorePlan} from '../../../model/maintenance.js'
import {Connection} from '../connection.js'
import {isBusy} from '../errors.js'
import {copyStore} from './backup.js'
import {dropDraft, makeDraft, nameBeside, placeDraft} from './drafts.js'
import {epochsOf, freeHands, keepNumbers, lastSeqs, setEpoch} from './restore-rows.js'
import type {Source} from './restore-source.js'

/** The store that is to be restored. */
export interface Target {
  path: string
  label: string
  clock: () => number
  ids: () => string
  /** Milliseconds that it waits for another writer. */
  patience: number
}

/** Milliseconds in which SQLite blocks the process, and until the next try. */
const BLOCKING = 100
const AGAIN = 20

/** The store with the backup beside it. The caller closes it. */
function connect({path}: Target, {draft}: Source): Connection {
  const connection = new Connection(path, BLOCKING)
  connection.run('ATTACH ? AS backup', [draft])
  return connection
}

export function planInPlace(target: Target, source: Source): RestorePlan {
  const connection = connect(target, source)
  try {
    return connection.read(() => {
      const number = (sql: string): number => connection.row(sql)?.[0] as number
      return {
        file: source.file,
        store: target.label,
        way: 'in place',
        channels: number('SELECT count(*) FROM backup.channels WHERE deleted_at IS NULL'),
        messages: number('SELECT count(*) FROM backup.messages'),
        lost: number(missing('main', 'backup')),
        gained: number(missing('backup', 'main')),
        droppedChannels: connection.rows(DROPPED).map(([name]) => String(name)),
        schemaVersion: source.schemaVersion,
      }
    })
  } finally {
    connection.close()
  }
}
const missing = (here: string, there: string): string => `
  SELECT count(*)
    FROM ${here}.messages AS message CROSS JOIN ${here}.channels AS channel ON channel.id = message.channel_id
   WHERE NOT EXISTS (
     SELECT 1 FROM ${there}.channels AS same CROSS JOIN ${there}.messages AS other
      WHERE same.name = channel.name AND same.deleted_at IS NULL
        AND other.channel_id = same.id AND other.seq = message.seq AND other.id = message.id)`
const DROPPED = `
  SELECT name FROM main.channels AS channel
   WHERE deleted_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM backup.channels AS same WHERE same.name = channel.name AND same.deleted_at IS NULL)
   ORDER BY name`

/** Returns the new epoch, and where the store as it was before is. A kill at any moment leaves the old store or the new. */
export async function restoreInPlace(
  target: Target,
  source: Source,
  {safetyCopy = true, signal}: {safetyCopy?: boolean; signal?: AbortSignal},
): Promise<{epoch: string; safetyCopy?: string}> {
  const connection = connect(target, source)
  const copy = safetyCopy ? makeDraft(target.path, 'backup', signal) : undefined
  try {
    // The long part of it without keeping others from writing; again only if somebody did.
    const version = dataVersion(connection)
    if (copy !== undefined) await copyStore(target.path, copy)
    await lock(connection, target.patience)
    if (copy !== undefined && dataVersion(connection) !== version) await copyStore(target.path, copy)
    const saved = copy === undefined ? undefined : save(copy, target)
    const epoch = replaceRows(connection, target)
    connection.run('COMMIT')
    // What a reader at work keeps in the WAL goes with a later checkpoint.
    connection.pragma('wal_checkpoint(TRUNCATE)')
    return {epoch, ...(saved !== undefined && {safetyCopy: saved})}
  } finally {
    connection.close() // undoes what isn't committed
    if (copy !== undefined) dropDraft(copy)
  }
}

const dataVersion = (connection: Connection): unknown => connection.row('PRAGMA main.data_version')?.[0]

/** Begins the transaction, without blocking the process while others write. @throws BUSY as SQLite's own error */
async function lock(connection: Connection, patience: number): Promise<void> {
  const deadline = performance.now() + patience
  for (;;)
    try {
      connection.run('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
      await pause(AGAIN)
    }
}

function save(copy: string, {path, clock}: Target): string {
  const connection = new Connection(copy, BLOCKING)
  try {
    connection.pragma('journal_mode = WAL') // a store as any other, with nothing beside it
  } finally {
    connection.close()
  }
  const place = nameBeside(path, 'before-restore', clock())
  placeDraft(copy, place, {replace: false})
  return place
}

/** Inside the transaction. */
function replaceRows(connection: Connection, {clock, ids}: Target): string {
  const before = lastSeqs(connection)
  const former = epochsOf(connection)
  // Of a full text search the tables behind it are copied, which SQLite forbids by default.
  connection.allowShadowTables()
  // Triggers keep tables in step that are copied as they are.
  const triggers = connection.rows(TRIGGERS)
  for (const [name] of triggers) connection.run(`DROP TRIGGER main.${quoted(String(name))}`)
  for (const [name] of connection.rows(TABLES)) {
    const table = quoted(String(name))
    const columns = connection.rows('SELECT name FROM pragma_table_info(?, ?)', [String(name), 'backup'])
    const list = columns.map(([column]) => quoted(String(column))).join(', ')
    connection.run(`DELETE FROM main.${table}`)
    connection.run(`INSERT INTO main.${table} (${list}) SELECT ${list} FROM backup.${table}`)
  }
  for (const [, sql] of triggers) connection.run(String(sql))
  const epoch = ids()
  setEpoch(connection, epoch, [...former, ...epochsOf(connection)])
  freeHands(connection)
  keepNumbers(connection, before, clock())
  return epoch
}
const TRIGGERS = `SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'`
const TABLES = `
  SELECT name FROM pragma_table_list
   WHERE schema = 'backup' AND type IN ('table', 'shadow') AND name NOT LIKE 'sqlite_%' ORDER BY name`

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

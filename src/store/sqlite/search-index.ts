import {type Body, TEXT} from '../../model/content.js'
import {searchText} from '../../model/search-text.js'
import type {Indexed} from '../store.js'
import type {Raw} from './connection.js'
import type {Session} from './session.js'

/** Bytes of content that one step puts into the index; one message may be larger. */
const STEP_CONTENT = 1024 * 1024
/** Rows that one step takes out of it. */
const STEP_GONE = 1000
/** Pages that one step merges to get rid of what redacted messages left in them. */
const STEP_PAGES = 200

export interface SearchState {
  /** Every message up to this row is in the index, but for the redacted. */
  indexed: number
  begun: boolean
  /** Words of redacted messages may still stand in its pages. */
  purging: boolean
}

export function searchState({connection}: Session): SearchState {
  const [indexed, begun, purging] = connection.row(STATE) as number[]
  return {indexed: indexed!, begun: begun === 1, purging: purging === 1}
}
const STATE = 'SELECT indexed, begun, purging FROM search_state'

export const lastRow = ({connection}: Session): number =>
  (connection.row('SELECT max(row) FROM messages')?.[0] as number | null | undefined) ?? 0

/** Puts a few more messages into the index, and takes some out that were deleted. Nothing is written where there is nothing to do. */
export function indexSome(session: Session, {limit, begin = false}: {limit: number; begin?: boolean}): Indexed {
  const {connection} = session
  const {left, idle, open, purging} = connection.read(() => standing(session, begin))
  if (idle || !open) return {done: 0, left, open}
  if (purging) connection.pragma('secure_delete = ON')
  try {
    return oneStep(session, {limit, begin})
  } finally {
    if (purging) connection.pragma('secure_delete = OFF')
  }
}

function oneStep(session: Session, {limit, begin}: {limit: number; begin: boolean}): Indexed {
  const {connection} = session
  // The index can be made again: a power cut may take the end of it, together with the note how far it goes.
  return connection.writeUnsynced(() => {
    const {indexed, purging, begun} = searchState(session)
    if (begin && !begun) connection.run('UPDATE search_state SET begun = 1')
    const last = lastRow(session)
    const upTo = Math.min(last, endOfStep(session, indexed, limit))
    const done = fill(session, indexed, upTo)
    if (upTo > indexed) connection.run('UPDATE search_state SET indexed = ?', [upTo])
    takeOut(session)
    if (purging) purge(session)
    return {done, left: Math.max(0, last - Math.max(upTo, indexed)), open: true}
  })
}

/** Whether there is an index to fill, and anything to do about it. */
function standing(session: Session, begin: boolean): {left: number; idle: boolean; open: boolean; purging: boolean} {
  const {connection} = session
  const {indexed, begun, purging} = searchState(session)
  const left = Math.max(0, lastRow(session) - indexed)
  const gone = connection.row('SELECT 1 FROM search_gone LIMIT 1') !== undefined
  const isWanted = begun || begin
  return {
    left,
    idle: left === 0 && !gone && !purging && (begun || !begin),
    open: isWanted && !connection.isReadonly,
    purging,
  }
}

/** The last row of a step: so many messages, or so much content. */
function endOfStep({connection}: Session, indexed: number, limit: number): number {
  let size = 0
  let end = indexed
  for (const [row, bytes] of connection.rows(SIZES, [indexed, limit]) as number[][]) {
    size += bytes!
    if (end > indexed && size > STEP_CONTENT) break
    end = row!
  }
  // Rows behind the last one that are gone need no look either.
  return end === indexed ? Infinity : end
}
const SIZES = 'SELECT row, octet_length(content) FROM messages WHERE row > ? ORDER BY row LIMIT ? + 0'

function fill(session: Session, after: number, upTo: number): number {
  let done = 0
  for (const row of session.connection.rows(READ, [after, upTo])) {
    session.connection.run(PUT, entryOf(session, row))
    done++
  }
  return done
}
/** What the index takes of messages. */
export const INDEXED_COLUMNS = 'row, content, content_type, headers, sender_id, type, channel_id'
const READ = `
  SELECT ${INDEXED_COLUMNS} FROM messages WHERE row > ? AND row <= ? AND redacted_at IS NULL ORDER BY row`
export const PUT = 'INSERT INTO search (rowid, content, sender, type, channel) VALUES (?, ?, ?, ?, ?)'

/** The values of `PUT` for a row of `INDEXED_COLUMNS`. */
export function entryOf({names}: Session, row: Raw): (string | number)[] {
  const [id, content, contentType, headers, sender, type, channel] = row
  const parsed = headers === null ? undefined : (JSON.parse(headers as string) as Record<string, string>)
  const text = searchText(content as Body, (contentType as string | null) ?? TEXT, parsed)
  return [id as number, text, names.nameOf(sender as number), type as string, String(channel)]
}

function takeOut({connection}: Session): void {
  const gone = connection.rows('SELECT row FROM search_gone ORDER BY row LIMIT ? + 0', [STEP_GONE])
  for (const [row] of gone) {
    connection.run('DELETE FROM search WHERE rowid = ?', [row as number])
    connection.run('DELETE FROM search_gone WHERE row = ?', [row as number])
  }
}

/** Takes redacted messages out at once: from now on nobody finds them. In the transaction that redacts. */
export function takeOutRedacted(session: Session, rows: readonly number[]): void {
  const {connection} = session
  const {indexed} = searchState(session)
  const known = rows.filter((row) => row <= indexed)
  if (known.length === 0) return
  for (const row of known) connection.run('DELETE FROM search WHERE rowid = ?', [row])
  connection.run('UPDATE search_state SET purging = 1')
}

/** Merge steps after a redaction: an index of some megabytes is done with it. */
const PURGES = 10

/** Begins to purge right after a redaction; whoever fills the index goes on with it. */
export function purgeSome(session: Session): void {
  const {connection} = session
  for (let count = 0; count < PURGES && searchState(session).purging; count++) connection.write(() => purge(session))
}

/**
 * A row that was taken out of the index leaves its words in the pages until these are merged: so some are, and the pages
 * that get free are overwritten.
 */
function purge({connection}: Session): void {
  const before = connection.row('SELECT total_changes()')?.[0] as number
  connection.run(`INSERT INTO search (search, rank) VALUES ('merge', ?)`, [-STEP_PAGES])
  const after = connection.row('SELECT total_changes()')?.[0] as number
  // SQLite's own way to say that nothing is left to merge.
  if (after - before < 2) connection.run('UPDATE search_state SET purging = 0')
}

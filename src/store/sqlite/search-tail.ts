import Database from 'better-sqlite3'
import {entryOf, INDEXED_COLUMNS, PUT} from './search-index.js'
import type {Session} from './session.js'

/** Rows that are looked through at once. */
const ROWS = 1000
/** Bytes of their content; one may be larger. */
const CONTENT = 4 * 1024 * 1024

export interface TailPart {
  /** Rows that fit, the newest first. */
  rows: number[]
  /** Everything from this row on was looked through. */
  from: number
}

/**
 * What isn't in the index yet is put into one in memory, a piece at a time from its end, so that words mean the same there.
 * Looks at rows behind `above` and in front of `below`.
 */
export function searchTail(session: Session, match: string, {above, below}: {above: number; below: number}): TailPart {
  const from = beginning(session, above, below)
  const database = new Database(':memory:')
  try {
    database.exec(TABLE)
    const put = database.prepare(PUT)
    database.transaction(() => {
      for (const row of session.connection.rows(READ, [from, below])) put.run(entryOf(session, row))
    })()
    return {rows: database.prepare(MATCH).pluck().all(match) as number[], from}
  } finally {
    database.close()
  }
}
const TABLE = `
  CREATE VIRTUAL TABLE search USING fts5 (
    content, sender, type, channel, content = '', tokenize = 'unicode61 remove_diacritics 2'
  )`
const MATCH = 'SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC'
const READ = `SELECT ${INDEXED_COLUMNS} FROM messages WHERE row >= ? AND row < ? AND redacted_at IS NULL`

function beginning({connection}: Session, above: number, below: number): number {
  let size = 0
  let from = below
  const sizes = connection.rows(SIZES, [above, below, ROWS]) as number[][]
  for (const [row, bytes] of sizes) {
    size += bytes!
    if (from < below && size > CONTENT) return from
    from = row!
  }
  return sizes.length < ROWS ? above + 1 : from
}
const SIZES = `
  SELECT row, octet_length(content) FROM messages WHERE row > ? AND row < ? ORDER BY row DESC LIMIT ? + 0`

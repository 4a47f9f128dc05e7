import Database from 'better-sqlite3'
import {entryOf, INDEXED_COLUMNS, PUT} from './search-index.js'
import type {Session} from './session.js'

/** Rows that are looked through at once. */
const ROWS = 1000
/** Bytes of their content; one may be larger. */
const CONTENT = 4 * 1024 * 1024

/** What a search has looked through. */
export interface Part {
  /** Rows that fit, the newest first. */
  rows: number[]
  /** Everything from this row on was looked through. */
  from: number
}

/**
 * What isn't in the index yet, a piece at a time from its end: looks through rows behind `above` and in front of `below`.
 */
export function searchTail(session: Session, match: string, {above, below}: {above: number; below: number}): Part {
  const sizes = session.connection.rows(SIZES, [above, below, ROWS]) as number[][]
  const {rows, isAll} = within(sizes)
  const from = isAll && sizes.length < ROWS ? above + 1 : rows.at(-1)!
  return {rows: fitting(session, [match], rows)[0]!, from}
}
const SIZES = `
  SELECT row, octet_length(content) FROM messages WHERE row > ? AND row < ? ORDER BY row DESC LIMIT ? + 0`

/**
 * Looks through some rows, the newest first and at least one, or through as many of them as have not too much content.
 * @returns also how many of how many have what is `wanted`, whatever else they have
 */
export function searchRows(
  session: Session,
  {match, wanted}: {match: string; wanted: string},
  candidates: readonly number[],
): Part & {looked: number; having: number} {
  const {rows, isAll} = within(session.connection.rows(SIZES_OF, [JSON.stringify(candidates)]) as number[][])
  const from = isAll ? candidates.at(-1)! : rows.at(-1)!
  const [fit, having] = match === wanted ? fitting(session, [match], rows) : fitting(session, [match, wanted], rows)
  return {rows: fit!, from, looked: rows.length, having: (having ?? fit)!.length}
}
const SIZES_OF = `
  SELECT row, octet_length(content) FROM messages WHERE row IN (SELECT value FROM json_each(?)) ORDER BY row DESC`

/** As many rows as have not too much content, and at least one. */
function within(sizes: readonly number[][]): {rows: number[]; isAll: boolean} {
  const rows: number[] = []
  let size = 0
  for (const [row, bytes] of sizes) {
    size += bytes!
    if (rows.length > 0 && size > CONTENT) return {rows, isAll: false}
    rows.push(row!)
  }
  return {rows, isAll: true}
}

/** Those of some rows that each query finds: they are put into an index in memory, so that words mean the same there. */
function fitting(session: Session, matches: readonly string[], rows: readonly number[]): number[][] {
  const database = newTail()
  try {
    const put = database.prepare(PUT)
    database.transaction(() => {
      for (const row of session.connection.rows(READ, [JSON.stringify(rows)])) put.run(entryOf(session, row))
    })()
    const found = database.prepare(MATCH).pluck()
    return matches.map((match) => found.all(match) as number[])
  } finally {
    database.close()
  }
}
/** An index in memory that has the words of messages as the store's has them. */
export function newTail(): Database.Database {
  const database = new Database(':memory:')
  database.exec(TABLE)
  return database
}
const TABLE = `
  CREATE VIRTUAL TABLE search USING fts5 (
    content, sender, type, channel, content = '', tokenize = 'unicode61 remove_diacritics 2'
  )`
const MATCH = 'SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC'
const READ = `
  SELECT ${INDEXED_COLUMNS} FROM messages
   WHERE row IN (SELECT value FROM json_each(?)) AND redacted_at IS NULL ORDER BY row`

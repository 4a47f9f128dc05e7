import type {Raw} from './connection.js'
import {entryOf, INDEXED_COLUMNS, PUT, searchState} from './search-index.js'
import {newTail} from './search-tail.js'
import type {Session} from './session.js'

/** Rows of the index that don't agree with the messages, up to where it goes. */
export interface SearchIndexFlaws {
  /** Messages up to here were looked at: a row. */
  indexed: number
  /** Messages that aren't in it. */
  missing: number
  /** In it without a message, and not about to be taken out. */
  leftOver: number
  /** In it with other words than the message has; only with `deep`. */
  different: number
  /** SQLite finds the index itself damaged: what it says. */
  damage?: string
}

/** Rows that are compared at once. */
const ROWS = 500

/**
 * Whether the index has exactly the messages that it says. Reads all of it, in one step: for a check, not in passing. An
 * index that has flaws is made again by `rebuildSearchIndex`.
 * @param deep compare the words of each message too
 */
export function checkSearchIndex(session: Session, {deep = false} = {}): SearchIndexFlaws {
  const {connection} = session
  return connection.read(() => {
    const {indexed} = searchState(session)
    const flaws = {indexed, missing: 0, leftOver: 0, different: 0}
    try {
      flaws.missing = connection.row(MISSING, [indexed])?.[0] as number
      flaws.leftOver = connection.row(LEFT_OVER)?.[0] as number
      if (deep) flaws.different = countDifferent(session, indexed)
      return flaws
    } catch (error) {
      if (!/malformed|corrupt/i.test((error as Error).message)) throw error
      return {...flaws, damage: (error as Error).message}
    }
  })
}
const MISSING = `
  SELECT count(*) FROM messages
   WHERE row <= ? AND redacted_at IS NULL AND NOT EXISTS (SELECT 1 FROM search_docsize WHERE id = messages.row)`
const LEFT_OVER = `
  SELECT count(*) FROM search_docsize
   WHERE NOT EXISTS (SELECT 1 FROM messages WHERE row = search_docsize.id AND redacted_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM search_gone WHERE row = search_docsize.id)`

/**
 * Compares the words of both: those of the index, and of one in memory that messages are put into piece by piece. A
 * contentless index can't be read by message, so each message has a sum of its words, and those that share one (in stores of
 * more than 65,536 messages) are counted as one.
 */
function countDifferent(session: Session, indexed: number): number {
  const {connection} = session
  const sums = new Float64Array(SUMS)
  connection.temporarily(WORDS_TABLE, 'DROP TABLE temp.search_words', () =>
    connection.each(WORDS, ([row, term, column, place]) => {
      const at = (row as number) % SUMS
      sums[at] = (sums[at]! + hashOf(row, term, column, place)) % MODULUS
    }),
  )
  for (let after = 0; ; ) {
    const rows = connection.rows(READ, [after, indexed, ROWS])
    if (rows.length === 0) break
    for (const [row, term, column, place] of wordsOf(session, rows)) {
      const at = (row as number) % SUMS
      sums[at] = (sums[at]! - hashOf(row, term, column, place) + MODULUS) % MODULUS
    }
    after = rows.at(-1)![0] as number
  }
  // What has no message any more is no difference: it is left over, or about to go.
  const gone = new Set(connection.rows(GONE).map(([row]) => (row as number) % SUMS))
  return sums.reduce((count, sum, at) => (sum === 0 || gone.has(at) ? count : count + 1), 0)
}
const SUMS = 65_536
const MODULUS = 2 ** 52
const GONE = `
  SELECT id FROM search_docsize
   WHERE NOT EXISTS (SELECT 1 FROM messages WHERE row = search_docsize.id AND redacted_at IS NULL)`

/** The words of some messages as the index would have them. */
function wordsOf(session: Session, rows: readonly Raw[]): Raw[] {
  const tail = newTail()
  try {
    const put = tail.prepare(PUT)
    for (const row of rows) put.run(entryOf(session, row))
    tail.exec(WORDS_TABLE)
    return tail.prepare(WORDS).raw().all() as Raw[]
  } finally {
    tail.close()
  }
}
const READ = `
  SELECT ${INDEXED_COLUMNS} FROM messages
   WHERE row > ? AND row <= ? AND redacted_at IS NULL
     AND EXISTS (SELECT 1 FROM search_docsize WHERE id = messages.row) ORDER BY row LIMIT ? + 0`
const WORDS_TABLE = 'CREATE VIRTUAL TABLE temp.search_words USING fts5vocab (main, search, instance)'
const WORDS = 'SELECT doc, term, col, "offset" FROM temp.search_words'

/** FNV-1a of a word and its place. */
function hashOf(...parts: Raw): number {
  let hash = 0x811c9dc5
  const text = parts.join(' ')
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return hash
}

/** Empties the index, so that it is filled anew, from the first message on, by whoever searches or fills it next. */
export function rebuildSearchIndex({connection}: Session): void {
  connection.write(() => {
    connection.run(`INSERT INTO search (search) VALUES ('delete-all')`)
    connection.run('DELETE FROM search_gone')
    connection.run('UPDATE search_state SET indexed = 0, purging = 0')
  })
}

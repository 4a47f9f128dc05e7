import {searchState} from './search-index.js'
import {matchOf, roughMatchOf, type Wanted, wantedMatchOf} from './search-match.js'
import type {Stretch} from './search-stretch.js'
import {type Part, searchRows, searchTail} from './search-tail.js'
import type {Session} from './session.js'

/** Rows that the index gives at once where it has put a list together for it. */
const ALL_AT_ONCE = 5_000
/** Rows that one call walks along in the index, where words are rare together. */
const WINDOW = 1_000_000
/**
 * Messages that are looked through for the beginning of a word, at first and at most at once; and as long as one of so many
 * has it. With fewer the list that the index puts together is a short one: of 10 million messages in 15 ms or so.
 */
const LOOK = {first: 100, most: 1_000, oneOf: 25}

/** The rows that fit a search by their words, the newest first. */
export class Source {
  /** Below this row one call looks at nothing. */
  readonly floor: number
  readonly #session: Session
  readonly #match: string
  /** What the index is asked for: without beginnings that are unwanted, and without any. */
  readonly #wanted: string
  readonly #rough: string
  readonly #indexed: number
  readonly #low: number
  readonly #hasBeginning: boolean
  /** Looks through messages before it asks the index for all that begin so. */
  #looks: boolean
  #piece = LOOK.first
  #looked = 0
  #having = 0

  constructor(session: Session, wanted: Wanted, {low, below}: Stretch) {
    this.#session = session
    this.#match = matchOf(wanted)
    this.#wanted = wantedMatchOf(wanted)
    this.#rough = roughMatchOf(wanted)
    this.#indexed = searchState(session).indexed
    this.#low = low
    this.#hasBeginning = wanted.terms.wanted.some(({prefix}) => prefix)
    this.#looks = this.#hasBeginning
    this.floor = this.#hasBeginning ? low : this.#windowBelow(below)
  }

  /** What of rows in front of `at` fits: up to `count`, or what a piece has. `isMuch`: it is enough for one call. */
  next(at: number, count: number): Part & {isMuch?: boolean} {
    if (at > this.#indexed + 1) {
      const above = Math.max(this.#indexed, this.#low - 1)
      return {...searchTail(this.#session, this.#match, {above, below: at}), isMuch: true}
    }
    if (this.#looks) return this.#look(at)
    if (this.#wanted !== this.#match) return this.#check(this.#ask(this.#wanted, this.floor, at, this.#piece))
    return this.#ask(this.#match, this.floor, at, this.#hasBeginning ? ALL_AT_ONCE : count)
  }

  /**
   * A beginning is looked for in what all other words find, or in all messages. FTS5 would first put the lists of all words
   * that begin so together, for all messages: 0.4 s where most of 10 million have one. But then these are the first that
   * are looked at.
   */
  #look(at: number): Part {
    const low = this.#windowBelow(at)
    const part = this.#check(
      this.#rough === '' ? this.#messages(low, at, this.#piece) : this.#ask(this.#rough, low, at, this.#piece),
    )
    this.#looks = this.#having * LOOK.oneOf >= this.#looked
    return part
  }

  /** Of candidates those that fit. For a beginning that is unwanted the index is never asked: it may be that of most words. */
  #check({rows: candidates, from}: Part): Part {
    if (candidates.length === 0) return {rows: [], from}
    const queries = {match: this.#match, wanted: this.#wanted}
    const part = searchRows(this.#session, queries, candidates)
    this.#looked += part.looked
    this.#having += part.having
    this.#piece = Math.min(2 * this.#piece, LOOK.most)
    return {rows: part.rows, from: part.from === candidates.at(-1) ? from : part.from}
  }

  #messages(low: number, at: number, count: number): Part {
    const rows = this.#session.connection.rows(MESSAGES, {low, at, count}).map(([row]) => row as number)
    return {rows, from: rows.length < count ? low : rows.at(-1)!}
  }

  #ask(match: string, low: number, at: number, count: number): Part {
    const rows = this.#session.connection.rows(INDEXED, {match, low, at, count}).map(([row]) => row as number)
    return {rows, from: rows.length < count ? low : rows.at(-1)!}
  }

  #windowBelow = (at: number): number => Math.max(this.#low, Math.min(at, this.#indexed + 1) - WINDOW)
}

// Numbers come as REAL, and FTS5 takes no such for a bound: it would walk there from the newest row.
const INDEXED = `
  SELECT rowid FROM search
   WHERE search MATCH :match AND rowid >= CAST(:low AS INTEGER) AND rowid < CAST(:at AS INTEGER)
   ORDER BY rowid DESC LIMIT :count + 0`
const MESSAGES = `
  SELECT row FROM messages WHERE row >= :low AND row < :at ORDER BY row DESC LIMIT :count + 0`

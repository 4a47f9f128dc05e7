/** What people type to search: words, "phrases", beginnings*, and with a minus what must not be there. */
import {LeatError} from './errors.js'

/** Words that stand one behind the other; one, mostly. */
export interface SearchTerm {
  text: string
  /** The last word is the beginning of one. */
  prefix: boolean
}

/** All wanted terms must be there, each in content, sender or type, and none of the unwanted. */
export interface SearchTerms {
  /** At least one. */
  wanted: SearchTerm[]
  unwanted: SearchTerm[]
}

/** Characters of a query. */
const QUERY_LENGTH = 1000
const MOST_TERMS = 64
/** What words are made of. */
/** A last word that is one of ASCII's: elsewhere a letter may be a word. */
const ONE_LETTER = /(?:^|[^\p{L}\p{N}\p{Co}])[a-z0-9][^\p{L}\p{N}\p{Co}]*$/iu
const LETTER = /[\p{L}\p{N}\p{Co}]/u

/**
 * Reads a query. Every text is one, or refused: a quote without an end goes up to the end of the text, and signs between
 * words are passed over as in what is searched.
 * @throws INVALID   nothing is wanted: the text is empty, has no word, or only such that must not be there; or a beginning
 *                   of one letter, which half of everything has
 * @throws TOO_LARGE more than 1,000 characters or 64 terms
 */
export function parseSearch(query: string): SearchTerms {
  if (query.length > QUERY_LENGTH)
    throw new LeatError('TOO_LARGE', `a search of ${query.length} characters, the limit is ${QUERY_LENGTH}`)
  const terms: SearchTerms = {wanted: [], unwanted: []}
  const parts = query
    .toWellFormed()
    .replaceAll('\0', ' ')
    .matchAll(/(-?)(?:"([^"]*)(?:"(\*?)|$)|([^\s"]+))/g)
  for (const [, minus, phrase, star, word] of parts) {
    const text = phrase ?? word?.replace(/\*+$/, '') ?? ''
    if (!LETTER.test(text)) continue
    const prefix = phrase === undefined ? word?.endsWith('*') === true : star === '*'
    if (prefix && ONE_LETTER.test(text))
      throw new LeatError('INVALID', `${JSON.stringify(`${text}*`)}: a beginning needs two letters or more`)
    terms[minus === '-' ? 'unwanted' : 'wanted'].push({text, prefix})
  }
  if (terms.wanted.length + terms.unwanted.length > MOST_TERMS)
    throw new LeatError('TOO_LARGE', `a search for more than ${MOST_TERMS} words`)
  if (terms.wanted.length === 0) throw nothingWanted(query, terms)
  return terms
}

function nothingWanted(query: string, {unwanted}: SearchTerms): LeatError {
  const shown = JSON.stringify(query.length > 60 ? `${query.slice(0, 60)}…` : query)
  return unwanted.length > 0
    ? new LeatError('INVALID', `${shown} only says what must not be there`, {
        hint: 'add a word that must, like error -debug',
      })
    : new LeatError('INVALID', `nothing to search for in ${shown}`, {
        hint: 'words have letters or digits, like timeout',
      })
}

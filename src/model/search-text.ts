/** What of a message can be found by words, and where words stand in a text. Much as SQLite's unicode61 sees them. */
import {type Body, isJsonType} from './content.js'
import {endOfString} from './json.js'
import type {Headers} from './message.js'
import type {SearchTerm, SearchTerms} from './search-query.js'

/** The text of content: JSON's keys and values, a file's name for bytes. */
export function searchText(body: Body, contentType: string, headers: Headers | undefined): string {
  if (typeof body !== 'string') return headers?.['filename'] ?? ''
  return isJsonType(contentType) ? jsonText(body) : body
}

/** Keys and values one behind the other, escapes resolved, numbers with all their digits. */
function jsonText(json: string): string {
  let text = ''
  let kept = 0 // start of the run that stands as it is
  // Not by one expression: a text of millions of characters would be too much for it.
  for (let at = json.indexOf('\\'); at >= 0; at = json.indexOf('\\', kept)) {
    const start = json.lastIndexOf('"', at)
    const end = endOfString(json, start)
    text += `${json.slice(kept, start)} ${String(JSON.parse(json.slice(start, end)))} `
    kept = end
  }
  return text + json.slice(kept)
}

/** A word as it is compared: without case and accents. */
const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()

export interface Word {
  word: string
  /** Where it stands in the text. */
  start: number
  end: number
}

export const wordsOf = (text: string): Word[] =>
  // Made here: at each start it would take half a millisecond.
  Array.from(text.matchAll(/[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{Mn}]*/gu), ({0: word, index}) => ({
    word: folded(word),
    start: index,
    end: index + word.length,
  }))

/** Start and end of a place in a text. */
export type Mark = [start: number, end: number]

/** Where a term stands among words. */
function placesOf(words: readonly Word[], {text, prefix}: SearchTerm): Mark[] {
  const wanted = wordsOf(text).map(({word}) => word)
  if (wanted.length === 0) return []
  const last = wanted.length - 1
  const fits = (word: string | undefined, at: number): boolean =>
    word !== undefined && (at === last && prefix ? word.startsWith(wanted[at]!) : word === wanted[at])
  return words.flatMap(({start}, first): Mark[] =>
    wanted.every((_, at) => fits(words[first + at]?.word, at)) ? [[start, words[first + last]!.end]] : [],
  )
}

/** Characters of a text in which places are looked for, and counted. */
const LOOKED_THROUGH = 64 * 1024

/** Where what is wanted stands in a text (in its first 64 Ki characters), in its order, none in another. */
export function marksOf(text: string, {wanted}: SearchTerms): Mark[] {
  const words = wordsOf(text.slice(0, LOOKED_THROUGH))
  const marks = wanted.flatMap((term) => placesOf(words, term)).sort(([a], [b]) => a - b)
  let end = 0
  return marks.filter((mark) => {
    const isFree = mark[0] >= end
    if (isFree) end = mark[1]
    return isFree
  })
}

/** Whether texts (content, sender, type) have what is wanted and nothing that isn't: the rule that every engine's search is held to. */
export function fitsSearch(texts: readonly string[], {wanted, unwanted}: SearchTerms): boolean {
  const all = texts.map(wordsOf)
  const has = (term: SearchTerm): boolean => all.some((words) => placesOf(words, term).length > 0)
  return wanted.every(has) && !unwanted.some(has)
}

/** How much a text is about what is wanted: more often, and in less text, is more. As BM25 where every term is there. */
export function relevanceOf(texts: readonly string[], {wanted}: SearchTerms): number {
  const all = texts.map((text) => wordsOf(text.slice(0, LOOKED_THROUGH)))
  const length = all.reduce((sum, words) => sum + words.length, 0)
  return wanted.reduce((sum, term) => {
    const count = all.reduce((found, words) => found + placesOf(words, term).length, 0)
    return sum + (count * 2.2) / (count + 0.3 + 0.9 * (length / USUAL_LENGTH))
  }, 0)
}

/** Words of a message in the middle. */
const USUAL_LENGTH = 40

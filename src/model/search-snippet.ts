import {isJsonType} from './content.js'
import {minifyJson} from './json.js'
import type {Message} from './message.js'
import type {SearchTerms} from './search-query.js'
import {type Mark, marksOf} from './search-text.js'

/** The part of a message's content where what was looked for stands first. */
export interface Snippet {
  text: string
  /** Start and end of what was looked for in `text`, in UTF-16 units; none where it stands in sender or type alone. */
  marks: Mark[]
  /** Something is missing in front of it, or behind it. */
  cut: {before: boolean; after: boolean}
}

export interface SnippetOptions {
  /** Characters in all. */
  length: number
  /** The end of what stands in front of the first mark that may be shown. */
  lead?: (text: string) => string
}

/** Characters of content that are looked through. */
const LOOKED_THROUGH = 256 * 1024
const LEAD = 40

export function snippetOf(message: Message, terms: SearchTerms, {length, lead = lastOf}: SnippetOptions): Snippet {
  const whole = shownText(message)
  const marks = marksOf(whole.slice(0, LOOKED_THROUGH), terms)
  const first = marks[0]?.[0] ?? 0
  const start = whole.length <= length ? 0 : first - lead(whole.slice(Math.max(0, first - LEAD), first)).length
  const end = endOf(whole, start + length)
  return {
    text: whole.slice(start, end),
    marks: marks.filter(([from]) => from < end).map(([from, to]): Mark => [from - start, Math.min(to, end) - start]),
    cut: {before: start > 0, after: end < whole.length},
  }
}

/** Begins with a word, where there is one. */
function lastOf(text: string): string {
  const at = text.length < LEAD ? 0 : text.search(/\s/) + 1
  return text.slice(at).replace(/^[\udc00-\udfff]/, '')
}

/** Not between the halves of a character. */
const endOf = (text: string, end: number): number => (/[\ud800-\udbff]/.test(text[end - 1] ?? '') ? end - 1 : end)

function shownText({body, contentType, headers}: Message): string {
  if (typeof body !== 'string') return headers?.['filename'] ?? ''
  return isJsonType(contentType) && body !== '' ? minifyJson(body) : body
}

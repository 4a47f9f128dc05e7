/** How what a search found is printed. */
import type {Message} from '../../model/message.js'
import type {SearchTerms} from '../../model/search-query.js'
import {type Snippet, snippetOf} from '../../model/search-snippet.js'
import {cells, characters, cutTo} from './cells.js'
import {forTerminalLine} from './escape.js'
import {type MessageOutput, messagePrinter} from './messages.js'
import type {Output} from './output.js'
import {linesForPeople} from './people.js'

/** Characters of a snippet in JSON. */
const JSON_LENGTH = 160

export interface HitPrinter {
  (message: Message, terms: SearchTerms): void
  /** Where there are columns: they become as wide as these need, which come next. */
  expect?(messages: readonly Message[]): void
}

/**
 * For people who, where and when, and the place in the content where it stands; for programs the message as `log` prints
 * it, in JSON with a `snippet`.
 * @throws USAGE a bad format
 */
export function hitPrinter(out: Output, options: MessageOutput): HitPrinter {
  const print = messagePrinter(out, options)
  if (options.raw || options.format !== undefined || (!out.terminal && !out.json)) return (message) => print(message)
  if (out.json)
    return (message, terms) => {
      const {text, marks} = snippetOf(message, terms, {length: JSON_LENGTH})
      print(message, {snippet: {text, marks}})
    }
  let wanted: SearchTerms | undefined
  const lineOf = (message: Message, width: number): string =>
    wanted === undefined ? '' : snippetLine(out, message, wanted, width)
  const lines = linesForPeople(out, {
    shown: {beside: lineOf, below: (message, width) => [lineOf(message, width)].filter((line) => line !== '')},
  })
  const printLines = (message: Message, terms: SearchTerms): void => {
    wanted = terms
    out.write(lines(message))
  }
  return Object.assign(printLines, {expect: lines.expect})
}

function snippetLine(out: Output, message: Message, terms: SearchTerms, width: number): string {
  const snippet = snippetOf(message, terms, {length: width, lead: (text) => lastCells(text, Math.floor(width / 3))})
  return marked(out, snippet, width)
}

/** The end of a text that takes so many cells at most. */
function lastCells(text: string, most: number): string {
  const segments = Array.from(characters(text))
  let used = segments.reduce((sum, {width}) => sum + width, 0)
  while (used > most) used -= segments.shift()?.width ?? used
  return segments.map((segment) => segment.text).join('')
}

/** A snippet in one line, what was looked for painted, cut to so many cells. */
function marked({paint}: Output, {text, marks, cut}: Snippet, width: number): string {
  let line = cut.before ? '…' : ''
  let room = width - line.length
  const add = (part: string, isMark: boolean): void => {
    const shown = cutTo(forTerminalLine(part), Math.max(0, room))
    if (room <= 0 || shown === '') return
    room -= cells(shown)
    if (shown.endsWith('…') && !part.endsWith('…')) room = 0
    line += isMark ? paint.warn(shown) : shown
  }
  let at = 0
  for (const [start, end] of marks) {
    add(text.slice(at, start), false)
    add(text.slice(start, end), true)
    at = end
  }
  add(text.slice(at), false)
  return cut.after && room > 0 ? `${line}…` : line
}

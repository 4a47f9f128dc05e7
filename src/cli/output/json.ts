/**
 * JSON laid out for people, from its own text: number tokens, key order and duplicate keys stay as they were written.
 * All functions take JSON without insignificant whitespace (`minifyJson`), as a terminal may get it (`jsonForTerminal`).
 */
import {endOfString} from '../../model/json.js'
import {cells, characters} from './cells.js'
import type {Paint, Role} from './paint.js'

/** A piece of a line in one colour. */
export interface Span {
  text: string
  role?: Role
}

export const painted = (line: readonly Span[], paint: Paint): string =>
  line.map(({text, role}) => (role === undefined ? text : paint[role](text))).join('')

/** The text as it is, on one line. */
export const jsonSpans = (json: string): Span[] => [...tokens(json, 0, json.length)]

const STEP = '  '

/** The text on lines of about `width` cells: an array or object that fits stands on one line, others an item a line. */
export function* jsonLines(json: string, width: number): Generator<Span[]> {
  let line: Span[] = []
  let depth = 0
  for (let at = 0; at < json.length; ) {
    const char = json[at] as string
    // Behind it may come a comma.
    const end = OPENS.has(char) ? flatEnd(json, at, width - cellsOf(line) - 1) : undefined
    if (end !== undefined) {
      line.push(...spaced(tokens(json, at, end)))
      at = end
    } else if (OPENS.has(char)) {
      yield [...line, dim(char)]
      line = [{text: STEP.repeat(++depth)}]
      at++
    } else if (CLOSES.has(char)) {
      yield line
      line = [{text: STEP.repeat(--depth)}, dim(char)]
      at++
    } else if (char === ',') {
      yield [...line, dim(char)]
      line = [{text: STEP.repeat(depth)}]
      at++
    } else {
      const token = tokenAt(json, at)
      line.push(...spaced([token]))
      at += token.text.length
    }
  }
  yield line
}

/** A line broken into lines of so many cells at most, the further ones as far to the right as it begins, and a step more. */
export function* broken(line: readonly Span[], width: number): Generator<Span[]> {
  if (cellsOf(line) <= width) return yield [...line]
  const indent = /^ */.exec(line[0]?.text ?? '')?.[0] ?? ''
  const margin = (indent + STEP).slice(0, Math.floor(width / 2))
  let now: Span[] = []
  let used = 0
  for (const {text, role} of line) {
    let part = ''
    for (const {text: char, width: wide} of characters(text)) {
      if (used + wide > width && used > margin.length) {
        yield [...now, {text: part, role}]
        now = [{text: margin}]
        part = ''
        used = margin.length
      }
      part += char
      used += wide
    }
    now.push({text: part, role})
  }
  yield now
}

const OPENS = new Set(['{', '['])
const CLOSES = new Set(['}', ']'])

const cellsOf = (line: readonly Span[]): number => line.reduce((sum, {text}) => sum + cells(text), 0)

const dim = (text: string): Span => ({text, role: 'dim'})

/** The index behind an array or object, if it takes no more than `room` cells on one line. Looks no further. */
function flatEnd(json: string, start: number, room: number): number | undefined {
  let [depth, used] = [0, 0]
  for (let at = start; at < json.length && used <= room; ) {
    const {text} = tokenAt(json, at)
    at += text.length
    used += text.length > room ? room + 1 : cells(text) + (text === ',' || text === ':' ? 1 : 0)
    if (OPENS.has(text)) depth++
    else if (CLOSES.has(text) && --depth === 0) return used <= room ? at : undefined
  }
  return undefined
}

function* tokens(json: string, start: number, end: number): Generator<Span> {
  for (let at = start; at < end; ) {
    const token = tokenAt(json, at)
    yield token
    at += token.text.length
  }
}

/** With a blank behind commas and colons. */
const spaced = (line: Iterable<Span>): Span[] =>
  [...line].map((span) => (span.text === ',' || span.text === ':' ? {...span, text: `${span.text} `} : span))

const LITERAL = /[^\]{}[,:"]+/y

function tokenAt(json: string, at: number): Span {
  if (json[at] === '"') {
    const end = endOfString(json, at)
    return json[end] === ':' ? {text: json.slice(at, end), role: 'key'} : {text: json.slice(at, end)}
  }
  LITERAL.lastIndex = at
  const [literal] = LITERAL.exec(json) ?? []
  return literal === undefined ? dim(json[at] as string) : {text: literal, role: 'literal'}
}

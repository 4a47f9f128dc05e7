/** Lines of a screen: what stands in them, as wide as it may be, and how it is painted. All text in them is safe for a terminal. */
import stringWidth from 'string-width'
import {forTerminalLine} from '../../cli/output/escape.js'
import type {Paint} from '../../cli/output/paint.js'

export type Role = 'name' | 'dim' | 'strong' | 'good' | 'warn' | 'bad'

export interface Span {
  text: string
  role?: Role
}

export type Line = readonly Span[]

const ASCII = /^[\x20-\x7e]*$/

/** Letters that stand for themselves, one or two cells wide: of these a text is measured quickly. */
const SIMPLE =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0386-\u0482\u048a-\u052f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*$/
const WIDE = /[\u3041-\ud7a3]/g

/** Terminal cells of a text. */
export const cells = (text: string): number =>
  ASCII.test(text) ? text.length : SIMPLE.test(text) ? text.length + (text.match(WIDE)?.length ?? 0) : stringWidth(text)

/** Whether a text is measured quickly, however long it is. */
export const isSimple = (text: string): boolean => SIMPLE.test(text)

/** Text of others as a part of a line: one line, nothing in it that a terminal obeys. Looks at no more than can be shown. */
export const safe = (text: string, width: number): string => forTerminalLine(text.slice(0, width * 8).toWellFormed())

export const span = (text: string, role?: Role): Span => (role === undefined ? {text} : {text, role})

/** Whole characters as people see them, with their cells. */
export function* characters(text: string): Generator<{text: string; width: number}> {
  if (SIMPLE.test(text)) for (const char of text) yield {text: char, width: char < '\u3041' ? 1 : 2}
  else for (const segment of segments(text)) yield {text: segment, width: cells(segment)}
}

/** UTF-16 units that are looked at together: Intl.Segmenter takes much longer for long texts than for all of their parts. */
const CHUNK = 256

function* segments(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const chunk = text.slice(at, at + CHUNK)
    const isLast = at + CHUNK >= text.length
    const found = [...SEGMENTER.segment(chunk)].map(({segment}) => segment)
    // The last one may go on behind the chunk.
    const whole = isLast || found.length === 1 ? found : found.slice(0, -1)
    yield* whole
    for (const segment of whole) at += segment.length
  }
}

const SEGMENTER = new Intl.Segmenter()

/** A text that fills no more than so many cells, with `…` where something is missing. */
export function cut(text: string, width: number): string {
  if (width <= 0) return ''
  if (cells(text) <= width) return text
  let taken = ''
  let used = 0
  for (const character of characters(text)) {
    if (used + character.width > width - 1) break
    taken += character.text
    used += character.width
  }
  return `${taken}…`
}

/** A text cut or filled up to exactly so many cells. */
export function fitted(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, width)
  const gap = ' '.repeat(Math.max(0, width - cells(shown)))
  return align === 'left' ? shown + gap : gap + shown
}

export const widthOf = (line: Line): number => line.reduce((sum, {text}) => sum + cells(text), 0)

/** A line cut to so many cells. */
export function cutLine(line: Line, width: number): Line {
  let left = width
  const shown: Span[] = []
  for (const one of line) {
    const size = cells(one.text)
    if (size > left) {
      shown.push({...one, text: cut(one.text, left)})
      break
    }
    shown.push(one)
    left -= size
  }
  return shown
}

/** A line with something at its right end, where both find room. */
export function spread(left: Line, right: Line, width: number): Line {
  const room = width - widthOf(right) - 2
  if (room < 8) return cutLine(left, width)
  const begun = cutLine(left, room)
  return [...begun, span(' '.repeat(width - widthOf(begun) - widthOf(right))), ...right]
}

/** Inverse is no colour, so it stays where nothing is coloured. */
const inverse = (text: string): string => `\x1b[7m${text}\x1b[27m`

/** A line as it goes to the terminal; one that is chosen is filled up and inverse. */
export function painted(line: Line, width: number, paint: Paint, isChosen = false): string {
  const shown = cutLine(line, width)
  if (isChosen) return inverse(fitted(shown.map(({text}) => text).join(''), width))
  return shown.map(({text, role}) => (role === undefined ? text : paint[role](text))).join('')
}

/** A line filled up to so many cells. */
export function filled(line: Line, width: number): Line {
  const shown = cutLine(line, width)
  return [...shown, span(' '.repeat(Math.max(0, width - widthOf(shown))))]
}

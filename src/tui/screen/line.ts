/** Lines of a screen: what stands in them, as wide as it may be, and how it is painted. All text in them is safe for a terminal. */
import {cells, cutTo, fitTo, roughly} from '../../cli/output/cells.js'
import {forTerminalLine} from '../../cli/output/escape.js'
import type {Span} from '../../cli/output/json.js'
import type {Paint, Role} from '../../cli/output/paint.js'

export type Line = readonly Span[]

/** Text of others as a part of a line: one line, nothing in it that a terminal obeys. Looks at no more than can be shown. */
export const safe = (text: string, width: number): string => forTerminalLine(roughly(text, width))

export const span = (text: string, role?: Role): Span => (role === undefined ? {text} : {text, role})

export const widthOf = (line: Line): number => line.reduce((sum, {text}) => sum + cells(text), 0)

/** A line cut to so many cells. */
function cutLine(line: Line, width: number): Line {
  let left = width
  const shown: Span[] = []
  for (const one of line) {
    const size = cells(one.text)
    if (size > left) {
      shown.push({...one, text: cutTo(one.text, left)})
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
  if (isChosen) return inverse(fitTo(shown.map(({text}) => text).join(''), width))
  return shown.map(({text, role}) => (role === undefined ? text : paint[role](text))).join('')
}

/** A line filled up to so many cells. */
export function filled(line: Line, width: number): Line {
  const shown = cutLine(line, width)
  return [...shown, span(' '.repeat(Math.max(0, width - widthOf(shown))))]
}

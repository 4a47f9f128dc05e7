/** Long text in lines of a screen. */
import {characters, isSimple} from '../../cli/output/cells.js'
import {forTerminal, jsonForTerminal} from '../../cli/output/escape.js'
import {broken, jsonLines} from '../../cli/output/json.js'
import {minifyJson} from '../../model/json.js'
import {type Line, widthOf} from './line.js'

const TAB = 8

/** What of a text is shown at most: more than that nobody reads on a screen. */
export interface Bounds {
  /** Cells of a line. */
  width: number
  /** Lines. */
  lines: number
}

/** Characters at most of lines that take long to measure: emoji, combining marks. */
const SLOW = 20_000

/** A text broken into lines that fit, nothing in them that a terminal obeys. `rest`: there is more than that. */
export function wrapped(text: string, {width, lines}: Bounds): {lines: string[]; rest: boolean} {
  const shown: string[] = []
  // A cell is a character at least: no more of the text is needed than this.
  const most = width * lines * 4
  const begun = text.slice(0, most).toWellFormed()
  let slow = SLOW
  for (const line of begun.split(/\r\n|\n/)) {
    const safe = forTerminal(line)
    const isSlow = !isSimple(safe.replaceAll('\t', ' '))
    for (const piece of pieces(safe, width)) {
      if (isSlow) slow -= piece.length
      if (shown.length === lines || slow < 0) return {lines: shown, rest: true}
      shown.push(piece)
    }
  }
  return {lines: shown, rest: text.length > most}
}

/** JSON, or the beginning of it, laid out in lines that fit, as `show` has it. `rest`: there is more than that. */
export function laidOut(json: string, {width, lines}: Bounds): {lines: Line[]; rest: boolean} {
  const shown: Line[] = []
  let slow = SLOW
  for (const line of jsonLines(jsonForTerminal(minifyJson(json.toWellFormed())), width))
    for (const piece of broken(line, width)) {
      if (!piece.every(({text}) => isSimple(text))) slow -= widthOf(piece)
      if (shown.length === lines || slow < 0) return {lines: shown, rest: true}
      shown.push(piece)
    }
  return {lines: shown, rest: false}
}

/** One line in pieces of so many cells, tabs filled up. An empty line is one piece. */
function* pieces(line: string, width: number): Generator<string> {
  let piece = ''
  let used = 0
  for (const {text, width: size} of characters(line)) {
    const filled = text === '\t' ? TAB - (used % TAB) : size
    if (used + filled > width && used > 0) {
      yield piece
      piece = ''
      used = 0
    }
    piece += text === '\t' ? ' '.repeat(Math.min(filled, width)) : text
    used += filled
  }
  yield piece
}

/** What a wide screen shows beside the list of messages: the beginning of the chosen one. */
import {type Line, span} from '../screen/line.js'
import {beginningLines} from './document-content.js'
import {sideWidth} from './layout.js'
import {heightOf} from './moving.js'
import type {MessageRow, State, View} from './state.js'

/** Between the list and what stands beside it. */
const BORDER = span('│ ', 'dim')

/** Lines of `sideWidth` cells, as many as the list has; none where there is no room. */
export function sideOf(state: State, view: View): Line[] {
  const width = sideWidth(state.size, view.kind)
  if (width === 0 || view.kind !== 'messages') return []
  const row = view.rows[view.at]
  const height = heightOf(state, view)
  const lines = row ? contentOf(row, width - 3, height) : []
  return Array.from({length: height}, (_, at) => [BORDER, ...(lines[at] ?? [])])
}

function contentOf({text, beginning}: MessageRow, width: number, height: number): Line[] {
  if (!beginning) return [[span(text, 'dim')]]
  return beginningLines(beginning.text, beginning.isJson, {width, lines: height})
}

/** The page of all keys. */
import {cells, wrap} from '../../cli/output/cells.js'
import {span} from '../screen/line.js'
import {MARGIN} from './document.js'
import {keysByTopic} from './keymap.js'
import type {DocumentRow} from './state.js'

/** Cells of the keys; on a narrow screen what they do stands below them. */
const KEYS = 14

export function keysDocument(columns: number): DocumentRow[] {
  const width = Math.max(4, columns - MARGIN)
  const indent = width >= 40 ? KEYS : 2
  return keysByTopic().flatMap(({topic, bindings}, index) => [
    ...(index === 0 ? [] : [{line: []}]),
    {line: [span(topic, 'strong' as const)]},
    ...bindings.flatMap(({shown, does}) => {
      const rows = wrap(does, width - indent).map((text) => ({line: [span(' '.repeat(indent)), span(text)]}))
      const [first, ...others] = rows
      if (indent !== KEYS || !first) return [{line: [span(shown, 'name' as const)]}, ...rows]
      const gap = ' '.repeat(Math.max(1, indent - cells(shown)))
      return [{line: [span(shown, 'name' as const), span(gap), ...first.line.slice(1)]}, ...others]
    }),
  ])
}

/** The fields of one thing, one below the other. */
import {cells, padTo, untab, wrap} from './cells.js'
import type {Column} from './column.js'
import {forTerminal} from './escape.js'
import type {Look} from './table.js'

export interface Field {
  head: string
  /** Of several lines perhaps; not yet escaped. */
  text: string
  /** Colours a line of it. */
  paint?(line: string): string
}

/** The fields of a record that have a value. */
export const fieldsOf = <T>(row: T, columns: readonly Column<T>[], {paint, now}: Look): Field[] =>
  columns
    .map((column) => ({
      head: column.head,
      text: (column.shown ?? column.plain)(row, now),
      paint: (line: string) => (column.paint ? column.paint(line, paint, row) : line),
    }))
    .filter(({text}) => text !== '')

/** Where values have less room than this beside their headings, they stand below them. */
const LEAST = 16

/**
 * Headings on the left, values beside them, long ones broken at the terminal's width.
 * @param widest cells of the headings; default: of the widest
 */
export function fieldsText(
  fields: readonly Field[],
  {paint, width}: Look,
  widest = Math.max(0, ...fields.map(({head}) => cells(head))),
): string {
  const isStacked = width - widest - 2 < LEAST
  const margin = ' '.repeat(isStacked ? 2 : widest + 2)
  return fields
    .flatMap(({head, text, paint: colour = (line: string) => line}) => {
      const lines = forTerminal(text)
        .replace(/\n$/, '')
        .split('\n')
        .flatMap((line) => wrap(untab(line), Math.max(1, width - margin.length)))
        .map((line) => (line === '' ? '' : colour(line)))
      if (isStacked) return [paint.dim(head), ...lines.map((line) => margin + line)]
      const [first = '', ...rest] = lines
      return [`${paint.dim(padTo(head, widest))}  ${first}`, ...rest.map((line) => margin + line)]
    })
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

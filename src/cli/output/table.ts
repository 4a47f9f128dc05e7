import stringWidth from 'string-width'
import type {Column} from './column.js'
import {forTerminalLine} from './escape.js'
import type {Paint} from './paint.js'

/** Records as an aligned table with a heading, as wide as the terminal at most. Columns that are empty throughout are left out. */
export function table<T>(
  rows: readonly T[],
  all: readonly Column<T>[],
  look: {paint: Paint; width: number; now: number},
): string {
  const cellsOf = (column: Column<T>): string[] =>
    rows.map((row) => {
      const text = (column.shown ?? column.plain)(row, look.now)
      return forTerminalLine(column.cut ? roughly(text, look.width) : text)
    })
  const columns = all
    .map((column) => ({column, cells: cellsOf(column)}))
    .filter(({cells}) => cells.some((cell) => cell !== ''))
  const widths = columns.map(({column, cells}) =>
    cells.reduce((widest, cell) => Math.max(widest, stringWidth(cell)), column.head.length),
  )
  const cutAt = columns.findIndex(({column}) => column.cut)
  if (cutAt >= 0) {
    const others = widths.reduce((sum, width, at) => sum + (at === cutAt ? 0 : width + 2), 0)
    widths[cutAt] = Math.min(widths[cutAt] as number, Math.max(12, look.width - others))
  }
  const line = (cells: {text: string; plain: string}[]): string =>
    cells
      .map(({text, plain}, at) => {
        const gap = ' '.repeat(Math.max(0, (widths[at] as number) - stringWidth(plain)))
        if (columns[at]?.column.align === 'right') return gap + text
        return at === cells.length - 1 ? text : text + gap
      })
      .join('  ')
      .trimEnd()
  const head = line(columns.map(({column}) => ({text: look.paint.dim(column.head), plain: column.head})))
  const body = rows.map((row, index) =>
    line(
      columns.map(({column, cells}, at) => {
        const plain = cutTo(cells[index] as string, widths[at] as number)
        return {text: column.paint ? column.paint(plain, look.paint, row) : plain, plain}
      }),
    ),
  )
  return `${[head, ...body].join('\n')}\n`
}

/** The beginning of a text that may have millions of characters: enough of it to fill so many cells, and to be cut. */
export const roughly = (text: string, width: number): string => text.slice(0, width * 8)

/** A text cut to so many terminal cells, with `…` where something is missing. */
export function cutTo(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let cut = ''
  for (const {segment} of new Intl.Segmenter().segment(text)) {
    if (stringWidth(cut + segment) > width - 1) break
    cut += segment
  }
  return `${cut}…`
}

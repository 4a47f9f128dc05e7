/** Columns of a list that share the width of the screen. */
import {cells, fitTo} from '../../cli/output/cells.js'
import type {Role} from '../../cli/output/paint.js'
import {type Line, span} from '../screen/line.js'

export interface Cell {
  text: string
  role?: Role
}

export interface Column<T> {
  head: string
  cell(row: T, now: number): Cell
  align?: 'right'
  /** Cells at most; absent: takes what is left. One column has no bound. */
  most?: number
  /** Shown from this width of the screen on. */
  from?: number
}

const GAP = 2

export interface Table {
  head: Line
  rows: Line[]
}

/** Rows that are shown, as lines of `width` cells, and the line above them. */
export function tableOf<T>(
  rows: readonly T[],
  all: readonly Column<T>[],
  {width, now}: {width: number; now: number},
): Table {
  const columns = all.filter(({from = 0}) => width >= from)
  const shown = rows.map((row) => columns.map((column) => column.cell(row, now)))
  const widths = columns.map(({head, most}, at) =>
    most === undefined
      ? 0
      : Math.min(
          most,
          shown.reduce((widest, row) => Math.max(widest, cells(row[at]!.text)), head.length),
        ),
  )
  const used = widths.reduce((sum, size) => sum + size, 0) + GAP * Math.max(0, columns.length - 1)
  const widthAt = (at: number): number => (columns[at]!.most === undefined ? Math.max(0, width - used) : widths[at]!)
  const line = (parts: readonly Cell[]): Line =>
    parts.flatMap(({text, role}, at) => [
      ...(at === 0 ? [] : [span(' '.repeat(GAP))]),
      span(fitTo(text, widthAt(at), columns[at]!.align), role),
    ])
  return {
    head: line(columns.map(({head}) => ({text: head, role: 'dim'}))),
    rows: shown.map(line),
  }
}

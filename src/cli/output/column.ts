import {forField} from './escape.js'
import type {Paint} from './paint.js'

/** One field of a record: how it reads in a pipe, and where that differs, at a terminal. */
export interface Column<T> {
  /** Heading at a terminal. */
  head: string
  /** The whole value: full ids, ISO times, no truncation. */
  plain(row: T): string
  /** The value for people: short ids, relative times. Default: as plain. */
  shown?(row: T, now: number): string
  paint?(text: string, paint: Paint, row: T): string
  align?: 'right'
  /** May be cut to fit the terminal's width before anything else is. */
  cut?: boolean
  /** In a table that is too wide it is left out, the highest number first. Default 0: it stays. */
  spare?: number
}

/** A record as a line of TAB-separated fields. */
export const fieldLine = <T>(row: T, columns: readonly Column<T>[]): string =>
  `${columns.map((column) => forField(column.plain(row))).join('\t')}\n`

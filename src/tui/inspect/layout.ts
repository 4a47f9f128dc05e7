/** How the lines of the screen are shared out. */
import type {Size, ViewKind} from './state.js'

export interface Layout {
  /** A line with the names of columns. */
  heads: boolean
  /** Lines of the list or the page. */
  body: number
  /** Status and footer have a line each; else they share one. */
  twoLines: boolean
}

/** Less than this shows nothing sensible. */
const LEAST: Size = {columns: 12, rows: 3}

export const isTooSmall = ({columns, rows}: Size): boolean => columns < LEAST.columns || rows < LEAST.rows

const HEADED: ReadonlySet<ViewKind> = new Set(['channels', 'messages', 'letters'])

export function layoutOf({rows}: Size, kind: ViewKind): Layout {
  const heads = rows >= 10 && HEADED.has(kind)
  const twoLines = rows >= 6
  // A title on top, and an empty line below it where there are no heads but room.
  const others = 1 + (twoLines ? 2 : 1) + (rows >= 10 ? 1 : 0)
  return {heads, body: Math.max(1, rows - others), twoLines}
}

/** From so many columns on, what is chosen in a list of messages is shown beside it. */
const WIDE = 120

/** Cells beside the list for what is chosen in it; 0: there is no room. */
export const sideWidth = ({columns}: Size, kind: ViewKind): number =>
  kind === 'messages' && columns >= WIDE ? Math.floor(columns * 0.4) : 0

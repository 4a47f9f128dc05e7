/** Text in a line of so many cells. */
import stringWidth from 'string-width'
import {forTerminalLine} from '../output/escape.js'

/** Cells of a column at most, so that a long name leaves room for what is behind it. */
const MOST = 32

/** Texts of others, in columns. The last one is as wide as it is. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((cells) =>
    cells.map((cell, at) => {
      const safe = forTerminalLine(cell.slice(0, 1000))
      return at === cells.length - 1 ? safe : fitting(safe, MOST)
    }),
  )
  const widths: number[] = []
  for (const cells of shown)
    for (const [at, cell] of cells.entries()) widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell))
  return shown.map((cells) =>
    cells
      .map((cell, at) =>
        at === cells.length - 1 ? cell : cell + ' '.repeat((widths[at] as number) - stringWidth(cell)),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** Cut to so many cells, with `…` where something is missing. */
export function fitting(text: string, width: number): string {
  const most = Math.max(10, width)
  if (stringWidth(text) <= most) return text
  let cut = ''
  for (const {segment} of new Intl.Segmenter().segment(text.slice(0, most * 8))) {
    if (stringWidth(cut + segment) > most - 1) break
    cut += segment
  }
  return `${cut}…`
}

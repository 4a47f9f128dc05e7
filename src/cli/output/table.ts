import {cells, cutTo, roughly} from './cells.js'
import type {Column} from './column.js'
import {forTerminalLine} from './escape.js'
import type {Paint} from './paint.js'

/** How a thing is looked at. */
export interface Look {
  paint: Paint
  /** Cells. */
  width: number
  /** Milliseconds since 1970. */
  now: number
}

interface Laid<T> {
  column: Column<T>
  /** A row each. */
  texts: string[]
  width: number
}

/**
 * Records as an aligned table with a heading. No line is wider than the terminal: columns that may be cut give way first,
 * then what can be spared is left out, then the widest columns are cut. Columns that are empty throughout are left out.
 */
export function table<T>(rows: readonly T[], all: readonly Column<T>[], look: Look): string {
  const columns = fitted(
    all.map((column) => laid(column, rows, look)).filter(({texts}) => texts.some((text) => text !== '')),
    look.width,
  )
  const line = (textOf: (one: Laid<T>) => string, paint: (text: string, one: Laid<T>) => string): string =>
    columns
      .map((one) => {
        const text = cutTo(textOf(one), one.width)
        const gap = ' '.repeat(Math.max(0, one.width - cells(text)))
        // A blank is not painted, so that none is left at the end of a line.
        return one.column.align === 'right' ? gap + paint(text, one) : paint(text, one) + gap
      })
      .join(GAP)
      .trimEnd()
  const head = line(
    ({column}) => column.head,
    (text) => look.paint.dim(text),
  )
  const body = rows.map((row, index) =>
    line(
      ({texts}) => texts[index] as string,
      (text, {column}) => (text !== '' && column.paint ? column.paint(text, look.paint, row) : text),
    ),
  )
  return `${[head, ...body].join('\n')}\n`
}

const GAP = '  '

function laid<T>(column: Column<T>, rows: readonly T[], {width, now}: Look): Laid<T> {
  const texts = rows.map((row) => forTerminalLine(roughly((column.shown ?? column.plain)(row, now), width)))
  return {column, texts, width: texts.reduce((widest, text) => Math.max(widest, cells(text)), cells(column.head))}
}

/** What a column that may be cut, and any other, should keep while something can be spared. */
const [CUT_KEEPS, KEEPS] = [24, 32]
/** What a column keeps when there is room for next to nothing. */
const LEAST = 4

/** The columns that there is room for, as wide as they can be. */
function fitted<T>(columns: readonly Laid<T>[], width: number): Laid<T>[] {
  const kept = [...columns]
  const keeps = ({column: {cut}}: Laid<T>): number => (cut ? CUT_KEEPS : KEEPS)
  const isRoomy = (): boolean =>
    kept.reduce((sum, one) => sum + Math.min(one.width, keeps(one)) + GAP.length, 0) <= width + GAP.length
  const spared = (): number =>
    kept.reduce(
      (most, {column: {spare = 0}}, at) => (spare > 0 && spare >= (kept[most]?.column.spare ?? 0) ? at : most),
      -1,
    )
  while (!isRoomy() && spared() >= 0) kept.splice(spared(), 1)
  const room = width - GAP.length * (kept.length - 1)
  shrink(kept, room, (one) => (one.column.cut ? keeps(one) : Infinity))
  shrink(kept, room, keeps)
  shrink(kept, room, ({column}) => (column.cut ? LEAST * 2 : Infinity))
  shrink(kept, room, () => LEAST)
  shrink(kept, room, () => 1)
  return kept.filter(({width}) => width > 0)
}

/** Takes cells from the widest columns until they fit into the room, or all are as narrow as they may be. */
function shrink<T>(columns: readonly Laid<T>[], room: number, least: (one: Laid<T>) => number): void {
  for (let excess = columns.reduce((sum, {width}) => sum + width, 0) - room; excess > 0; excess--) {
    const [widest] = columns.filter((one) => one.width > least(one)).sort((a, b) => b.width - a.width)
    if (!widest) return
    widest.width--
  }
}

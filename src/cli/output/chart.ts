/** Numbers over time as bars. */

const EIGHTHS = ['', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const FULL = 8

/** So many numbers at most: neighbours are added up, each time as many. */
export function merged(counts: readonly number[], most: number): number[] {
  const each = Math.max(1, Math.ceil(counts.length / Math.max(1, most)))
  return Array.from({length: Math.ceil(counts.length / each)}, (_, at) =>
    counts.slice(at * each, (at + 1) * each).reduce((sum, count) => sum + count, 0),
  )
}

/** One character a number, the highest full. Nothing is the lowest bar, something at least the next. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts)
  return counts.map((count) => EIGHTHS[count === 0 ? 1 : 1 + Math.ceil((count / most) * (FULL - 1))]).join('')
}

/** Bars on so many lines, the upper line first. Something is at least the lowest bar. */
export function bars(counts: readonly number[], height: number): string[] {
  const most = Math.max(1, ...counts)
  const sizes = counts.map((count) => Math.ceil((count / most) * height * FULL))
  return Array.from({length: height}, (_, row) =>
    sizes.map((size) => EIGHTHS[Math.min(FULL, Math.max(0, size - (height - 1 - row) * FULL))] || ' ').join(''),
  )
}

/** A share of a whole as a line of at most so many cells. */
export function bar(part: number, whole: number, width: number): string {
  const size = Math.round((part / Math.max(1, whole)) * width * FULL)
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
  return part === 0 ? '' : `${'█'.repeat(Math.floor(size / FULL))}${rest[size % FULL]}` || '▏'
}

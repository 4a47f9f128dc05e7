/** Numbers of repeated measurements. */

/** @param {number} percent 0 to 100 */
export const percentile = (sorted, percent) => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]

/** @param {readonly number[]} samples in any order */
export function figuresOf(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  return {
    median: percentile(sorted, 50),
    least: sorted[0],
    most: sorted.at(-1),
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
  }
}

/** Three digits that count, or whole numbers above a thousand. */
export const rounded = (number) => Number(number >= 1000 ? number.toFixed(0) : number.toPrecision(3))

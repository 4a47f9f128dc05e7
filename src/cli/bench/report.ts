/** How a measurement is printed. */
import type {View} from '../output/output.js'
import type {Measured} from './measure.js'
import type {Bucket} from './samples.js'

/** Three digits behind the point are more than any two measurements agree on. */
const round = (value: number): number => Math.round(value * 1000) / 1000

/** Everything but the histogram, by name: for CSV, and in front of the histogram in JSON. */
const rowOf = ({bench, count, size, concurrency, seconds, throughput, latency}: Measured) => ({
  bench,
  count,
  size,
  concurrency,
  seconds: round(seconds),
  throughput: Math.round(throughput),
  p50: round(latency.p50),
  p90: round(latency.p90),
  p99: round(latency.p99),
  max: round(latency.max),
})

export const MEASURED: View<Measured> = {
  columns: [
    {head: 'BENCH', plain: ({bench}) => bench},
    {head: 'DONE', plain: ({count}) => String(count)},
    {head: 'BYTES', plain: ({size}) => String(size)},
    {head: 'AT ONCE', plain: ({concurrency}) => String(concurrency)},
    {head: 'SECONDS', plain: ({seconds}) => String(round(seconds))},
    {head: 'PER SECOND', plain: ({throughput}) => String(Math.round(throughput))},
    {head: 'SAMPLE', plain: ({of}) => of},
    time('P50', ({latency}) => latency.p50),
    time('P90', ({latency}) => latency.p90),
    time('P99', ({latency}) => latency.p99),
    time('MAX', ({latency}) => latency.max),
    // Bars are for people; programs have the numbers in --json.
    {head: 'HISTOGRAM', plain: () => '', shown: ({histogram}) => bars(histogram)},
  ],
  json: (measured) => JSON.stringify({...rowOf(measured), sample: measured.of, histogram: measured.histogram}),
}

function time(head: string, read: (measured: Measured) => number) {
  const plain = (measured: Measured): string => String(round(read(measured)))
  return {head, plain, shown: (measured: Measured) => `${plain(measured)} ms`}
}

/** A line of headers and one of values. None of them needs quoting. */
export function csvOf(measured: Measured): string {
  const row = rowOf(measured)
  return `${Object.keys(row).join(',')}\n${Object.values(row).join(',')}\n`
}

/** Cells of the longest bar. */
const LONGEST = 40

/** A bar a bucket; whatever is there at all is seen. */
function bars(buckets: readonly Bucket[]): string {
  const most = Math.max(...buckets.map(({count}) => count))
  const bounds = buckets.map(({upTo}) => `≤ ${upTo} ms`)
  const width = Math.max(...bounds.map(({length}) => length))
  const digits = String(most).length
  return buckets
    .map(({count}, at) => {
      const bar = '█'.repeat(count === 0 ? 0 : Math.max(1, Math.round((count / most) * LONGEST)))
      return `${(bounds[at] ?? '').padStart(width)}  ${String(count).padStart(digits)}  ${bar}`.trimEnd()
    })
    .join('\n')
}

/** Numbers out of many measured times. All in milliseconds. */

export interface Latency {
  p50: number
  p90: number
  p99: number
  max: number
}

/** How many samples were longer than the bucket before and not longer than `upTo`. */
export interface Bucket {
  upTo: number
  count: number
}

/** The time of the system's steady clock, which all processes of a machine share. */
export const steadyNow = (): number => Number(process.hrtime.bigint()) / 1e6

/** The sample that so many percent of all are not longer than (nearest rank). @param sorted from the shortest */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0
}

export function latencyOf(sorted: ArrayLike<number>): Latency {
  return {
    p50: percentile(sorted, 50),
    p90: percentile(sorted, 90),
    p99: percentile(sorted, 99),
    max: percentile(sorted, 100),
  }
}

/** Buckets that end at 1, 2 and 5 of each power of ten, from the first to the last that has samples. */
export function histogramOf(sorted: ArrayLike<number>): Bucket[] {
  const buckets: Bucket[] = []
  for (let at = 0, step = 0; at < sorted.length; step++) {
    const upTo = bound(step)
    const before = at
    while (at < sorted.length && sorted[at]! <= upTo) at++
    if (at > before || buckets.length > 0) buckets.push({upTo, count: at - before})
  }
  return buckets
}

/** 0.01, 0.02, 0.05, 0.1, … each as its decimal says it. */
const bound = (step: number): number => Number(`${[1, 2, 5][step % 3]}e${Math.floor(step / 3) - 2}`)

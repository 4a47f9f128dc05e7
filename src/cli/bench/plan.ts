/** What is to be measured: the words of the command line, checked, with everything that they left out. */
import {LeatError} from '../../model/errors.js'
import {LIMITS} from '../../model/limits.js'
import type {Duration} from '../../model/time.js'

export const BENCHES = ['send', 'read', 'follow', 'request', 'work'] as const
export type BenchName = (typeof BENCHES)[number]

export interface Plan {
  bench: BenchName
  /** Messages (requests) in all; for `read`, those that each reader reads. Infinity: until `duration` is over. */
  count: number
  /** Bytes of content. */
  size: number
  /** Senders, readers, followers, workers: each a process of its own. Requests at once. */
  concurrency: number
  /** Milliseconds. Infinity: until `count` is done. */
  duration: Duration
  /** When all messages are read, or done, they are given once more, to another reader or group. */
  again: boolean
}

export interface PlanOptions {
  count?: number
  size?: number
  concurrency?: number
  duration?: Duration
}

const COUNTS: Readonly<Record<BenchName, number>> = {send: 2000, read: 20_000, follow: 500, request: 500, work: 2000}
const SIZE = 256

/** Messages that are there before they are read or worked on. */
export const isFilledBefore = (bench: BenchName): boolean => bench === 'read' || bench === 'work'

/** Each is a process; beyond that only the machine is measured. */
const MOST_PROCESSES = 64

/** Ends at `count` or after `duration`, whichever comes first; without either, at a count that takes a few seconds. */
export function planOf(bench: BenchName, {count, size = SIZE, concurrency = 1, duration}: PlanOptions): Plan {
  if (duration === 0) throw new LeatError('INVALID', '--duration: "0s" is no time to measure in')
  if (size > LIMITS.content)
    throw new LeatError('TOO_LARGE', `--size: ${size} bytes are more than a message may have (${LIMITS.content})`)
  if (bench !== 'request' && concurrency > MOST_PROCESSES)
    throw new LeatError('INVALID', `--concurrency: ${concurrency} processes are more than ${MOST_PROCESSES}`)
  const again = count === undefined && duration !== undefined
  return {
    bench,
    count: count ?? (again && !isFilledBefore(bench) ? Number.POSITIVE_INFINITY : COUNTS[bench]),
    size,
    concurrency,
    duration: duration ?? Number.POSITIVE_INFINITY,
    again: again && isFilledBefore(bench),
  }
}

/** A number divided over `parts`, as evenly as whole numbers allow. */
export const shares = (total: number, parts: number): number[] =>
  Array.from({length: parts}, (_, at) =>
    total === Number.POSITIVE_INFINITY ? total : Math.floor((total + parts - 1 - at) / parts),
  )

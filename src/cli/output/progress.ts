/** How far something long has got, in place on a terminal's stderr; nothing elsewhere. */
import type {BulkResult} from '../../bus/bulk.js'
import type {Output} from './output.js'

/** Milliseconds between two sights. */
const EVERY = 100

export class Progress {
  readonly #out: Output
  readonly #begin: number
  #last: number
  #width = 0

  constructor(out: Output) {
    this.#out = out
    this.#begin = out.now
    this.#last = out.now
  }

  /** @param text what is to be seen, from the milliseconds that it took so far */
  show(text: (took: number) => string): void {
    const {errorTerminal, quiet, now} = this.#out
    if (!errorTerminal || quiet || now - this.#last < EVERY) return
    this.#last = now
    this.#write(text(now - this.#begin))
  }

  /** Takes the line away: before anything else is written. */
  clear(): void {
    if (this.#width > 0) this.#write('')
    this.#width = 0
  }

  #write(text: string): void {
    process.stderr.write(`\r${text.padEnd(this.#width)}\r`)
    this.#width = text.length
  }
}

/** Sends many, and counts them in place on a terminal meanwhile. */
export async function counting(
  out: Output,
  sendAll: (progress: (sofar: {stored: number}) => void) => Promise<BulkResult>,
): Promise<BulkResult> {
  const progress = new Progress(out)
  try {
    return await sendAll(({stored}) => progress.show(() => `${stored} sent…`))
  } finally {
    progress.clear()
  }
}

/**
 * `120000 messages, 60000/s, 3 s left`.
 * @param took milliseconds
 * @param part of the whole, from 0 up to 1, where that is known
 */
export function rateText(messages: number, took: number, part?: number): string {
  const rate = `${messages} messages, ${Math.round(messages / Math.max(took / 1000, 0.001))}/s`
  if (part === undefined || part <= 0) return rate
  return `${rate}, ${timeText((took / part) * (1 - Math.min(part, 1)))} left`
}

function timeText(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}

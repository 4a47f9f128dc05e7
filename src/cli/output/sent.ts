/** How the outcome of a send is told. */
import type {BulkResult} from '../../bus/bulk.js'
import type {DeliverySummary} from '../../bus/delivery-wait.js'
import {LeatError} from '../../model/errors.js'
import type {Receipt} from '../../model/message.js'
import type {GivenBody} from '../input.js'
import {ago} from './age.js'
import type {Output} from './output.js'

/** A sentence for people, the id alone in a pipe, the receipt with `--json`, nothing with `--quiet`. */
export function sentLine(out: Output, receipt: Receipt & {deliveries?: readonly DeliverySummary[]}): void {
  if (out.quiet) return
  if (out.json) out.write(`${JSON.stringify(receipt)}\n`)
  else if (out.terminal) out.write(`${sentence(out, receipt)}\n`)
  else out.write(`${receipt.id}\n`)
  out.flush()
}

function sentence({paint, now}: Output, {id, sent, duplicate}: Receipt): string {
  const places = sent.map((place) =>
    'seq' in place ? `${place.channel}/${place.seq}` : `${place.channel} ${ago(place.deliverAt, now)}`,
  )
  const isDelayed = sent.every((place) => 'deliverAt' in place)
  const what = duplicate ? 'there already' : isDelayed ? 'to be delivered' : 'sent'
  return `${what}: ${paint.strong(places.join(', '))}  ${paint.dim(id)}`
}

/** Notes about bad lines, at most. */
const LINES_NOTED = 10

/** Bulk counts; a bad line is `PARTIAL` when some were stored, else `INVALID`. */
export function reportBulk(out: Output, {stored, failed, errors}: BulkResult, onError: 'stop' | 'skip'): void {
  if (out.json && !out.quiet) out.write(`${JSON.stringify({stored, failed, errors})}\n`)
  else if (!out.quiet) out.write(out.terminal ? `${stored} sent\n` : `${stored}\n`)
  out.flush()
  const [first] = errors
  if (!first) return
  const code = stored > 0 ? 'PARTIAL' : 'INVALID'
  const what = `line ${first.line}: ${first.message}`
  if (onError === 'stop')
    throw new LeatError(code, what, {hint: `${storedText(stored)}; --on-error skip passes over bad lines`})
  if (!out.json) for (const {line, message} of errors.slice(1, LINES_NOTED)) out.note(`line ${line}: ${message}`)
  throw new LeatError(code, failed === 1 ? what : `${failed} lines were not sent; ${what}`, {hint: storedText(stored)})
}

const storedText = (stored: number): string => (stored === 1 ? '1 line was sent' : `${stored} lines were sent`)

/** At a terminal: text that looks like JSON was sent as text, which may not be what was meant. */
export function noteIfJson(out: Output, {body, contentType}: GivenBody): void {
  if (!out.terminal || contentType !== undefined || typeof body !== 'string' || !/^\s*[[{]/.test(body)) return
  try {
    JSON.parse(body)
  } catch {
    return // it only looked like it
  }
  out.note('sent as text, though it looks like JSON; -J sends JSON')
}

/** What an endpoint's answer means for a delivery. */
import type {Dispatcher} from 'undici'
import {oneLine} from './shown.js'
import {delivered, type Failure, notDelivered, type TransportResult} from './transport.js'

/** Bytes of an answer that are looked at, for what it says about an error. */
const MOST_READ = 4 * 1024
/** The longest that an endpoint may put a delivery off, in milliseconds: the longest wait of the schedule. */
const LONGEST_RETRY_AFTER = 24 * 60 * 60 * 1000

/** Client errors that may be over the next time. */
const PASSING = [408, 425, 429]
const GONE = 410

/**
 * 2xx alone is a success. 408, 425, 429 and 5xx are tried again; 410 is gone; everything else, redirects included, is
 * final: no later attempt would end better.
 * @param now milliseconds since 1970, for a `Retry-After` that is a date
 */
export async function answerResult(
  {statusCode: status, headers, body}: Dispatcher.ResponseData,
  host: string,
  now: number,
): Promise<TransportResult> {
  const text = await beginning(body)
  if (status >= 200 && status < 300) return {...delivered(), status}
  const failure = failureOf(status)
  const retryAfter = failure === 'retry' ? retryAfterOf(headers['retry-after'], now) : undefined
  const said = oneLine(text)
  const error = `${host} answered ${status}${redirection(status)}${said === '' ? '' : `: ${said}`}`
  return notDelivered(oneLine(error), {failure, status, ...(retryAfter !== undefined && {retryAfter})})
}

function failureOf(status: number): Failure {
  if (status === GONE) return 'gone'
  return status >= 500 || PASSING.includes(status) ? 'retry' : 'final'
}

const redirection = (status: number): string => (status >= 300 && status < 400 ? ' (redirects are not followed)' : '')

/** Seconds, or an HTTP date; undefined where it is neither or over already. At most a day. */
export function retryAfterOf(header: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim()
  if (text === undefined || text === '') return undefined
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return wait > 0 ? Math.min(wait, LONGEST_RETRY_AFTER) : undefined
}

/** The beginning of an answer as text; what comes behind it is not read. A status counts though its text breaks off. */
async function beginning(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.byteLength
      if (size >= MOST_READ) break
    }
  } catch {
    // It has answered; what it wanted to say besides is lost.
  }
  return Buffer.concat(chunks).subarray(0, MOST_READ).toString('utf8')
}

/** From one recipient to several. */
import type {Failure, Recipient, TransportResult} from './transport.js'

/** What outweighs what where several failed: as long as one may still get it, it is tried again. */
const BY_WEIGHT: readonly Failure[] = ['retry', 'unreached', 'gone', 'final']

/** Delivers to each recipient, to all at once, and sums up. */
export async function toEach(
  recipients: readonly Recipient[],
  deliver: (recipient: Recipient) => Promise<TransportResult>,
): Promise<TransportResult> {
  const [first, ...others] = await Promise.all(recipients.map(deliver))
  return others.reduce(sum, first ?? {success: true, deliveredCount: 0, failedCount: 0, errors: []})
}

function sum(a: TransportResult, b: TransportResult): TransportResult {
  const failure = BY_WEIGHT.find((weight) => [a, b].some((result) => failureOf(result) === weight))
  const retryAfter = Math.max(a.retryAfter ?? 0, b.retryAfter ?? 0)
  const status = b.status ?? a.status
  return {
    success: a.success && b.success,
    deliveredCount: a.deliveredCount + b.deliveredCount,
    failedCount: a.failedCount + b.failedCount,
    errors: [...a.errors, ...b.errors],
    ...(failure && {failure}),
    ...(retryAfter > 0 && {retryAfter}),
    ...(status !== undefined && {status}),
  }
}

const failureOf = ({success, failure = 'retry'}: TransportResult): Failure | undefined =>
  success ? undefined : failure

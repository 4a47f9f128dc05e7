/** Error codes → HTTP status: the one place. And whatever else goes wrong at the door → an error of leat. */
import {type ErrorCode, LeatError} from '../model/errors.js'

export const STATUS: Readonly<Record<ErrorCode, number>> = {
  INTERNAL: 500,
  USAGE: 400,
  INVALID: 400,
  SCHEMA: 422,
  TOO_LARGE: 413,
  NOT_FOUND: 404,
  TIMEOUT: 504,
  EMPTY: 404,
  FORBIDDEN: 403,
  UNAUTHENTICATED: 401,
  EXISTS: 409,
  CHANNEL_CLOSED: 409,
  CONFLICT: 409,
  STALE_CLAIM: 409,
  PARTIAL: 500,
  REMOTE: 502,
  BUSY: 503,
  STORAGE: 503,
  CORRUPT: 503,
  SCHEMA_NEWER: 503,
}

/** Seconds that who meets a busy store is asked to wait. */
const RETRY_AFTER = 1

/** What a client is told. */
export interface Problem {
  status: number
  error: LeatError
  headers: Readonly<Record<string, string>>
  /** What nobody foresaw, or is for who runs it: for the server's own log, never for the client. */
  bug?: unknown
}

/** What is wrong with a disk, and where, is for who runs the server. */
const OF_THE_MACHINE: readonly ErrorCode[] = ['STORAGE', 'CORRUPT', 'SCHEMA_NEWER']

/** An error as it is told to a client. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof LeatError && OF_THE_MACHINE.includes(thrown.code))
    return {...problem(new LeatError(thrown.code, "the store can't be used; its server knows more")), bug: thrown}
  if (thrown instanceof LeatError && thrown.code !== 'INTERNAL') return problem(thrown)
  const known = ofFastify(thrown)
  if (known) return known
  return {...problem(new LeatError('INTERNAL', 'a bug in leat; its server knows more')), bug: thrown}
}

function problem(error: LeatError, status = STATUS[error.code]): Problem {
  return {status, error, headers: headersOf(error.code)}
}

function headersOf(code: ErrorCode): Record<string, string> {
  if (code === 'UNAUTHENTICATED') return {'www-authenticate': 'Bearer realm="leat"'}
  if (code === 'BUSY') return {'retry-after': String(RETRY_AFTER)}
  return {}
}

/** fastify's own refusals, by their code. */
function ofFastify(thrown: unknown): Problem | undefined {
  const {code, statusCode, message} = (thrown ?? {}) as {code?: string; statusCode?: number; message?: string}
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem(new LeatError('TOO_LARGE', 'the body has more than 16 MiB'))
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupported('the content type is none that this operation takes', 'Content-Type: application/json')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problem(new LeatError('INVALID', 'the body is not as long as its Content-Length says'))
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return problem(new LeatError('INVALID', 'the address is not one: a part of it is too long or badly encoded'))
  }
  if (statusCode === undefined || statusCode >= 500 || !code?.startsWith('FST_')) return undefined
  return {...problem(new LeatError('INVALID', message ?? 'the request is not one')), status: statusCode}
}

/** 415. */
export const unsupported = (message: string, hint: string): Problem =>
  problem(new LeatError('INVALID', message, {hint}), 415)

/** 405. */
export function wrongMethod(method: string, path: string, allowed: readonly string[]): Problem {
  const error = new LeatError('USAGE', `${JSON.stringify(path)} knows no ${method}`, {hint: allowed.join(' or ')})
  return {...problem(error, 405), headers: {allow: allowed.join(', ')}}
}

/** An error as JSON, as every door tells it. */
export const problemText = ({error}: Problem): string => JSON.stringify(error)

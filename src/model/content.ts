import {LeatError} from './errors.js'
import {checkJson} from './json.js'
import {LIMITS} from './limits.js'

/** Content exactly as given: a string for text and for JSON (its source text), bytes for all else. */
export type Body = string | Uint8Array

export const TEXT = 'text/plain'
export const JSON_TYPE = 'application/json'
export const BYTES = 'application/octet-stream'

/** Whether a content type means JSON (RFC 6839: `application/json` or `…+json`). */
export function isJsonType(contentType: string): boolean {
  // Nearly all are one of these, and this is asked once a message.
  if (contentType === TEXT) return false
  if (contentType === JSON_TYPE) return true
  const [essence = ''] = contentType.toLowerCase().split(';', 1)
  return essence.trim() === JSON_TYPE || essence.trim().endsWith('+json')
}

/** `type/subtype`, with parameters or without. @throws INVALID */
export function checkContentType(contentType: string): string {
  if (
    /^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w-]+=("[^"\p{Cc}]*"|[^\s;"\p{Cc}]+))*$/u.test(contentType) &&
    contentType.length <= LIMITS.label
  )
    return contentType
  throw new LeatError('INVALID', `${JSON.stringify(contentType)} is not a content type`, {
    hint: 'like text/plain or application/json',
  })
}

export const bodySize = (body: Body): number => (typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength)

/**
 * Checks a body against its content type and the limits; changes nothing.
 *
 * @throws TOO_LARGE over 16 MiB, or JSON deeper than 64
 * @throws INVALID   text with an unpaired surrogate or a NUL, JSON that isn't
 */
export function checkBody(body: Body, contentType: string): void {
  const size = bodySize(body)
  if (size > LIMITS.content)
    throw new LeatError('TOO_LARGE', `the content has ${size} bytes, the limit is ${LIMITS.content} (16 MiB)`, {
      hint: 'send a path or an address instead of the thing itself',
    })
  if (typeof body !== 'string') {
    if (isJsonType(contentType))
      throw new LeatError('INVALID', `the content is not UTF-8, so it can't be ${contentType}`)
    return
  }
  if (!body.isWellFormed())
    throw new LeatError('INVALID', "the text has an unpaired surrogate, which UTF-8 can't hold", {
      hint: 'send it as bytes (contentBase64 with a contentType)',
    })
  if (body.includes('\0'))
    throw new LeatError('INVALID', 'the text has a NUL character', {hint: `send it as bytes: --content-type ${BYTES}`})
  if (isJsonType(contentType)) checkJson(body)
}

/** Keeps a byte-order mark, and refuses what isn't UTF-8 instead of replacing it. */
const UTF8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/**
 * Bytes as they came from a file or a pipe → the body they are: text if they are valid UTF-8 without NUL (a byte-order
 * mark is kept), else the bytes themselves.
 */
export function bodyOfBytes(bytes: Uint8Array): Body {
  if (bytes.includes(0)) return bytes
  try {
    return UTF8.decode(bytes)
  } catch {
    return bytes // not UTF-8: the answer, not a failure
  }
}

/** Rules for the texts that stand beside a message's content. */
import {LeatError} from '../model/errors.js'
import {LIMITS} from '../model/limits.js'
import type {Headers} from '../model/message.js'

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const CONTROL_BUT_TAB = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/
// RFC 9110: what may be the name of a header at any door.
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Any text of 1 to 256 characters without controls. @throws INVALID, TOO_LARGE */
export function checkLabel(what: string, text: string): string {
  if (typeof text !== 'string' || text === '') throw new LeatError('INVALID', `${what} needs a text`)
  // Counting characters, not UTF-16 units, only where the difference could matter.
  if (text.length > LIMITS.label * 2 || (text.length > LIMITS.label && [...text].length > LIMITS.label))
    throw new LeatError('TOO_LARGE', `${what} has more than ${LIMITS.label} characters: ${quote(text)}`)
  if (CONTROL.test(text) || !text.isWellFormed())
    throw new LeatError('INVALID', `${what} has a control character or half of one: ${quote(text)}`)
  return text
}

/** A type is a label of one word. @throws INVALID, TOO_LARGE */
export function checkType(text: string): string {
  checkLabel('a type', text)
  if (!/\s/.test(text)) return text
  throw new LeatError('INVALID', `${quote(text)} is not a type`, {
    hint: `a type is one word, like ${text.trim().replace(/\s+/g, '.')}`,
  })
}

/** A text of several lines. @throws INVALID, TOO_LARGE */
export function checkNote(what: string, text: string): string {
  if (typeof text !== 'string' || text.includes('\0') || !text.isWellFormed())
    throw new LeatError('INVALID', `${what} is not a text`)
  if (Buffer.byteLength(text) > LIMITS.headers)
    throw new LeatError('TOO_LARGE', `${what} has more than ${LIMITS.headers} bytes`)
  return text
}

/** Header names are tokens (RFC 9110), values have no controls but tab. @throws INVALID, TOO_LARGE */
export function checkHeaders(headers: Headers): Headers {
  return checkPairs('header', headers, HEADER_NAME)
}

/** Metadata names are any label. @throws INVALID, TOO_LARGE */
export function checkMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return checkPairs('metadata', metadata, /^[^\u0000-\u0020\u007f-\u009f]{1,256}$/)
}

function checkPairs(
  what: string,
  pairs: Readonly<Record<string, string>>,
  names: RegExp,
): Readonly<Record<string, string>> {
  let size = 0
  for (const [name, value] of Object.entries(pairs)) {
    if (!names.test(name)) throw new LeatError('INVALID', `${quote(name)} is not a ${what} name`)
    if (typeof value !== 'string' || CONTROL_BUT_TAB.test(value) || !value.isWellFormed())
      throw new LeatError('INVALID', `the ${what} ${quote(name)} is not a text without control characters`)
    size += Buffer.byteLength(name) + Buffer.byteLength(value)
  }
  if (size > LIMITS.headers)
    throw new LeatError(
      'TOO_LARGE',
      `${what} names and values have ${size} bytes, the limit is ${LIMITS.headers} (64 KiB)`,
    )
  return pairs
}

/** Quoted for an error, and cut: what is too long is not repeated whole. */
export const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

/**
 * JSON text handled without losing anything: numbers keep their digits, objects their key order and duplicate keys
 * (RFC 8259). `JSON.parse` would turn 12345678901234567890 and 1.0 into something else, so content is only ever
 * checked with it and then cut out of its text.
 *
 * Every function here but `checkJson` and `cutMembers` takes text that `JSON.parse` has accepted.
 */
import {LeatError} from './errors.js'
import {LIMITS} from './limits.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c

const COLON = 0x3a

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

/** The index behind the string that begins at `start` (its opening quote). */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0) {
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++
    if (escapes % 2 === 0) return end + 1
    end = text.indexOf('"', end + 1)
  }
  return text.length
}

/** Refuses text that is not JSON or nests deeper than `levels` (64); returns its value. @throws INVALID, TOO_LARGE */
export function checkJson(text: string, what = 'the content', levels: number = LIMITS.jsonDepth): unknown {
  // Depth first: JSON.parse recurses in some engines, and a value this deep is refused anyway.
  if (jsonDepth(text) > levels) throw new LeatError('TOO_LARGE', `${what} is JSON nested deeper than ${levels} levels`)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LeatError('INVALID', `${what} is not valid JSON: ${firstLine((cause as Error).message)}`, {cause})
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

/** How many arrays and objects the deepest value is inside of. Safe on text that isn't JSON. */
export function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
      continue
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) deepest = Math.max(deepest, ++depth)
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--
    at++
  }
  return deepest
}

/** The same JSON without insignificant whitespace; nothing else changes. */
export function minifyJson(text: string): string {
  let out = ''
  let kept = 0 // start of the run not yet copied
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
    } else if (isSpace(code)) {
      out += text.slice(kept, at)
      while (at < text.length && isSpace(text.charCodeAt(at))) at++
      kept = at
    } else {
      at++
    }
  }
  return kept === 0 ? text : out + text.slice(kept)
}

/**
 * The text of each member's value of a JSON object, exactly as written, by key. Of a key that comes twice the last
 * one counts, as in `JSON.parse`.
 */
export function memberTexts(object: string): Map<string, string> {
  const members = new Map<string, string>()
  let at = object.indexOf('{') + 1
  for (;;) {
    while (isSpace(object.charCodeAt(at)) || object.charCodeAt(at) === COMMA) at++
    if (object.charCodeAt(at) !== QUOTE) return members
    const keyEnd = endOfString(object, at)
    const written = object.slice(at + 1, keyEnd - 1)
    const key = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written
    const start = object.indexOf(':', keyEnd) + 1
    const end = endOfValue(object, start)
    members.set(key, object.slice(start, end).trim())
    at = end
  }
}

/**
 * Cuts an object into its members in one pass, without a look at what their values are: `take` gets each key, as it stands
 * between its quotes, and the text of its value. If every value is JSON, and every key is without escapes and controls, so
 * is the whole. False for what isn't of the form of an object, or where `take` has enough.
 */
export function cutMembers(text: string, take: (key: string, value: string) => boolean): boolean {
  let at = behindSpace(text, 0)
  if (text.charCodeAt(at) !== OPEN_BRACE) return false
  for (;;) {
    at = behindSpace(text, at + 1)
    if (text.charCodeAt(at) !== QUOTE) return false
    const keyEnd = endOfString(text, at)
    const key = text.slice(at + 1, keyEnd - 1)
    at = behindSpace(text, keyEnd)
    if (text.charCodeAt(at) !== COLON) return false
    const start = behindSpace(text, at + 1)
    at = endOfValue(text, start)
    let end = at
    while (end > start && isSpace(text.charCodeAt(end - 1))) end--
    if (!take(key, text.slice(start, end))) return false
    const code = text.charCodeAt(at)
    if (code === CLOSE_BRACE) return behindSpace(text, at + 1) === text.length
    if (code !== COMMA) return false
  }
}

function behindSpace(text: string, start: number): number {
  let at = start
  while (isSpace(text.charCodeAt(at))) at++
  return at
}

/** The text of each item of a JSON array, exactly as written. */
export function itemTexts(array: string): string[] {
  const items: string[] = []
  let at = array.indexOf('[') + 1
  for (;;) {
    while (isSpace(array.charCodeAt(at)) || array.charCodeAt(at) === COMMA) at++
    if (at >= array.length || array.charCodeAt(at) === CLOSE_BRACKET) return items
    const end = endOfValue(array, at)
    items.push(array.slice(at, end).trim())
    at = end
  }
}

/** The index of the comma or closing bracket behind the value that begins at or after `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
      continue
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++
    else if (depth === 0 && (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET)) return at
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--
    at++
  }
  return text.length
}

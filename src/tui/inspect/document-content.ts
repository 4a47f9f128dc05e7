/** The content of a message on its page: JSON laid out, text as it is, bytes described. */
import {shownContent} from '../../cli/output/content.js'
import {isJsonType} from '../../model/content.js'
import type {Message} from '../../model/message.js'
import {placeName} from '../../model/reference.js'
import {type Line, safe, span} from '../screen/line.js'
import {type Bounds, laidOut, wrapped} from '../screen/wrap.js'
import type {DocumentRow} from './state.js'

/** Lines, and characters, of content at most: more is for a pager. */
const LINES = 2000
const CHARACTERS = 128 * 1024

export function contentLines(message: Message, width: number): DocumentRow[] {
  const {body, contentType, redactedAt} = message
  if (redactedAt !== undefined || typeof body !== 'string')
    return [
      dim(shownContent(message), width),
      ...(redactedAt === undefined ? [raw(message, '--output FILE', width)] : []),
    ]
  if (body === '') return [dim('(empty)', width)]
  const begun = body.slice(0, CHARACTERS)
  const {lines, rest} = isJsonType(contentType)
    ? laidOut(begun, {width, lines: LINES})
    : textLines(begun.replace(/\r?\n$/, ''), {width, lines: LINES})
  const shown = lines.map((line) => ({line}))
  if (!rest && body.length <= CHARACTERS) return shown
  return [...shown, dim('… the rest is too long for a screen', width), raw(message, '| less', width)]
}

/** What stands on a screen of a content: of what is cut off, as much as there is. */
export const beginningLines = (text: string, isJson: boolean, bounds: Bounds): Line[] =>
  (isJson ? laidOut(text, bounds) : textLines(text, bounds)).lines

function textLines(text: string, bounds: Bounds): {lines: Line[]; rest: boolean} {
  const {lines, rest} = wrapped(text, bounds)
  return {lines: lines.map((line) => [span(line)]), rest}
}

const dim = (text: string, width: number): DocumentRow => ({line: [span(safe(text, width), 'dim')]})

/** How one gets all of it. */
const raw = (message: Message, more: string, width: number): DocumentRow =>
  dim(`leat show ${message.seq > 0 ? placeName(message) : message.id} --raw ${more}`, width)

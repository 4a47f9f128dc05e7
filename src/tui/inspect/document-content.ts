/** The content of a message on its page: JSON laid out, text as it is, bytes described. */
import {shownContent} from '../../cli/output/content.js'
import {isJsonType} from '../../model/content.js'
import {prettyJson} from '../../model/json-pretty.js'
import type {Message} from '../../model/message.js'
import {placeName} from '../../model/reference.js'
import {type Line, safe, span} from '../screen/line.js'
import {wrapped} from '../screen/wrap.js'
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
  const isJson = isJsonType(contentType)
  const pretty = isJson
    ? prettyJson(body, CHARACTERS)
    : {text: body.slice(0, CHARACTERS).replace(/\r?\n$/, ''), rest: body.length > CHARACTERS}
  const {lines, rest} = wrapped(pretty.text, {width, lines: LINES})
  const shown = lines.map((text) => ({line: isJson ? jsonLine(text) : [span(text)]}))
  if (!rest && !pretty.rest) return shown
  return [...shown, dim('… the rest is too long for a screen', width), raw(message, '| less', width)]
}

const dim = (text: string, width: number): DocumentRow => ({line: [span(safe(text, width), 'dim')]})

/** How one gets all of it. */
const raw = (message: Message, more: string, width: number): DocumentRow =>
  dim(`leat show ${message.seq > 0 ? placeName(message) : message.id} --raw ${more}`, width)

/** The name of a member stands out. */
export function jsonLine(text: string): Line {
  const [, indent = '', name = ''] = /^(\s*)("(?:[^"\\]|\\.)*"): /.exec(text) ?? []
  if (name === '') return [span(text)]
  return [span(indent), span(name, 'name'), span(text.slice(indent.length + name.length))]
}

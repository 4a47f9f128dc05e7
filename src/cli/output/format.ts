import {isJsonType} from '../../model/content.js'
import {LeatError} from '../../model/errors.js'
import {itemTexts, memberTexts, minifyJson} from '../../model/json.js'
import {AFTER_CONTENT, BEFORE_CONTENT, type Message} from '../../model/message.js'
import {shortId} from '../../model/reference.js'
import {firstLine} from './escape.js'

/** Turns a message, and what one command adds to it, into the text that a template says. */
export type Format = (message: Message, extra?: Extra) => string

/** What one command adds: `{claim: {token: …}}`. */
export type Extra = Readonly<Record<string, unknown>>

/** References and headers have a form of their own. */
const FIELDS = [...BEFORE_CONTENT, ...AFTER_CONTENT].filter((name) => name !== 'references' && name !== 'headers')

/**
 * Reads a template: `{field}`, `{short}` (end of the id), `{content}`, `{content:json}` (as a JSON text),
 * `{content:line}` (its first line), `{content.a.b}` (a member of JSON content), `{header.x}`, `{references}`;
 * `\t \n \0 \\`, and `{{` `}}` for braces. A field that a message doesn't have is empty.
 * @param more fields that one command adds: `claim.token`
 * @throws USAGE an unknown field
 */
export function parseFormat(template: string, more: readonly string[] = []): Format {
  const parts: Format[] = []
  const tokens = /\{\{|\}\}|\{([^{}]*)\}|\\([tn0\\])|[{}]|[^{}\\]+|\\/g
  for (const [text, field, special] of template.matchAll(tokens)) {
    if (field !== undefined) parts.push(readerOf(field, more))
    else if (special !== undefined) parts.push(always(SPECIAL[special] as string))
    else if (text === '{' || text === '}') throw unknown(`a lone ${text}`, more)
    else parts.push(always(text === '{{' ? '{' : text === '}}' ? '}' : text))
  }
  return (message, extra) => parts.map((part) => part(message, extra)).join('')
}

const SPECIAL: Readonly<Record<string, string>> = {t: '\t', n: '\n', '0': '\0', '\\': '\\'}

const always =
  (text: string): Format =>
  () =>
    text

const unknown = (what: string, more: readonly string[]): LeatError =>
  new LeatError('USAGE', `--format has ${what}`, {
    hint: `fields: ${[...FIELDS, ...more].join(' ')} references short content content:json content:line content.MEMBER header.NAME; {{ for a brace`,
  })

function readerOf(field: string, more: readonly string[]): Format {
  const plain = FIELDS.find((name) => name === field)
  if (plain) return (message) => String(message[plain] ?? '')
  if (field === 'short') return ({id}) => shortId(id)
  if (field === 'references') return ({references}) => (references ?? []).join(' ')
  if (field === 'content') return contentText
  if (field === 'content:json') return contentJson
  if (field === 'content:line') return (message) => firstLine(contentText(message))
  if (field.startsWith('content.') && field.length > 8) {
    const path = field.slice(8).split('.')
    return (message) => member(message, path)
  }
  if (field.startsWith('header.') && field.length > 7) {
    const name = field.slice(7)
    return ({headers = {}}) => (Object.hasOwn(headers, name) ? (headers[name] as string) : '')
  }
  if (more.includes(field)) return (_, extra) => extraText(extra, field.split('.'))
  throw unknown(`an unknown field {${field}}`, more)
}

function extraText(extra: unknown, path: readonly string[]): string {
  const value = path.reduce((from, name) => (from as Extra | undefined)?.[name], extra)
  return value === undefined ? '' : String(value)
}

/** Content as text: bytes in base64. */
export const contentText = (message: Message): string =>
  typeof message.body === 'string' ? message.body : (message.contentBase64 as string)

/** Content as one JSON text, its own where it is JSON. */
export const contentJson = (message: Message): string =>
  typeof message.body === 'string' && isJsonType(message.contentType) && message.redactedAt === undefined
    ? minifyJson(message.body)
    : JSON.stringify(contentText(message))

/** A member of JSON content by path: strings as they are, all else as it was written. Array items go by their index. */
function member(message: Message, path: readonly string[]): string {
  if (typeof message.body !== 'string' || !isJsonType(message.contentType) || message.body === '') return ''
  let json = message.body.trim()
  for (const name of path) {
    if (json.startsWith('{')) json = memberTexts(json).get(name) ?? ''
    else if (json.startsWith('[')) json = itemTexts(json)[Number(name)] ?? ''
    else return ''
  }
  return json.startsWith('"') ? (JSON.parse(json) as string) : minifyJson(json)
}

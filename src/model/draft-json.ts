/** A message as a JSON object → a draft: the same fields that leat prints (docs/json.md). */
import {BYTES, bodyOfBytes, isJsonType, JSON_TYPE, TEXT} from './content.js'
import {LeatError} from './errors.js'
import {checkJson, cutMembers, jsonDepth, memberTexts} from './json.js'
import {LIMITS} from './limits.js'
import type {Draft} from './message.js'
import {parseIso} from './time.js'

/** What all messages of bulk input share. */
export type Common = Omit<Draft, 'body'>

/** A JSON object's value. */
export type Fields = Readonly<Record<string, unknown>>

// What the store or the sender gives anew, so that what `log --json` prints can be sent on.
const IGNORED = ['seq', 'time', 'thread', 'channel', 'sender', 'sentAt', 'redactedAt', 'redactedBy']
const KNOWN = new Set<string>([
  ...IGNORED,
  'type',
  'recipient',
  'replyTo',
  'conversation',
  'correlationId',
  'key',
  'replyChannel',
  'id',
  'expiresAt',
  'deliverAt',
  'content',
  'contentBase64',
  'contentType',
  'references',
  'headers',
])

/**
 * A draft of the fields that are there; `common` counts where the object says nothing, or null. The content is cut out
 * of the text, so that no digit of it changes.
 * @throws INVALID, TOO_LARGE
 */
export function parseDraft(bytes: Buffer, common: Common = {}): Draft {
  const text = bodyOfBytes(bytes)
  if (typeof text !== 'string') throw new LeatError('INVALID', 'the line is not UTF-8 text (or has NUL bytes)')
  return quickDraft(text, common) ?? checkedDraft(text, common)
}

/**
 * The draft of most lines: their content is cut out and not looked into, since whoever takes a draft checks its content
 * anyway. Undefined where the line has anything out of the ordinary, or anything wrong with it.
 */
function quickDraft(text: string, common: Common): Draft | undefined {
  const fields: Record<string, unknown> = {}
  let content: string | undefined
  const isOrdinary = cutMembers(text, (key, value) => {
    if (!KNOWN.has(key) || key in fields || key === 'contentBase64' || key === 'redactedAt') return false
    if (key === 'content') {
      if (content !== undefined) return false
      content = value
      return true
    }
    // References and headers are one level deep; whatever is deeper than the line may be is for the other way to refuse.
    if (isNested(value) && jsonDepth(value) > 1) return false
    fields[key] = parsed(value)
    return fields[key] !== undefined
  })
  if (!isOrdinary || content === undefined || content === '') return undefined
  const contentType = textIn('contentType', fields['contentType']) ?? common.contentType
  const json = contentType === undefined ? content[0] !== '"' : isJsonType(contentType)
  const body = json ? content : parsed(content)
  if (typeof body !== 'string') return undefined
  return draftWith({body, contentType: json ? (contentType ?? JSON_TYPE) : contentType}, fields, common)
}

const isNested = (json: string): boolean => json[0] === '{' || json[0] === '['

/** The value of a JSON text, undefined for what isn't one. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // told, with its place, by who checks the whole line
  }
}

function checkedDraft(text: string, common: Common): Draft {
  // The content may be as deep as any; it stands inside one object more.
  const fields = checkJson(text, 'the line', LIMITS.jsonDepth + 1)
  if (!isObject(fields)) throw new LeatError('INVALID', `the line is ${kindOf(fields)}, not a JSON object`)
  const unknown = Object.keys(fields).find((name) => !KNOWN.has(name))
  if (unknown !== undefined)
    throw new LeatError('INVALID', `unknown field ${JSON.stringify(unknown)}`, {
      hint: 'see docs/json.md for the fields of a message',
    })
  return draftOf(text, fields, common)
}

/**
 * The message in an object that may have other fields beside it.
 * @param text   the object's JSON
 * @param fields its value
 * @throws INVALID
 */
export const draftOf = (text: string, fields: Fields, common: Common = {}): Draft =>
  draftWith(contentOf(text, fields, common.contentType), fields, common)

// Each field by its name: a loop over the names takes several times as long, a million times in bulk input.
const draftWith = (content: Pick<Draft, 'body' | 'contentType'>, fields: Fields, common: Common): Draft => ({
  body: content.body,
  contentType: content.contentType,
  type: textIn('type', fields['type']) ?? common.type,
  recipient: textIn('recipient', fields['recipient']) ?? common.recipient,
  replyTo: textIn('replyTo', fields['replyTo']) ?? common.replyTo,
  conversation: textIn('conversation', fields['conversation']) ?? common.conversation,
  correlationId: textIn('correlationId', fields['correlationId']) ?? common.correlationId,
  key: textIn('key', fields['key']) ?? common.key,
  replyChannel: textIn('replyChannel', fields['replyChannel']) ?? common.replyChannel,
  id: textIn('id', fields['id']) ?? common.id,
  expiresAt: timeIn('expiresAt', fields['expiresAt']) ?? common.expiresAt,
  deliverAt: timeIn('deliverAt', fields['deliverAt']) ?? common.deliverAt,
  references: referencesField(fields) ?? common.references,
  headers: headersField(fields) ?? common.headers,
})

/** A string is text unless the content type says JSON; any other value is JSON. */
function contentOf(text: string, fields: Fields, usual: string | undefined): Pick<Draft, 'body' | 'contentType'> {
  const {content} = fields
  const contentType = textIn('contentType', fields['contentType']) ?? usual
  const base64 = textIn('contentBase64', fields['contentBase64'])
  if (base64 !== undefined) return {body: bytesOf(base64, content), contentType: contentType ?? BYTES}
  const json = contentType !== undefined && isJsonType(contentType)
  if (content === undefined) {
    // What was redacted has nothing left that could be of its type.
    if (fields['redactedAt']) return {body: '', contentType: json ? TEXT : contentType}
    throw new LeatError('INVALID', 'no "content"')
  }
  if (typeof content === 'string' && !json) return {body: content, contentType}
  if (contentType !== undefined && !json)
    throw new LeatError('INVALID', `content is ${kindOf(content)}, but contentType is ${JSON.stringify(contentType)}`)
  return {body: memberTexts(text).get('content') as string, contentType: contentType ?? JSON_TYPE}
}

function bytesOf(base64: string, content: unknown): Buffer {
  if (content !== undefined) throw new LeatError('INVALID', 'both "content" and "contentBase64"')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64))
    throw new LeatError('INVALID', '"contentBase64" is not base64')
  return Buffer.from(base64, 'base64')
}

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : `a JSON ${typeof value}`

function textIn(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
  throw new LeatError('INVALID', `"${name}" is ${kindOf(value)}, not a string`)
}

function timeIn(name: string, value: unknown): number | undefined {
  const text = textIn(name, value)
  const ms = text === undefined ? undefined : parseIso(text)
  if (text !== undefined && ms === undefined)
    throw new LeatError('INVALID', `"${name}" ${JSON.stringify(text)} is not an ISO 8601 time`)
  return ms
}

function referencesField({references}: Fields): string[] | undefined {
  if (references === undefined || references === null) return undefined
  if (Array.isArray(references) && references.every((item) => typeof item === 'string')) return references
  throw new LeatError('INVALID', '"references" is not an array of message ids')
}

function headersField({headers}: Fields): Record<string, string> | undefined {
  if (headers === undefined || headers === null) return undefined
  if (isObject(headers) && Object.values(headers).every((item) => typeof item === 'string'))
    return headers as Record<string, string>
  throw new LeatError('INVALID', '"headers" is not an object of strings')
}

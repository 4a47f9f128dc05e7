/** A line of an export that is a message → the message, with every rule checked that a send checks. */
import {checkBody, checkContentType, isJsonType, TEXT} from '../../model/content.js'
import {draftOf, type Fields, kindOf} from '../../model/draft-json.js'
import {LeatError} from '../../model/errors.js'
import {memberTexts, minifyJson} from '../../model/json.js'
import {LIMITS} from '../../model/limits.js'
import {AFTER_CONTENT, BEFORE_CONTENT, DEFAULT_TYPE, type MessageFields} from '../../model/message.js'
import {checkName} from '../../model/names.js'
import {checkId} from '../../model/reference.js'
import {isoTime, parseIso} from '../../model/time.js'
import {checkHeaders, checkLabel, checkType, quote} from '../labels.js'

const CONTENT = ['content', 'contentBase64', 'contentText', 'contentSpace'] as const
const KNOWN: ReadonlySet<string> = new Set([...BEFORE_CONTENT, ...CONTENT, ...AFTER_CONTENT])

/**
 * @param text    the object's JSON
 * @param fields  its value
 * @param needsSeq a delayed message has none yet
 * @throws INVALID, TOO_LARGE
 */
export function parseMessage(text: string, fields: Fields, {needsSeq = true} = {}): MessageFields {
  const unknown = Object.keys(fields).find((name) => !KNOWN.has(name))
  if (unknown !== undefined)
    throw new LeatError('INVALID', `unknown field ${JSON.stringify(unknown)}`, {
      hint: 'a record of an export, or what leat log --json prints (docs/transfer.md)',
    })
  const draft = draftOf(text, fields)
  const id = checkId(textOf(fields, 'id'))
  const redacted = redactionOf(fields)
  return {
    seq: needsSeq ? seqOf(fields, 'seq') : 0,
    id,
    channel: checkName('channel', textOf(fields, 'channel')),
    sender: checkName('actor', textOf(fields, 'sender')),
    type: draft.type === undefined ? DEFAULT_TYPE : checkType(draft.type),
    ...(redacted
      ? {body: '', contentType: checkContentType(optionalText(fields, 'contentType') ?? TEXT)}
      : contentOf(text, fields, draft)),
    time: timeOf(fields, 'time'),
    sentAt: optionalTime(fields, 'sentAt'),
    recipient: draft.recipient === undefined ? undefined : checkName('actor', draft.recipient),
    replyTo: draft.replyTo === undefined ? undefined : checkId(draft.replyTo),
    thread: checkId(optionalText(fields, 'thread') ?? id),
    references: referencesOf(draft.references),
    conversation: draft.conversation === undefined ? undefined : checkName('conversation', draft.conversation),
    correlationId: draft.correlationId === undefined ? undefined : checkLabel('a correlation id', draft.correlationId),
    key: draft.key === undefined ? undefined : checkLabel('a key', draft.key),
    replyChannel: draft.replyChannel === undefined ? undefined : checkName('channel', draft.replyChannel),
    headers: draft.headers === undefined ? undefined : checkHeaders(draft.headers),
    expiresAt: optionalTime(fields, 'expiresAt'),
    ...redacted,
  }
}

function redactionOf(fields: Fields): {redactedAt: string; redactedBy: string} | undefined {
  const redactedAt = optionalTime(fields, 'redactedAt')
  return redactedAt === undefined
    ? undefined
    : {redactedAt, redactedBy: checkName('actor', textOf(fields, 'redactedBy'))}
}

function contentOf(
  text: string,
  fields: Fields,
  {body, contentType: stated}: Pick<ReturnType<typeof draftOf>, 'body' | 'contentType'>,
): Pick<MessageFields, 'body' | 'contentType'> {
  const contentType = checkContentType(stated ?? TEXT)
  const exact = exactText(text, fields)
  if (exact !== undefined && !isJsonType(contentType))
    throw new LeatError('INVALID', `"contentText" and "contentSpace" are for JSON, not for ${contentType}`)
  const whole = exact ?? body
  checkBody(whole, contentType)
  return {body: whole, contentType}
}

/** JSON content as it was written, where the line says more than its value. @throws INVALID */
function exactText(text: string, fields: Fields): string | undefined {
  const [whole, space] = [optionalText(fields, 'contentText'), fields['contentSpace']]
  if (whole === undefined && space === undefined) return undefined
  const content = memberTexts(text).get('content') ?? ''
  if (whole !== undefined) {
    if (minifyJson(whole) === minifyJson(content)) return whole
    throw new LeatError('INVALID', '"contentText" is not the text of "content"')
  }
  if (Array.isArray(space) && space.length === 2 && space.every((part) => typeof part === 'string' && SPACE.test(part)))
    return `${space[0]}${content}${space[1]}`
  throw new LeatError('INVALID', '"contentSpace" is not what JSON has around it: two texts of white space')
}
const SPACE = /^[ \t\r\n]*$/

function referencesOf(references: readonly string[] | undefined): string[] | undefined {
  if (references === undefined || references.length === 0) return undefined
  if (references.length > LIMITS.references)
    throw new LeatError('TOO_LARGE', `${references.length} references, the limit is ${LIMITS.references}`)
  return [...new Set(references.map(checkId))]
}

/** A text that has to be there. @throws INVALID */
export function textOf(fields: Fields, name: string): string {
  const text = optionalText(fields, name)
  if (text !== undefined) return text
  throw new LeatError('INVALID', `no "${name}"`)
}

/** @throws INVALID */
export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw new LeatError('INVALID', `"${name}" is ${kindOf(value)}, not a string`)
}

/** A time that has to be there, ISO 8601, as leat writes it. @throws INVALID */
export function timeOf(fields: Fields, name: string): string {
  const text = textOf(fields, name)
  const time = parseIso(text)
  if (time === undefined || time < 0) throw new LeatError('INVALID', `"${name}" ${quote(text)} is not an ISO 8601 time`)
  return isoTime(time)
}

/** @throws INVALID */
export const optionalTime = (fields: Fields, name: string): string | undefined =>
  optionalText(fields, name) === undefined ? undefined : timeOf(fields, name)

/** @param least 1, or 0 for a position. @throws INVALID */
export function seqOf(fields: Fields, name: string, least = 1): number {
  const value = fields[name]
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number
  throw new LeatError(
    'INVALID',
    value === undefined ? `no "${name}"` : `"${name}" is not a whole number of ${least} or more`,
  )
}

/** A message as a mail. */
import {isJsonType} from '../model/content.js'
import {minifyJson} from '../model/json.js'
import type {Message} from '../model/message.js'
import {placeName} from '../model/reference.js'
import type {Recipient} from './transport.js'

/** What is given to the mailer. */
export interface Mail {
  from: {name: string; address: string}
  to: {name: string; address: string}
  subject: string
  text: string
  attachments: {filename: string; content: Buffer; contentType: string}[]
  messageId: string
  inReplyTo?: string
  references: string
  headers: Record<string, string>
}

/** A header line of a mail takes 78 characters, `Subject: ` included. */
const LONGEST_SUBJECT = 78 - 'Subject: '.length
const CONTROL = /\p{Cc}/u
const LINE_BREAK = /[\r\n]/

/** An address as it may stand in a mail: one, and nothing else that a mail server could understand. */
export const isMailAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s\p{Cc}<>()[\]\\,;:"@%?]+@[^\s\p{Cc}<>()[\]\\,;:"@%?]+$/u.test(text)

/** The address of `mailto:a@b` or `a@b`; undefined where it is none. */
export function mailAddressOf(endpoint: string): string | undefined {
  const text = endpoint.replace(/^mailto:/i, '')
  return isMailAddress(text) ? text : undefined
}

/** `leat@example.org` or `leat <leat@example.org>`; undefined where it is neither. */
export function senderOf(text: string): Mail['from'] | undefined {
  const [, name = '', inBrackets] = /^([^<>"]*?) *<([^<>]*)>$/.exec(text.trim()) ?? []
  const address = inBrackets ?? text.trim()
  return isMailAddress(address) && !CONTROL.test(name) ? {name, address} : undefined
}

/**
 * One mail. Mails of a thread share a reference that no mail has as its id: mail programs show them together though the
 * first one may have gone to others alone.
 */
export function mailOf(message: Message, {deliveryId}: Recipient, from: Mail['from'], address: string): Mail {
  const host = from.address.slice(from.address.indexOf('@') + 1)
  const thread = `<thread.${message.thread}@${host}>`
  const {body, contentType} = message
  return {
    from,
    to: {name: '', address},
    subject: subjectOf(message),
    text: typeof body === 'string' ? body : '',
    attachments:
      typeof body === 'string' ? [] : [{filename: filenameOf(message), content: Buffer.from(body), contentType}],
    messageId: `<${deliveryId}@${host}>`,
    ...(message.replyTo !== undefined && {inReplyTo: thread}),
    references: thread,
    headers: headersOf(message),
  }
}

/** `[ops] first line`; the header `subject` of the message, where it has one, in place of its first line. */
function subjectOf(message: Message): string {
  const {channel, headers} = message
  const title = headers?.['subject'] ?? titleOf(message)
  const characters = [...`[${channel}] ${title}`.trimEnd()]
  const whole = characters.length <= LONGEST_SUBJECT
  return whole ? characters.join('') : `${characters.slice(0, LONGEST_SUBJECT - 1).join('')}…`
}

function titleOf({body, contentType, type, redactedAt}: Message): string {
  if (redactedAt !== undefined) return '(redacted)'
  if (typeof body !== 'string') return `${type} (${contentType})`
  const line = isJsonType(contentType) ? minifyJson(body) : /\S[^\r\n]*/.exec(body)?.[0]
  return (line ?? type).slice(0, 4 * LONGEST_SUBJECT).replace(/\p{Cc}/gu, ' ')
}

function headersOf(message: Message): Record<string, string> {
  const {channel, seq, id, type, sender, contentType, correlationId} = message
  const headers: Record<string, string | undefined> = {
    'X-Leat-Channel': channel,
    'X-Leat-Seq': String(seq),
    'X-Leat-Place': placeName(message),
    'X-Leat-Id': id,
    'X-Leat-Type': type,
    'X-Leat-Sender': sender,
    'X-Leat-Content-Type': contentType,
    'X-Leat-Correlation-Id': correlationId,
    // Asks out-of-office programs not to answer.
    'Auto-Submitted': 'auto-generated',
  }
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** The header `filename`, its last part, else a name by itself. */
function filenameOf({headers}: Message): string {
  const name = (headers?.['filename'] ?? '').replace(/^.*[/\\]/s, '')
  return name === '' || CONTROL.test(name) ? 'content' : name
}

/** The name of a header or address with a line break in it, where others could begin; undefined when there is none. */
export function brokenHeader({from, to, subject, messageId, references, headers}: Mail): string | undefined {
  const all = {From: `${from.name}${from.address}`, To: to.address, Subject: subject, messageId, references, ...headers}
  return Object.entries(all).find(([, value]) => LINE_BREAK.test(value))?.[0]
}

import {type Body, isJsonType} from './content.js'
import {minifyJson} from './json.js'

/** The position of a message in its channel: an integer that only rises, never reused. */
export type Seq = number

/** The type of a message that gives none. */
export const DEFAULT_TYPE = 'message'
/** Types that begin so are leat's own, and those who manage the channel may send them. */
export const RESERVED_TYPES = 'leat.'
/** Ends a stream: a follower stops at it. */
export const END_TYPE = 'leat.end'
/** An error reply: who asked exits 8. */
export const ERROR_TYPE = 'leat.error'

export type Headers = Readonly<Record<string, string>>

/** A message in one channel: `ops/42`. */
export interface Place {
  channel: string
  seq: Seq
}

/** Everything about a stored message but the form of its content. Times are ISO 8601, milliseconds, UTC. */
export interface MessageFields {
  /** 0: it has none (yet), as a delayed message before its time. */
  seq: Seq
  /** UUID, lower case with dashes. */
  id: string
  channel: string
  sender: string
  type: string
  /** Content exactly as given: a string for text and JSON (its source), bytes for all else. Empty when redacted. */
  body: Body
  contentType: string
  /** When the store took it; for a delayed one, when it fell due. */
  time: string
  /** When a delayed message was sent. */
  sentAt?: string
  recipient?: string
  replyTo?: string
  /** The root's id; the message's own id if it is a root. */
  thread: string
  references?: string[]
  conversation?: string
  correlationId?: string
  key?: string
  replyChannel?: string
  headers?: Headers
  expiresAt?: string
  /** When content and headers were removed, and by whom. */
  redactedAt?: string
  redactedBy?: string
}

/** One immutable message. `body` is exact; `content` is the convenient form of the same. */
export class Message implements MessageFields {
  declare readonly seq: Seq
  declare readonly id: string
  declare readonly channel: string
  declare readonly sender: string
  declare readonly type: string
  declare readonly body: Body
  declare readonly contentType: string
  declare readonly time: string
  declare readonly sentAt?: string
  declare readonly recipient?: string
  declare readonly replyTo?: string
  declare readonly thread: string
  declare readonly references?: string[]
  declare readonly conversation?: string
  declare readonly correlationId?: string
  declare readonly key?: string
  declare readonly replyChannel?: string
  declare readonly headers?: Headers
  declare readonly expiresAt?: string
  declare readonly redactedAt?: string
  declare readonly redactedBy?: string

  /** Fields that are undefined are left out. */
  constructor(fields: MessageFields) {
    // A plain loop: this runs once a message, a million times in a long read.
    const own = this as unknown as Record<string, unknown>
    const given = fields as unknown as Readonly<Record<string, unknown>>
    for (const name in given) if (given[name] !== undefined) own[name] = given[name]
  }

  /**
   * The content as a value: text as a string, JSON parsed (numbers as JavaScript has them; `body` keeps every digit),
   * undefined for bytes and for what was redacted.
   */
  get content(): unknown {
    if (this.redactedAt !== undefined || typeof this.body !== 'string') return undefined
    return isJsonType(this.contentType) ? JSON.parse(this.body) : this.body
  }

  /** Bytes in base64, undefined for text and JSON. */
  get contentBase64(): string | undefined {
    return this.redactedAt !== undefined || typeof this.body === 'string' ? undefined : toBase64(this.body)
  }

  /** The message as `JSON.stringify` shows it. `messageJson` is the same with every digit of its numbers kept. */
  toJSON(): Record<string, unknown> {
    const {body: _, ...fields} = this
    return {
      ...fields,
      ...(typeof this.body === 'string' ? {content: this.content} : {contentBase64: this.contentBase64}),
    }
  }
}

const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** The order of fields in JSON and in tables; content comes between them. */
export const BEFORE_CONTENT = ['seq', 'id', 'channel', 'sender', 'type'] as const
export const AFTER_CONTENT = [
  'contentType',
  'time',
  'sentAt',
  'recipient',
  'replyTo',
  'thread',
  'references',
  'conversation',
  'correlationId',
  'key',
  'replyChannel',
  'headers',
  'expiresAt',
  'redactedAt',
  'redactedBy',
] as const

/**
 * A message as one line of JSON. JSON content is embedded as it was written, only insignificant whitespace dropped, so
 * 12345678901234567890, 1.0 and duplicate keys come out as they went in.
 * @param extra fields that one command adds (`depth`, `places`, …), behind the message's own
 * @param asOneLine JSON content as the line is to have it
 */
export function messageJson(
  message: Message,
  extra: Readonly<Record<string, unknown>> = {},
  asOneLine: (json: string) => string = minifyJson,
): string {
  // Field by field, in the order of `BEFORE_CONTENT` and `AFTER_CONTENT`: a loop over them takes three times as long, and
  // this runs a million times in a long read. An id is hex digits and dashes, a time digits: nothing in them to escape.
  const {seq, channel, sender, type} = message
  const head = `${seq === 0 ? '{' : `{"seq":${seq},`}"id":"${message.id}","channel":${json(channel)}`
  let line = `${head},"sender":${json(sender)},"type":${json(type)}${contentJson(message, asOneLine)}`
  line += member('contentType', message.contentType)
  if (message.time !== undefined) line += `,"time":"${message.time}"`
  line += member('sentAt', message.sentAt) + member('recipient', message.recipient) + member('replyTo', message.replyTo)
  if (message.thread !== undefined) line += `,"thread":"${message.thread}"`
  line += member('references', message.references) + member('conversation', message.conversation)
  line += member('correlationId', message.correlationId) + member('key', message.key)
  line += member('replyChannel', message.replyChannel) + member('headers', message.headers)
  line += member('expiresAt', message.expiresAt)
  line += member('redactedAt', message.redactedAt) + member('redactedBy', message.redactedBy)
  for (const name in extra) line += member(name, extra[name])
  return `${line}}`
}

const json = (value: unknown): string => JSON.stringify(value)

const member = (name: string, value: unknown): string => (value === undefined ? '' : `,"${name}":${json(value)}`)

function contentJson(message: Message, asOneLine: (json: string) => string): string {
  const {body} = message
  if (message.redactedAt !== undefined) return ''
  if (typeof body !== 'string') return `,"contentBase64":"${toBase64(body)}"`
  return `,"content":${isJsonType(message.contentType) ? asOneLine(body) : json(body)}`
}

/** What a sender gives. Everything but the body has a default. */
export interface Draft {
  body: Body
  /** Default: `text/plain` for a string, needed for bytes. */
  contentType?: string
  /** Default `message`. */
  type?: string
  recipient?: string
  /** The message this one answers: an id, `CHANNEL/SEQ` or a unique end of an id. */
  replyTo?: string
  /** Messages this one points at, named in the same ways. */
  references?: string[]
  conversation?: string
  correlationId?: string
  /** Idempotency key: sent again with the same key and content, the first message is returned. */
  key?: string
  replyChannel?: string
  headers?: Headers
  /** Default: a new UUID v7. */
  id?: string
  /** Milliseconds since 1970: not delivered from then on. */
  expiresAt?: number
  /** Milliseconds since 1970: not before then. */
  deliverAt?: number
}

/** Where one message went in one channel: its seq, or for a delayed one when it will get one. */
export type Sent = {channel: string; seq: Seq} | {channel: string; deliverAt: string}

/** The answer to a send. */
export interface Receipt {
  id: string
  thread: string
  time: string
  sent: Sent[]
  /** The same message was there already, in every channel; nothing was stored. */
  duplicate?: boolean
}

/** What an answer inherits from the message it answers. */
export const answerTo = (asked: Message, draft: Draft, {error = false} = {}): Draft => ({
  ...draft,
  type: error ? ERROR_TYPE : draft.type,
  replyTo: asked.id,
  correlationId: draft.correlationId ?? asked.correlationId,
  conversation: draft.conversation ?? asked.conversation,
  recipient: draft.recipient ?? (asked.replyChannel === undefined ? undefined : asked.sender),
})

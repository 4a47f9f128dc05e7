/** How eric_sse's protocol says things: acknowledgements, events as lines of JSON, and errors by the name of their class. */
import {isJsonType} from '../../model/content.js'
import type {ErrorCode, LeatError} from '../../model/errors.js'
import {minifyJson} from '../../model/json.js'
import type {Message} from '../../model/message.js'

export const ACK = 'ack'

/** The type that tells listeners there: this was the last. Here it is `leat.end`. */
export const CLOSED_TYPE = '_eric_channel_closed'

/** Milliseconds after which a listener may come again, as it is told there. */
const RETRY = 5

type Exception =
  | 'InvalidChannelException'
  | 'InvalidListenerException'
  | 'InvalidConnectionException'
  | 'InvalidMessageFormat'
  | 'NoMessagesException'
  | 'RepositoryError'

const EXCEPTIONS: Readonly<Record<ErrorCode, Exception>> = {
  NOT_FOUND: 'InvalidChannelException',
  EXISTS: 'InvalidChannelException',
  CHANNEL_CLOSED: 'InvalidChannelException',
  FORBIDDEN: 'InvalidChannelException',
  CONFLICT: 'InvalidChannelException',
  USAGE: 'InvalidMessageFormat',
  INVALID: 'InvalidMessageFormat',
  SCHEMA: 'InvalidMessageFormat',
  TOO_LARGE: 'InvalidMessageFormat',
  UNAUTHENTICATED: 'InvalidConnectionException',
  TIMEOUT: 'NoMessagesException',
  EMPTY: 'NoMessagesException',
  INTERNAL: 'RepositoryError',
  STALE_CLAIM: 'RepositoryError',
  PARTIAL: 'RepositoryError',
  REMOTE: 'RepositoryError',
  BUSY: 'RepositoryError',
  STORAGE: 'RepositoryError',
  CORRUPT: 'RepositoryError',
  SCHEMA_NEWER: 'RepositoryError',
}

/** `InvalidChannelException('NOT_FOUND: no channel "x" in …')`: the class by its name, leat's own code in its text. */
export const exceptionText = ({code, message, hint}: LeatError, exception: Exception = EXCEPTIONS[code]): string =>
  `${exception}(${quoted(`${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`)})`

/** A text in quotes, as Python shows it. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(/[\\\u0000-\u001f\u007f-\u009f]|['"]/g, (character) =>
    character === '\\' || character === quote
      ? `\\${character}`
      : character === "'" || character === '"'
        ? character
        : (NAMED[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`),
  )
  return `${quote}${escaped}${quote}`
}
const NAMED: Readonly<Record<string, string>> = {'\n': '\\n', '\r': '\\r', '\t': '\\t'}

/** A message as one line: content digit for digit, bytes as `{"contentBase64","contentType"}`, `null` for what was redacted. */
export const eventLine = (message: Message): string => line(message.type, dataOf(message))

/** What a listener is told last, when its channel has come to its end. */
export const closedLine = (): string => line(CLOSED_TYPE, 'null')

/** What a listener is told last, when something went wrong. */
export const errorLine = (text: string): string => line('error', JSON.stringify(text))

const line = (event: string, data: string): string =>
  `{"event":${JSON.stringify(event)},"retry":${RETRY},"data":${data}}\n`

function dataOf({redactedAt, body, contentType, contentBase64}: Message): string {
  if (redactedAt !== undefined) return 'null'
  if (typeof body !== 'string') return JSON.stringify({contentBase64, contentType})
  return isJsonType(contentType) ? minifyJson(body) : JSON.stringify(body)
}

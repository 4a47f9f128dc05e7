import {LeatError} from '../../model/errors.js'
import {type Message, messageJson} from '../../model/message.js'
import {placeName, shortId} from '../../model/reference.js'
import {ago} from './age.js'
import type {Column} from './column.js'
import {fieldLine} from './column.js'
import {forTerminal} from './escape.js'
import {saveFile} from './file.js'
import {contentText, type Format, parseFormat} from './format.js'
import type {Output} from './output.js'
import {linesForPeople} from './people.js'

export interface MessageOutput {
  /** Content alone. */
  raw?: boolean
  /** A template; see `parseFormat`. */
  format?: string
  /** NUL instead of newline behind each message. */
  nul?: boolean
  /** Content of one message goes to this file. */
  output?: string
  /** At a terminal: when a message came by the clock, not how long ago. For what stays on the screen while time goes on. */
  clock?: boolean
}

/** The fields of a message in a pipe. */
export const MESSAGE_COLUMNS: readonly Column<Message>[] = [
  {head: 'ID', plain: ({id}) => id, shown: ({id}) => shortId(id)},
  {head: 'CHANNEL', plain: ({channel}) => channel},
  {head: 'SEQ', plain: ({seq}) => String(seq), align: 'right'},
  {head: 'TIME', plain: ({time}) => time, shown: ({time}, now) => ago(time, now)},
  {head: 'SENDER', plain: ({sender}) => sender},
  {head: 'TYPE', plain: ({type}) => type},
  {head: 'CONTENT', plain: (message) => (message.redactedAt ? '' : contentText(message)), cut: true},
]

export interface MessagePrinter {
  (message: Message, extra?: Record<string, unknown>): void
  /** Where there are columns: they become as wide as these need, which come next. */
  expect?(messages: readonly Message[]): void
}

/**
 * Prints one message after the other in the form that flags and stdout ask for.
 * @param more fields that `--format` may name of what is added to a message
 * @throws USAGE a bad format
 */
export function messagePrinter(out: Output, options: MessageOutput = {}, more?: readonly string[]): MessagePrinter {
  const end = options.nul ? '\0' : '\n'
  const format: Format | undefined = options.format === undefined ? undefined : parseFormat(options.format, more)
  if (format)
    return (message, extra) => {
      const text = format(message, extra)
      out.write(`${out.terminal ? forTerminal(text) : text}${end}`)
    }
  if (options.raw)
    return (message) => {
      out.write(rawContent(out, message))
      out.write(end)
    }
  if (out.json) return (message, extra) => out.write(messageJson(message, extra) + end)
  if (!out.terminal) return (message) => out.write(fieldLine(message, MESSAGE_COLUMNS).replace(/\n$/, end))
  const lines = linesForPeople(out, options)
  return Object.assign((message: Message) => out.write(lines(message)), {expect: lines.expect})
}

/** Exact bytes in a pipe; at a terminal text is escaped and bytes are refused. */
function rawContent(out: Output, message: Message): string | Uint8Array {
  if (!out.terminal) return message.body
  if (typeof message.body === 'string') return forTerminal(message.body)
  throw new LeatError('INVALID', `${placeName(message)} is ${message.contentType}, which a terminal can't show`, {
    hint: `leat show ${placeName(message)} --raw --output FILE`,
  })
}

/** Prints exact content without anything behind it. */
export function printContent(out: Output, message: Message): void {
  out.write(rawContent(out, message))
  if (out.terminal) out.write('\n')
}

/** Writes exact content to stdout without anything behind it, or to a file. @throws STORAGE */
export function writeContent(out: Output, message: Message, file: string | undefined): void {
  if (file !== undefined) {
    saveFile(file, message.body)
    return
  }
  printContent(out, message)
  out.flush()
}

/**
 * A thread, a conversation or channels as a document to read: Markdown (CommonMark) in which nothing that a message says
 * becomes a heading, a link, HTML or the end of its own block.
 */

import type {ThreadNode} from '../../../bus/thread.js'
import {isJsonType} from '../../../model/content.js'
import {counted} from '../../../model/counted.js'
import {DEFAULT_TYPE, type Message} from '../../../model/message.js'
import {placeName, shortId} from '../../../model/reference.js'
import {firstLine, forTerminal, jsonForTerminal} from '../escape.js'
import {sizeText} from '../size.js'

/** Deeper answers are not moved further to the right. */
const DEEPEST = 6
const TITLE = 80

/** What is said about the whole, at its head. */
export interface Summary {
  title: string
  description?: string
  messages: number
  /** Sender → messages. */
  people: ReadonlyMap<string, number>
  /** ISO 8601, of the earliest and the latest. */
  first?: string
  last?: string
}

/** Counts what a document has, message by message. */
export class Survey {
  messages = 0
  readonly people = new Map<string, number>()
  first: string | undefined
  last: string | undefined

  add({sender, time}: Pick<Message, 'sender' | 'time'>): void {
    this.messages++
    this.people.set(sender, (this.people.get(sender) ?? 0) + 1)
    if (this.first === undefined || time < this.first) this.first = time
    if (this.last === undefined || time > this.last) this.last = time
  }
}

export function heading({title, description, messages, people, first, last}: Summary): string {
  const count = counted(messages, 'message')
  const span = first === undefined || last === undefined ? [] : [`${day(first)} to ${day(last)}`]
  const who = [...people].map(([name, sent]) => `${escaped(name)} (${sent})`).join(', ')
  return [
    `# ${escaped(cut(title))}`,
    ...(description === undefined ? [] : [paragraphs(description)]),
    [count, ...span].join(', '),
    ...(who === '' ? [] : [`By ${who}`]),
    '',
  ].join('\n\n')
}

/** What a thread is called: the beginning of what its root says. */
export const threadTitle = ([root]: readonly ThreadNode[]): string => {
  const {message} = root ?? {}
  const said = message && typeof message.body === 'string' ? firstLine(message.body) : ''
  return said === '' ? `Thread ${shortId(root?.id ?? '')}` : said
}

/** A node of a thread: what it answers stands above it, further to the left. */
export const nodeBlock = ({message, id, depth}: ThreadNode): string =>
  quoted(message ? messageLines(message) : `*${shortId(id)}: gone, or not for you*`, depth)

/** A message that stands for itself. */
export const messageBlock = (message: Message): string => quoted(messageLines(message), 0)

function messageLines(message: Message): string {
  const {sender, recipient, time, type, replyTo, references = []} = message
  const about = [
    `**${escaped(sender)}**${recipient === undefined ? '' : ` → ${escaped(recipient)}`}`,
    day(time),
    escaped(placeName(message)),
    ...(type === DEFAULT_TYPE ? [] : [escaped(type)]),
    ...(replyTo === undefined ? [] : [`answers ${shortId(replyTo)}`]),
    ...(references.length === 0 ? [] : [`see ${references.map(shortId).join(' ')}`]),
  ]
  return `${about.join(' · ')} · ${shortId(message.id)}\n\n${content(message)}`
}

function content({body, contentType, redactedAt, redactedBy}: Message): string {
  if (redactedAt !== undefined) return `*redacted by ${escaped(redactedBy ?? '')}, ${day(redactedAt)}*`
  if (typeof body !== 'string') return `*${sizeText(body.byteLength)} of ${escaped(contentType)}*`
  return isJsonType(contentType) ? fenced(jsonForTerminal(body), 'json') : paragraphs(body)
}

/** A fence is longer than any in the text. */
function fenced(text: string, language: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.replaceAll('\r', '').replace(/\n+$/, '')}\n${fence}`
}

/** Lines stay lines, blank ones stay between paragraphs. */
function paragraphs(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n').map(escaped)
  return lines.map((line, index) => (line !== '' && (lines[index + 1] ?? '') !== '' ? `${line}\\` : line)).join('\n')
}

const quoted = (text: string, depth: number): string => {
  const prefix = '> '.repeat(Math.min(depth, DEEPEST))
  const lines = text.split('\n').map((line) => (prefix + line).trimEnd())
  return `${lines.join('\n')}\n\n`
}

/** One line in which nothing means anything to Markdown. White space in front stays visible. */
export function escaped(line: string): string {
  return forTerminal(line.replaceAll('\n', ' '))
    .replace(/[\\`*_{}[\]<>#|~&$^]/g, '\\$&')
    .replace(/^[ \t]+/, (space) => space.replaceAll('\t', '    ').replaceAll(' ', '&nbsp;'))
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^[-+=:]/, '\\$&')
}

const cut = (text: string): string =>
  text.length > TITLE
    ? `${text
        .slice(0, TITLE - 1)
        .toWellFormed()
        .replaceAll('\ufffd', '')}…`
    : text

/** `2026-06-01 12:00:00`, UTC. */
const day = (time: string): string => time.slice(0, 19).replace('T', ' ')

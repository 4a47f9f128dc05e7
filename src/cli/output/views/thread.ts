/** How a thread is printed: a tree for people, a message a line for programs. */
import stringWidth from 'string-width'
import type {ThreadNode} from '../../../bus/thread.js'
import {DEFAULT_TYPE, type Message, messageJson} from '../../../model/message.js'
import {placeName, shortId} from '../../../model/reference.js'
import {ago} from '../age.js'
import {type Column, fieldLine} from '../column.js'
import {firstLine, forTerminalLine} from '../escape.js'
import {MESSAGE_COLUMNS, shownContent} from '../messages.js'
import type {Output} from '../output.js'
import {cutTo, roughly} from '../table.js'

export async function printThread(out: Output, nodes: readonly ThreadNode[]): Promise<void> {
  for (const node of nodes) {
    if (out.json) out.write(`${nodeJson(node)}\n`)
    else out.write(out.terminal ? `${treeLine(out, node)}\n` : fieldLine(node, NODE_COLUMNS))
    await out.ease()
  }
  await out.drain()
}

function nodeJson(node: ThreadNode): string {
  const {id, depth, asked, message, places} = node
  if (!message) return JSON.stringify({id, depth, unreadable: true})
  const correlated = linksOf(node).filter((link) => !message.references?.includes(link))
  return messageJson(message, {
    depth,
    asked,
    ...(places.length > 1 && {places}),
    ...(correlated.length > 0 && {correlated}),
  })
}

const linksOf = ({references = []}: ThreadNode): readonly string[] => references

/** The fields of a node in a pipe: depth, `asked` or `unreadable`, then those of its message. */
const NODE_COLUMNS: readonly Column<ThreadNode>[] = [
  {head: 'DEPTH', plain: ({depth}) => String(depth)},
  {head: 'MARK', plain: ({asked, unreadable}) => (asked ? 'asked' : unreadable ? 'unreadable' : '')},
  ...MESSAGE_COLUMNS.map(({head, plain}) => ({
    head,
    plain: ({id, message}: ThreadNode) => (message ? plain(message) : head === 'ID' ? id : ''),
  })),
]

/** Deeper answers are not moved further to the right: their depth is written instead. */
const DEEPEST_INDENT = 10
/** Cells that content has at least, however far to the right it stands. */
const LEAST_CONTENT = 20

function treeLine(out: Output, node: ThreadNode): string {
  const {depth, asked, id, message} = node
  const {paint} = out
  const indent = '  '.repeat(Math.min(depth, DEEPEST_INDENT)) + (depth > DEEPEST_INDENT ? `${depth}: ` : '')
  const margin = `${asked ? paint.good('>') : ' '} ${paint.dim(indent)}`
  if (!message) return `${margin}${paint.dim(`${shortId(id)} (gone, or not for you)`)}`
  const [place, sender] = [placeName(message), message.sender].map(forTerminalLine) as [string, string]
  const marks = forTerminalLine(marksOf(node, message, out.now))
  const room = out.width - 2 - indent.length - stringWidth(`${place}  ${sender}  ${marks}  `)
  return `${margin}${paint.strong(place)}  ${paint.name(sender)}  ${paint.dim(marks)}  ${contentLine(message, room)}`
}

function marksOf(node: ThreadNode, {type, time, recipient}: Message, now: number): string {
  const links = linksOf(node).map(shortId)
  return [
    ago(time, now),
    ...(type === DEFAULT_TYPE ? [] : [`[${type}]`]),
    ...(recipient === undefined ? [] : [`→ ${recipient}`]),
    ...(links.length === 0 ? [] : [`see ${links.join(' ')}`]),
  ].join('  ')
}

function contentLine(message: Message, room: number): string {
  const width = Math.max(room, LEAST_CONTENT)
  return cutTo(forTerminalLine(roughly(firstLine(shownContent(message)), width)), width)
}

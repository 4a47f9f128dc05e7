/** How a thread is printed: a tree for people, a message a line for programs. */
import type {ThreadNode} from '../../../bus/thread.js'
import {messageJson} from '../../../model/message.js'
import {type Column, fieldLine} from '../column.js'
import {MESSAGE_COLUMNS} from '../messages.js'
import type {Output} from '../output.js'
import {treeLines} from '../tree.js'

export async function printThread(out: Output, nodes: readonly ThreadNode[]): Promise<void> {
  for (const line of linesOf(out, nodes)) {
    out.write(line)
    await out.ease()
  }
  await out.drain()
}

function* linesOf(out: Output, nodes: readonly ThreadNode[]): Generator<string> {
  if (!out.json && out.terminal) for (const line of treeLines(nodes, out.look)) yield `${line}\n`
  else for (const node of nodes) yield out.json ? `${nodeJson(node)}\n` : fieldLine(node, NODE_COLUMNS)
}

function nodeJson(node: ThreadNode): string {
  const {id, depth, asked, message, places} = node
  if (!message) return JSON.stringify({id, depth, unreadable: true})
  const correlated = (node.references ?? []).filter((link) => !message.references?.includes(link))
  return messageJson(message, {
    depth,
    asked,
    ...(places.length > 1 && {places}),
    ...(correlated.length > 0 && {correlated}),
  })
}

/** The fields of a node in a pipe: depth, `asked` or `unreadable`, then those of its message. */
const NODE_COLUMNS: readonly Column<ThreadNode>[] = [
  {head: 'DEPTH', plain: ({depth}) => String(depth)},
  {head: 'MARK', plain: ({asked, unreadable}) => (asked ? 'asked' : unreadable ? 'unreadable' : '')},
  ...MESSAGE_COLUMNS.map(({head, plain}) => ({
    head,
    plain: ({id, message}: ThreadNode) => (message ? plain(message) : head === 'ID' ? id : ''),
  })),
]

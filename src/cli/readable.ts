/** An export as a document to read. */

import type {Bus} from '../bus/bus.js'
import type {ExportOptions, ExportPart} from '../bus/transfer/export.js'
import type {Channel} from '../model/channel.js'
import type {Output} from './output/output.js'

/** What an export is made with. */
export interface Exporting {
  bus: Bus
  out: Output
  channels: readonly string[]
  signal: AbortSignal
}

/** Text, and what it is of. */
interface Text {
  text: string
  part: ExportPart
}

/** A thread as a tree; a conversation, or channels, message by message. What is said at its head takes a walk of its own. */
export async function* readable(exporting: Exporting, options: ExportOptions): AsyncGenerator<Text> {
  return yield* options.thread === undefined ? stream(exporting, options) : tree(exporting, options.thread)
}

async function* tree({bus}: Exporting, message: string): AsyncGenerator<Text> {
  const {heading, nodeBlock, Survey, threadTitle} = await import('./output/transfer/markdown.js')
  const nodes = await bus.thread(message)
  const survey = new Survey()
  for (const node of nodes) if (node.message) survey.add(node.message)
  yield {text: heading({title: threadTitle(nodes), ...survey}), part: {messages: []}}
  for (const node of nodes) yield {text: nodeBlock(node), part: {messages: node.message ? [node.message] : []}}
}

async function* stream({bus, channels}: Exporting, options: ExportOptions): AsyncGenerator<Text> {
  const {heading, messageBlock, Survey} = await import('./output/transfer/markdown.js')
  const survey = new Survey()
  const found: Channel[] = []
  for await (const part of bus.export(channels, options)) {
    if ('messages' in part) for (const one of part.messages) survey.add(one)
    else if (part.record.record === 'channel') found.push(part.record.channel)
  }
  const about = await titleOf({bus, found, conversation: options.filter?.conversation})
  for await (const part of bus.export(channels, options)) {
    const isHead = 'record' in part && part.record.record === 'export'
    const text = isHead
      ? heading({...about, ...survey})
      : 'messages' in part
        ? part.messages.map(messageBlock).join('')
        : ''
    yield {text, part}
  }
}

async function titleOf({
  bus,
  found,
  conversation,
}: {
  bus: Exporting['bus']
  found: readonly Channel[]
  conversation: string | undefined
}): Promise<{title: string; description?: string}> {
  if (conversation !== undefined) {
    const [known] = await bus.conversations(conversation)
    return {
      title: known?.title ?? conversation,
      ...(known?.description !== undefined && {description: known.description}),
    }
  }
  const [first, ...others] = found
  if (first === undefined || others.length > 0) return {title: found.map(({name}) => name).join(', ')}
  const {name, title, description} = first
  return {title: title === undefined ? name : `${title} (${name})`, ...(description !== undefined && {description})}
}

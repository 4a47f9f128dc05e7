/** The thread of a message on its page. */
import type {ThreadNode} from '../../bus/thread.js'
import {age} from '../../cli/output/age.js'
import {shownContent} from '../../cli/output/content.js'
import {firstLine} from '../../cli/output/escape.js'
import {DEFAULT_TYPE} from '../../model/message.js'
import {placeName, shortId} from '../../model/reference.js'
import {safe, span} from '../screen/line.js'
import type {DocumentRow} from './state.js'

/** Messages in front of, and behind, the one that is shown: a thread may have ten thousands. */
const AROUND = 100
/** Deeper ones are not moved further to the right. */
const DEEPEST = 10

export function treeOf(nodes: readonly ThreadNode[], page: {width: number; now: number}): DocumentRow[] {
  // A message that is alone is no thread.
  if (nodes.length < 2) return []
  const at = Math.max(
    0,
    nodes.findIndex(({asked}) => asked),
  )
  const [from, to] = [Math.max(0, at - AROUND), Math.min(nodes.length, at + AROUND + 1)]
  const branches = branchesOf(nodes)
  return [
    ...more(from),
    ...nodes.slice(from, to).map((node, index) => nodeRow(node, branches[from + index] as string, page)),
    ...more(nodes.length - to),
  ]
}

const more = (count: number): DocumentRow[] => (count > 0 ? [{line: [span(`… ${count} more`, 'dim')]}] : [])

function nodeRow({id, message, asked}: ThreadNode, branch: string, page: {width: number; now: number}): DocumentRow {
  const mark = span(asked ? '● ' : '○ ', asked ? 'good' : 'dim')
  const front = [span(branch, 'dim'), mark]
  if (!message) return {line: [...front, span(`${shortId(id)} (gone, or not for you)`, 'dim')]}
  const name = placeName(message)
  const {width} = page
  return {
    line: [
      ...front,
      span(name, 'strong'),
      span(`  ${safe(message.sender, width)}`, 'name'),
      span(`  ${age(message.time, page.now)}`, 'dim'),
      ...(message.type === DEFAULT_TYPE ? [] : [span(`  ${safe(message.type, width)}`, 'dim')]),
      span(`  ${safe(firstLine(shownContent(message).slice(0, width * 8)), width)}`),
    ],
    ...(!asked && {opens: name}),
  }
}

/** What leads to each node: `│ ├ └`. Of what comes behind a node one knows whether its branches go on, so from the end. */
function branchesOf(nodes: readonly ThreadNode[]): string[] {
  const goesOn: boolean[] = []
  const branches: string[] = []
  for (let index = nodes.length - 1; index >= 0; index--) {
    const {depth} = nodes[index] as ThreadNode
    branches[index] = depth > DEEPEST ? `${'  '.repeat(DEEPEST)}${depth}: ` : branchTo(depth, goesOn)
    goesOn.length = Math.min(goesOn.length, depth + 1)
    goesOn[depth] = true
  }
  return branches
}

function branchTo(depth: number, goesOn: readonly boolean[]): string {
  if (depth === 0) return ''
  let branch = ''
  for (let level = 1; level < depth; level++) branch += goesOn[level] ? '│ ' : '  '
  return branch + (goesOn[depth] ? '├ ' : '└ ')
}

/** A thread as a tree for people: what answers what on the left, then how long ago, then what it says. */
import type {ThreadNode} from '../../bus/thread.js'
import {placeName, shortId} from '../../model/reference.js'
import {age} from './age.js'
import {cells, cutTo, padTo} from './cells.js'
import {summaryLine} from './content.js'
import {forTerminalLine} from './escape.js'
import {marksOf} from './people.js'
import type {Look} from './table.js'

/** What stands in front of the message that was asked for. */
const ASKED = '► '
const OTHER = '  '

/** The branch in front of an answer, and what goes on below it. */
const BRANCH = {more: '├─ ', last: '└─ '}
const BELOW = {more: '│  ', last: '   '}

/** Content has a line of its own where there is less room than this for it. */
const LEAST = 16

interface Placed {
  node: ThreadNode
  /** Guides and branch in front of it, and in front of what belongs to it on further lines. */
  before: string
  under: string
}

/** The lines of a tree, no wider than the terminal. Deeper answers than there is room for are not moved further: their depth is said. */
export function* treeLines(nodes: readonly ThreadNode[], look: Look): Generator<string> {
  const {paint, width, now} = look
  // What the names of all take, as far as that leaves the larger half to what they say.
  let column = 0
  for (const {node, before} of placed(nodes, deepest(width)))
    column = Math.max(column, Math.min(cells(before) + cells(nameOf(node)), Math.floor(width / 2) - 2))
  for (const {node, before, under} of placed(nodes, deepest(width))) {
    const {asked, message} = node
    const mark = asked ? paint.good(ASKED) : OTHER
    const name = cutTo(nameOf(node), Math.max(1, width - 2 - cells(before)))
    if (!message) {
      const room = width - 4 - cells(before) - cells(name)
      yield `${mark}${paint.dim(`${before}${name}  ${cutTo('gone, or not for you', room)}`.trimEnd())}`
      continue
    }
    const gap = ' '.repeat(Math.max(0, column - cells(before) - cells(name)))
    const marks = forTerminalLine([...marksOf(message, {reply: false}), ...linksOf(node)].join('  '))
    const time = padTo(age(message.time, now), 3, 'right')
    const about = marks === '' ? time : `${time}  ${marks}`
    const head = `${mark}${paint.dim(before)}${paint.strong(placeIn(name))}${paint.name(name.slice(placeIn(name).length))}`
    const room = width - 2 - cells(before) - cells(name) - gap.length - cells(about) - 4
    if (room >= LEAST) {
      yield `${head}${gap}  ${paint.dim(about)}  ${summaryLine(message, room, paint)}`.trimEnd()
      continue
    }
    yield `${head}  ${paint.dim(cutTo(about.trimStart(), width - 4 - cells(before) - cells(name)))}`.trimEnd()
    yield `${OTHER}${paint.dim(under)}${summaryLine(message, width - 2 - cells(under), paint)}`.trimEnd()
  }
}

/** How many steps to the right there is room for. */
const deepest = (width: number): number => Math.max(1, Math.min(10, Math.floor(width / 8)))

/** Escaped: the place and who sent it. */
const nameOf = ({id, message}: ThreadNode): string =>
  message ? forTerminalLine(`${placeName(message)}  ${message.sender}`) : shortId(id)

const placeIn = (name: string): string => name.split(' ', 1)[0] as string

function linksOf({references = []}: ThreadNode): string[] {
  return references.length === 0 ? [] : [`see ${references.map(shortId).join(' ')}`]
}

/** The nodes with what stands in front of each, in one pass however deep they are. */
function* placed(nodes: readonly ThreadNode[], most: number): Generator<Placed> {
  const last = lastOfTheirs(nodes)
  // Of each step that is shown, whether something goes on there.
  const below: string[] = []
  for (const [index, node] of nodes.entries()) {
    const {depth} = node
    if (depth === 0) {
      const under = hasAnswers(nodes, index) ? BELOW.more : BELOW.last
      yield {node, before: '', under}
      continue
    }
    const kind = last[index] ? 'last' : 'more'
    below.length = Math.min(depth - 1, most)
    const guides = below.join('')
    if (depth <= most) below.push(BELOW[kind])
    const before = depth <= most ? guides + BRANCH[kind] : `${guides}${depth}: `
    const under = below.join('') + (hasAnswers(nodes, index) && depth < most ? BELOW.more : BELOW.last)
    yield {node, before, under}
  }
}

const hasAnswers = (nodes: readonly ThreadNode[], index: number): boolean =>
  (nodes[index + 1]?.depth ?? 0) > (nodes[index]?.depth ?? 0)

/** Whether nothing that answers the same message comes behind a node. */
function lastOfTheirs(nodes: readonly ThreadNode[]): boolean[] {
  const last: boolean[] = []
  // Depths at which something comes behind, before the tree goes back in front of them.
  const comes: boolean[] = []
  for (let index = nodes.length - 1; index >= 0; index--) {
    const {depth} = nodes[index] as ThreadNode
    last[index] = !comes[depth]
    comes.length = depth
    comes[depth] = true
  }
  return last
}

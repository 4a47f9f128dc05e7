import type {Message, Seq} from '../model/message.js'
import {readableViews, visible} from './access.js'
import type {Context} from './context.js'
import {findPlaces} from './find.js'

/** One line of a thread's tree, in the order in which it is printed: a parent before its answers. */
export interface ThreadNode {
  /** 0 for the root. */
  depth: number
  id: string
  /** Absent when the actor may not read it or it is gone. */
  message?: Message
  unreadable?: boolean
  /** This is the message that was asked for. */
  asked?: boolean
  /** All places of the message that the actor may read. */
  places: {channel: string; seq: Seq}[]
  /** References, and the request it answers by correlation, as ids. */
  references?: string[]
}

/**
 * The whole tree that a message belongs to, root first, answers in the order in which they were stored, each message
 * once. A parent that is gone, or not for the actor, stands as unreadable, so that what hangs below it still shows.
 *
 * @throws NOT_FOUND, FORBIDDEN, INVALID, USAGE as every command that names a message
 */
export async function thread(ctx: Context, ref: string): Promise<ThreadNode[]> {
  const asked = (await findPlaces(ctx, ref))[0]!
  const stored = await ctx.store.messages.thread(asked.thread)
  const seen = byId(await visible(ctx, stored))
  // Corrupt or pruned: the message itself shows in any case.
  if (!seen.has(asked.id)) seen.set(asked.id, [asked])
  const parents = parentsOf([...stored, asked], asked.thread)
  const order = inTreeOrder(asked.thread, shown(asked.thread, seen, parents))
  const nodes = order.map(({id, depth}) => nodeOf(id, depth, seen.get(id)))
  return withLinks(ctx, nodes, asked)
}

/**
 * The chain from the root to a message. What is gone or not for the actor stands as unreadable.
 * @throws as `thread`
 */
export async function ancestors(ctx: Context, ref: string): Promise<ThreadNode[]> {
  const asked = (await findPlaces(ctx, ref))[0]!
  const chain = await ctx.store.messages.ancestors(asked.id)
  const seen = byId(await visible(ctx, chain))
  const ids = [...new Set(chain.map(({id}) => id))]
  const missing = chain[0]?.replyTo
  const all = missing === undefined ? ids : [missing, ...ids]
  return withLinks(
    ctx,
    all.map((id, depth) => nodeOf(id, depth, seen.get(id))),
    asked,
  )
}

/** Places by message, both in the order of storage. */
function byId(places: readonly Message[]): Map<string, Message[]> {
  const found = new Map<string, Message[]>()
  for (const place of places) {
    const others = found.get(place.id)
    if (others) others.push(place)
    else found.set(place.id, [place])
  }
  return found
}

/** Whom each message answers, in the order of storage; only the root answers nobody. */
function parentsOf(stored: readonly Message[], root: string): Map<string, string | undefined> {
  const parents = new Map<string, string | undefined>()
  for (const {id, replyTo} of stored) if (!parents.has(id)) parents.set(id, id === root ? undefined : (replyTo ?? root))
  return parents
}

/**
 * The messages to show, by parent: those that are visible and, so that the tree holds together, whatever stands between
 * them and the root. A parent that is not stored any more is taken for an answer to the root.
 */
function shown(
  root: string,
  seen: ReadonlyMap<string, unknown>,
  parents: Map<string, string | undefined>,
): Map<string, string[]> {
  const needed = new Set([root])
  for (const id of seen.keys()) {
    const path = new Set<string>()
    for (let at = id; !needed.has(at); at = parents.get(at) ?? root) {
      needed.add(at)
      path.add(at)
      // Copies under one id can answer each other in a ring; a ring hangs on the root.
      if (path.has(parents.get(at) ?? root)) parents.set(at, root)
    }
  }
  const children = new Map<string, string[]>()
  const placed = new Set([root])
  const place = (id: string): void => {
    if (placed.has(id)) return
    placed.add(id)
    const parent = parents.get(id) ?? root
    // A parent that is gone has no place of its own: it stands in front of its first answer.
    if (!parents.has(parent)) place(parent)
    const siblings = children.get(parent)
    if (siblings) siblings.push(id)
    else children.set(parent, [id])
  }
  for (const id of parents.keys()) if (needed.has(id)) place(id)
  return children
}

/** Parents before their answers, by an explicit stack: a thread may be deeper than JavaScript's own. */
function inTreeOrder(root: string, children: ReadonlyMap<string, readonly string[]>): {id: string; depth: number}[] {
  const order: {id: string; depth: number}[] = []
  const stack = [{id: root, depth: 0}]
  for (let node = stack.pop(); node; node = stack.pop()) {
    order.push(node)
    const answers = children.get(node.id) ?? []
    for (let index = answers.length - 1; index >= 0; index--) stack.push({id: answers[index]!, depth: node.depth + 1})
  }
  return order
}

function nodeOf(id: string, depth: number, places: readonly Message[] | undefined): ThreadNode {
  const message = places?.[0]
  if (!places || !message) return {depth, id, unreadable: true, places: []}
  const {references} = message
  return {
    depth,
    id,
    message,
    places: places.map(({channel, seq}) => ({channel, seq})),
    ...(references && {references: [...references]}),
  }
}

/** Marks the message asked for, and ties it to what it belongs to by its correlation id alone. */
async function withLinks(ctx: Context, nodes: ThreadNode[], asked: Message): Promise<ThreadNode[]> {
  const node = nodes.find(({id}) => id === asked.id)
  if (!node) return nodes
  node.asked = true
  const inTree = new Set(nodes.map(({id}) => id))
  const correlated = (await correlatedWith(ctx, asked)).filter((id) => !inTree.has(id))
  if (correlated.length > 0) node.references = [...new Set([...(node.references ?? []), ...correlated])]
  return nodes
}

/** Links by correlation id that a tree shows at most: a correlation id is for a request and its answers. */
const CORRELATED = 100

async function correlatedWith(ctx: Context, {correlationId}: Message): Promise<string[]> {
  if (correlationId === undefined) return []
  const views = await readableViews(ctx)
  const page = await ctx.store.messages.scan({
    channels: views.map(({name, all}) => ({name, all})),
    actor: ctx.actor,
    order: 'forward',
    limit: CORRELATED,
    filter: {correlationId},
  })
  return [...new Set(page.messages.map(({id}) => id))]
}

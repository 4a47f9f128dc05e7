import {type DeadLetter, isLetterVisible, type Redriven} from '../model/dead-letter.js'
import {LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import type {Permission} from '../model/permission.js'
import {type MessageRef, parseMessageRef} from '../model/reference.js'
import {readableViews, requireChannel, requireView, type View} from './access.js'
import {unknownGroup} from './claim-name.js'
import type {Context} from './context.js'
import {checkOneId} from './find.js'

/** Which dead letters: those of a channel or of all that the actor may read, of a group or a subscriber, of one message. */
export interface DeadLetterFilter {
  channel?: string
  group?: string
  /** Only what could not be delivered to it. */
  subscriber?: string
  /** A message, or the id of a dead letter (or the end of either). */
  message?: string
}

/** Dead letters in memory at once. */
const PAGE = 200

/**
 * Dead letters, oldest first, page by page.
 * @throws NOT_FOUND, FORBIDDEN the channel; NOT_FOUND the group never worked there, or no such dead letter
 * @throws USAGE several messages or dead letters end like this
 */
export async function* deadLetters(ctx: Context, filter: DeadLetterFilter = {}): AsyncGenerator<DeadLetter> {
  const {channel, group, subscriber, message} = filter
  if (group !== undefined) checkName('group', group)
  if (subscriber !== undefined) checkName('actor', subscriber)
  const ref = message === undefined ? undefined : parseMessageRef(message)
  const named = channel ?? (ref?.by === 'place' ? ref.channel : undefined)
  const views = named === undefined ? await readableViews(ctx) : [await requireView(ctx, named)]
  if (ref) return yield* lettersOf(ctx, views, filter, ref)
  let found = false
  for await (const letter of pages(ctx, views, filter)) {
    found = true
    yield letter
  }
  if (!found && group !== undefined) await requireKnown(ctx, group, channel)
}

/**
 * Gives dead letters to their groups and subscribers again, all or none. The actor needs submit.
 * @throws NOT_FOUND, FORBIDDEN, CHANNEL_CLOSED, USAGE
 */
export async function redrive(ctx: Context, filter: DeadLetterFilter): Promise<Redriven[]> {
  const ids = await idsFor(ctx, filter, 'submit')
  return ids.length === 0 ? [] : ctx.store.deadLetters.redrive(ids)
}

/**
 * Deletes dead letters; the actor needs manage. Returns how many went, or with `dryRun` would go.
 * @throws NOT_FOUND, FORBIDDEN, USAGE
 */
export async function purge(
  ctx: Context,
  {dryRun = false, ...filter}: DeadLetterFilter & {dryRun?: boolean},
): Promise<number> {
  const ids = await idsFor(ctx, filter, 'manage')
  return dryRun || ids.length === 0 ? ids.length : ctx.store.deadLetters.purge(ids)
}

/** The ids of dead letters, when the actor has the permission on the channel of each. */
async function idsFor(ctx: Context, filter: DeadLetterFilter, permission: Permission): Promise<string[]> {
  const allowed = new Set<string>()
  const allow = async (channel: string): Promise<void> => {
    if (allowed.has(channel)) return
    await requireChannel(ctx, channel, permission)
    allowed.add(channel)
  }
  if (filter.channel !== undefined) await allow(filter.channel)
  const ids: string[] = []
  for await (const {id, channel} of deadLetters(ctx, filter)) {
    await allow(channel)
    ids.push(id)
  }
  return ids
}

/** Those of one message, else the one of this id. */
async function* lettersOf(
  ctx: Context,
  views: readonly View[],
  filter: DeadLetterFilter,
  ref: MessageRef,
): AsyncGenerator<DeadLetter> {
  const letters: DeadLetter[] = []
  for await (const letter of pages(ctx, views, filter, ref)) letters.push(letter)
  checkOne(filter, new Set(letters.map(({message}) => message.id)))
  if (letters.length === 0 && ref.by !== 'place') {
    for await (const letter of pages(ctx, views, filter)) if (isNamed(letter.id, ref)) letters.push(letter)
    checkOne(filter, new Set(letters.map(({id}) => id)))
  }
  if (letters.length > 0) return yield* letters
  throw new LeatError('NOT_FOUND', `no dead letter "${filter.message}"${where(filter)} in ${ctx.store.label}`, {
    hint: 'leat dead list',
  })
}

const isNamed = (id: string, ref: Exclude<MessageRef, {by: 'place'}>): boolean =>
  ref.by === 'id' ? id === ref.id : id.replaceAll('-', '').endsWith(ref.end)

const where = ({group, subscriber}: DeadLetterFilter): string =>
  [group, subscriber].map((name) => (name === undefined ? '' : ` of ${name}`)).join('')

const checkOne = ({message = ''}: DeadLetterFilter, ids: ReadonlySet<string>): void => checkOneId(message, [...ids])

/** Those that the actor may see. The next page is there before one is given: who is given a letter may delete it. */
async function* pages(
  ctx: Context,
  views: readonly View[],
  {channel, group, subscriber}: DeadLetterFilter,
  message?: MessageRef,
): AsyncGenerator<DeadLetter> {
  const byName = new Map(views.map((view) => [view.name, view]))
  const page = (after?: string) => ctx.store.deadLetters.list({channel, group, subscriber, message, after, limit: PAGE})
  for (let letters = await page(); letters.length > 0; ) {
    const next = letters.length < PAGE ? [] : await page(letters.at(-1)?.id)
    for (const letter of letters) {
      const view = byName.get(letter.channel)
      if (view && isLetterVisible(letter, {actor: ctx.actor, all: view.all})) yield letter
    }
    letters = next
  }
}

/** @throws NOT_FOUND the group is not at the channel, or at no channel that the actor may read */
async function requireKnown(ctx: Context, group: string, channel: string | undefined): Promise<void> {
  const consumers = await ctx.store.consumers.list({channel, kind: 'workers', name: group})
  if (channel !== undefined) {
    if (consumers.length === 0) throw unknownGroup(group, channel)
    return
  }
  const names = new Set((await readableViews(ctx)).map(({name}) => name))
  if (!consumers.some((consumer) => names.has(consumer.channel)))
    throw new LeatError('NOT_FOUND', `no group "${group}" works on any channel of ${ctx.store.label}`)
}

import {setTimeout as pause, setImmediate} from 'node:timers/promises'
import {LeatError} from '../model/errors.js'
import type {Filter} from '../model/filter.js'
import type {Message, Place} from '../model/message.js'
import {parsePlace, placeName} from '../model/reference.js'
import {parseSearch, type SearchTerms} from '../model/search-query.js'
import {relevanceOf, searchText} from '../model/search-text.js'
import type {SearchPage, SearchQuery} from '../store/store.js'
import {type View, visible} from './access.js'
import type {Context} from './context.js'
import {historyFilter, viewsOf} from './log.js'

export interface SearchOptions {
  limit: number
  /** Names or globs; none: all channels that the actor may read. */
  channels?: readonly string[]
  filter?: Omit<Filter, 'thread' | 'replyTo'>
  /** `newest` (default) first, in the order of storage, or by `relevance` among the newest 1,000 that fit. */
  sort?: 'newest' | 'relevance'
  /** `next` of the page before: a place, in front of which it goes on. Not with `relevance`. */
  before?: string
  /** Told now and then how many messages have to be put into the index first. */
  onIndexing?: (left: number) => void
  signal?: AbortSignal
}

export interface SearchResult {
  messages: Message[]
  /** What was looked for, for who shows where it stands. */
  terms: SearchTerms
  /** More fits than the limit let through. */
  more: boolean
  /** Where the next page begins; absent: there is none. */
  next?: string
  /** By relevance: how many were compared; older ones were not looked at if that is all of 1,000. */
  compared?: number
}

/** Messages among which the most relevant are found. */
export const COMPARED = 1000
/** Messages of one write to the index: some milliseconds. */
const STEP = 500
/** So few that aren't in the index are looked through instead. */
const TAIL = 500

/**
 * Messages with all the words of a query in content, sender or type. Finds everything that was stored before it began; what
 * isn't in the index yet is put there first, a little at a time, others having their turn between.
 *
 * @throws INVALID   the query wants nothing; the limit or `before` makes no sense
 * @throws TOO_LARGE the query is too long
 * @throws NOT_FOUND, FORBIDDEN a channel that is named is not there, or not for the actor; a glob matches none
 */
export async function search(ctx: Context, text: string, options: SearchOptions): Promise<SearchResult> {
  const {limit, sort = 'newest', before, signal} = options
  const terms = parseSearch(text)
  if (!(Number.isSafeInteger(limit) && limit > 0))
    throw new LeatError('INVALID', `can't give ${limit} messages`, {hint: 'a whole number of 1 or more'})
  const views = await viewsOf(ctx, options.channels ?? [])
  const query: SearchQuery = {
    terms,
    channels: views.map(({name, all}) => ({name, all})),
    actor: ctx.actor,
    filter: await historyFilter(ctx, options),
    limit,
    inFrontOf: before === undefined ? undefined : placeOf(before, views),
  }
  await fillIndex(ctx, options)
  return sort === 'newest' ? newest(ctx, query, signal) : mostRelevant(ctx, query, signal)
}

/** A place in a channel that is searched: of others nothing is told. @throws INVALID */
function placeOf(text: string, views: readonly View[]): Place {
  const place = parsePlace(text)
  if (place && views.some(({name}) => name === place.channel)) return place
  throw new LeatError('INVALID', `${JSON.stringify(text)} is not where a search goes on`, {
    hint: 'give `next` of the page before',
  })
}

/** Until so little is left that a search looks through it. */
async function fillIndex(ctx: Context, {onIndexing, signal}: SearchOptions): Promise<void> {
  for (;;) {
    const {left, open} = await ctx.store.search.index({limit: STEP, begin: true})
    if (!open || left <= TAIL || signal?.aborted) return
    onIndexing?.(left)
    await pause(1)
  }
}

async function newest(ctx: Context, query: SearchQuery, signal: AbortSignal | undefined): Promise<SearchResult> {
  const messages: Message[] = []
  let more = false
  for await (const page of pagesOf(ctx, query, signal)) {
    for (const message of page.messages)
      if (messages.length < query.limit) messages.push(message)
      else more = true
    if (more || (messages.length === query.limit && page.next === undefined)) break
  }
  const last = messages.at(-1)
  return {messages, terms: query.terms, more, ...(more && last && {next: placeName(last)})}
}

async function mostRelevant(ctx: Context, query: SearchQuery, signal: AbortSignal | undefined): Promise<SearchResult> {
  const {limit, terms} = query
  let best: {message: Message; relevance: number}[] = []
  let compared = 0
  for await (const {messages} of pagesOf(ctx, {...query, limit: 100}, signal)) {
    const fresh = messages.slice(0, COMPARED - compared)
    compared += fresh.length
    best = [...best, ...fresh.map((message) => ({message, relevance: relevance(message, terms)}))]
      .sort((a, b) => b.relevance - a.relevance)
      .slice(0, limit)
    if (compared === COMPARED) break
  }
  return {messages: best.map(({message}) => message), terms, more: compared > best.length, compared}
}

const relevance = ({body, contentType, headers, sender, type}: Message, terms: SearchTerms): number =>
  relevanceOf([searchText(body, contentType, headers), sender, type], terms)

/** Page after page, others having their turn between. Whether the actor may read is asked after each look. */
async function* pagesOf(ctx: Context, query: SearchQuery, signal: AbortSignal | undefined): AsyncGenerator<SearchPage> {
  let next: string | undefined
  do {
    const asked = next === undefined ? query : {...query, after: next, inFrontOf: undefined}
    const page = await ctx.store.search.find(asked)
    yield {...page, messages: await visible(ctx, page.messages)}
    next = page.next
    await setImmediate()
  } while (next !== undefined && !signal?.aborted)
}

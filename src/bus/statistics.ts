/** What goes on in channels, in numbers. */
import {LeatError} from '../model/errors.js'
import type {Positions} from '../model/position.js'
import type {Backlog, Makeup, Share, Traffic} from '../model/statistics.js'
import {isoTime} from '../model/time.js'
import type {View} from './access.js'
import type {Context} from './context.js'
import {deadline} from './deadline.js'
import {viewsOf} from './log.js'
import {Nap} from './nap.js'
import {type Link, linkTo} from './show.js'

export interface StatisticsOptions {
  /** Milliseconds since 1970: the window begins. Default: 24 h before it ends. */
  since?: number
  /** Where it ends. Default: now. */
  until?: number
  /** Into how many parts of the same length the window is divided. Default 24. */
  parts?: number
  /** Hidden channels too, where none is named. */
  all?: boolean
}

/** One channel as the actor sees it. */
export interface ChannelStatistics extends Omit<Backlog, 'channel'> {
  channel: string
  /** Stored now. */
  messages: number
  /** ISO 8601, of the newest message. */
  last?: string
  /** Messages of each part of the window. */
  traffic: number[]
  /** Messages of the window. */
  recent: number
  /** Of these, how many of the newest were looked at; what follows is about them. */
  looked: number
  /** ISO 8601, of the oldest that was looked at. */
  from?: string
  /** Of content. */
  bytes: number
  /** The first `TOP`, the most messages first. */
  senders: Share[]
  types: Share[]
  threads: {thread: string; messages: number}[]
}

/** Several channels, and all of them together. */
export interface Statistics {
  /** ISO 8601: when it was counted. */
  at: string
  /** The window, ISO 8601. */
  since: string
  until: string
  /** By name. */
  channels: ChannelStatistics[]
  total: Pick<ChannelStatistics, 'messages' | 'traffic' | 'recent' | 'looked' | 'bytes' | 'senders' | 'types'> &
    Pick<Backlog, 'claimed' | 'retrying' | 'deadLetters' | 'scheduled'> & {
      threads: {thread: string; messages: number; root: Link}[]
    }
}

const DAY = 24 * 60 * 60 * 1000
/** Senders, types and threads told of. */
const [TOP, THREADS] = [10, 5]
/** Messages whose senders and types are counted, over all channels; and of one channel at least. */
const [LOOKED, LOOKED_EACH] = [100_000, 1000]
const MOST_PARTS = 1000

/**
 * Numbers about some channels (names or globs; none: all that the actor may read, but hidden ones): of what the actor may
 * see, direct messages of others being in none of them. Counts are exact. Who sent what is told of the newest 100,000
 * messages of the window, a share of them for each channel.
 *
 * @throws NOT_FOUND, FORBIDDEN a channel is not there, or not for the actor; a glob matches none
 * @throws INVALID a window that ends before it begins
 */
export async function statistics(
  ctx: Context,
  patterns: readonly string[],
  options: StatisticsOptions = {},
): Promise<Statistics> {
  return (await look(ctx, patterns, options)).found
}

/** Real milliseconds after which numbers are looked at again though nothing seems to have changed. */
const REST = 10_000

/**
 * The same again and again: when something changed, and every 10 s, but not more often than every `interval` ms. A window
 * without an end goes along. Ends when `signal` aborts.
 * @throws as `statistics`
 */
export async function* watchStatistics(
  ctx: Context,
  patterns: readonly string[],
  {interval, signal, ...options}: StatisticsOptions & {interval: number; signal: AbortSignal},
): AsyncGenerator<Statistics> {
  const {since, until} = windowOf(ctx.clock(), options)
  const span = until - since
  let positions: Positions = {}
  while (!signal.aborted) {
    const nap = new Nap(ctx.store, positions)
    try {
      const window = options.until === undefined ? {since: ctx.clock() - span} : {}
      const {found, seen} = await look(ctx, patterns, {...options, ...window})
      positions = seen
      yield found
      await pause(interval, signal)
      await nap.sleep(Math.max(0, REST - interval), signal)
    } finally {
      nap.wake()
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const end = deadline(ms, signal)
  if (!end.signal.aborted) await new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve()))
  end.clear()
}

async function look(
  ctx: Context,
  patterns: readonly string[],
  options: StatisticsOptions,
): Promise<{found: Statistics; seen: Positions}> {
  const now = ctx.clock()
  const {since, until, parts} = windowOf(now, options)
  const views = (await viewsOf(ctx, patterns))
    .filter(({name, channel}) => options.all || !channel.hidden || patterns.includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const query = {channels: views.map(({name, all}) => ({name, all})), actor: ctx.actor}
  const limit = Math.max(LOOKED_EACH, Math.floor(LOOKED / Math.max(1, views.length)))
  const bounds = Array.from({length: parts + 1}, (_, at) => Math.round(since + ((until - since) * at) / parts))
  const {statistics: store} = ctx.store
  const [traffic, makeup, backlog] = await Promise.all([
    store.traffic({...query, points: [0, ...bounds, Number.MAX_SAFE_INTEGER]}),
    store.makeup({...query, since, until, limit, threads: THREADS}),
    store.backlog(query),
  ])
  // A channel may have gone between two questions.
  const channels = views.flatMap(({name}) => {
    const [one, two, three] = [traffic, makeup, backlog].map((all) => all.find(({channel}) => channel === name))
    return one && two && three ? [channelOf(one as Traffic, two as Makeup, three as Backlog)] : []
  })
  const window = {at: isoTime(now), since: isoTime(since), until: isoTime(until)}
  return {found: {...window, channels, total: await totalOf(ctx, channels, makeup, parts)}, seen: lastOf(views)}
}

const lastOf = (views: readonly View[]): Positions =>
  Object.fromEntries(views.map(({name, channel}) => [name, channel.lastSeq]))

/** @throws INVALID */
function windowOf(now: number, {since, until = now, parts = 24}: StatisticsOptions) {
  const begin = since ?? until - DAY
  if (!Number.isSafeInteger(begin) || !Number.isSafeInteger(until) || begin >= until)
    throw new LeatError('INVALID', `the window ends (${timeText(until)}) before it begins (${timeText(begin)})`)
  if (!Number.isSafeInteger(parts) || parts < 1 || parts > MOST_PARTS)
    throw new LeatError('INVALID', `a window can't have ${parts} parts`, {hint: `1 to ${MOST_PARTS}`})
  return {since: begin, until, parts}
}

const timeText = (time: number): string =>
  Number.isSafeInteger(time) && Math.abs(time) < 8.64e15 ? isoTime(time) : String(time)

function channelOf({counts, last}: Traffic, made: Makeup, {channel, ...backlog}: Backlog): ChannelStatistics {
  const {messages: recent, looked, from, bytes, senders, types, threads} = made
  return {
    channel,
    messages: sum(counts),
    ...(last !== undefined && {last}),
    recent,
    traffic: counts.slice(1, -1),
    looked,
    ...(from !== undefined && {from}),
    bytes,
    senders: senders.slice(0, TOP),
    types: types.slice(0, TOP),
    threads,
    ...backlog,
  }
}

async function totalOf(
  ctx: Context,
  channels: readonly ChannelStatistics[],
  makeup: readonly Makeup[],
  parts: number,
): Promise<Statistics['total']> {
  const of = (
    field: 'messages' | 'recent' | 'looked' | 'bytes' | 'claimed' | 'retrying' | 'deadLetters' | 'scheduled',
  ) => sum(channels.map((channel) => channel[field]))
  return {
    messages: of('messages'),
    recent: of('recent'),
    traffic: Array.from({length: parts}, (_, at) => sum(channels.map(({traffic}) => traffic[at] ?? 0))),
    looked: of('looked'),
    bytes: of('bytes'),
    senders: merged(makeup.map(({senders}) => senders)),
    types: merged(makeup.map(({types}) => types)),
    threads: await largest(ctx, makeup),
    claimed: of('claimed'),
    retrying: of('retrying'),
    deadLetters: of('deadLetters'),
    scheduled: of('scheduled'),
  }
}

/** The first of all, the most messages first. */
function merged(lists: readonly (readonly Share[])[]): Share[] {
  const all = new Map<string, Share>()
  for (const {name, messages, bytes} of lists.flat()) {
    const before = all.get(name) ?? {messages: 0, bytes: 0}
    all.set(name, {name, messages: before.messages + messages, bytes: before.bytes + bytes})
  }
  return [...all.values()].sort((a, b) => b.messages - a.messages || (a.name < b.name ? -1 : 1)).slice(0, TOP)
}

function largest(ctx: Context, makeup: readonly Makeup[]): Promise<Statistics['total']['threads']> {
  const sizes = new Map<string, number>()
  for (const {thread, messages} of makeup.flatMap(({threads}) => threads))
    sizes.set(thread, (sizes.get(thread) ?? 0) + messages)
  const order = [...sizes].sort(([, a], [, b]) => b - a).slice(0, THREADS)
  return Promise.all(order.map(async ([thread, messages]) => ({thread, messages, root: await linkTo(ctx, thread)})))
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

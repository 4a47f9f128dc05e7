/** Looking through much history a piece at a time, so that a process that serves others goes on serving them. */

import {setImmediate} from 'node:timers/promises'
import {type Filter, isEmptyFilter} from '../model/filter.js'
import type {Message, Seq} from '../model/message.js'
import {seqIn} from '../model/position.js'
import type {Page, ScanQuery} from '../store/store.js'
import type {Context} from './context.js'
import {wantedBy} from './wanted.js'

/** Seqs of one channel that are looked through at once, at most: some milliseconds. */
const RANGE = 10_000
/** The same where JSON has to be looked into, to begin with: one may have megabytes. */
const RANGE_OF_JSON = 1
/** Milliseconds that one look is to take: from, up to. */
const TARGET = [10, 40] as const
/** Messages of several channels that are. */
const SLICE = 500

/** The same page as `scan` gives, or a shorter one when the signal aborts; it is no more than a moment from one look to the next. */
export async function scanInSlices(ctx: Context, query: ScanQuery, signal?: AbortSignal): Promise<Page> {
  const {channels, filter = {}} = query
  if (isEmptyFilter(filter) || hasIndex(filter)) return ctx.store.messages.scan(query)
  return channels.length === 1 ? byRanges(ctx, query, signal) : bySlices(ctx, query, filter, signal)
}

/** What the store finds without looking at the rest. */
const hasIndex = ({replyTo, correlationId, thread, recipient, conversation}: Filter): boolean =>
  [replyTo, correlationId, thread, recipient, conversation].some((value) => value !== undefined)

/** One channel: the store filters, range by range. */
async function byRanges(ctx: Context, query: ScanQuery, signal: AbortSignal | undefined): Promise<Page> {
  const [channel] = query.channels
  const {name, after = 0} = channel!
  const last = (await ctx.store.channels.get(name))?.lastSeq ?? 0
  const before = channel!.before ?? last + 1
  const forward = query.order === 'forward'
  const messages: Message[] = []
  let step = query.filter?.where === undefined ? RANGE : RANGE_OF_JSON
  let range = {
    from: forward ? after : Math.max(after, before - 1 - step),
    to: forward ? Math.min(before, after + step + 1) : before,
  }
  for (;;) {
    // At the far end nothing bounds it: what came meanwhile belongs to it.
    const isOpen = forward && range.to >= before && channel!.before === undefined
    const bounds = {after: range.from, before: isOpen ? undefined : range.to}
    const left = query.limit - messages.length
    const page = await ctx.store.messages.scan({...query, channels: [{...channel!, ...bounds}], limit: left})
    step = stepAfter(step, page.took)
    messages.push(...page.messages)
    const isLast = forward ? range.to >= before : range.from <= after
    if (!page.end || isLast || signal?.aborted) return {messages, next: page.next, end: page.end && isLast}
    const at = forward ? range.to - 1 : range.from + 1
    if (messages.length === query.limit) return {messages, next: {[name]: at}, end: false}
    range = forward ? {from: at, to: Math.min(before, at + step + 1)} : {from: Math.max(after, at - 1 - step), to: at}
    await setImmediate()
  }
}

/** More or fewer at once, as long as the last ones took. */
function stepAfter(step: number, took: number = TARGET[0]): number {
  if (took > TARGET[1]) return Math.max(1, step >> 1)
  return took < TARGET[0] ? Math.min(RANGE, step * 2) : step
}

/** Several channels, merged in the order of storage: looked through here, slice by slice. */
async function bySlices(
  ctx: Context,
  query: ScanQuery,
  filter: Filter,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const forward = query.order === 'forward'
  const wants = await wantedBy(filter)
  const messages: Message[] = []
  let {channels} = query
  for (;;) {
    const page = await ctx.store.messages.scan({...query, channels, filter: undefined, limit: SLICE})
    const reached: Record<string, Seq> = {}
    for (const [at, message] of page.messages.entries()) {
      reached[message.channel] = message.seq
      if (wants(message)) messages.push(message)
      if (messages.length < query.limit || at === page.messages.length - 1) continue
      return {messages, next: positionsOf(channels, forward, reached), end: false}
    }
    const isFull = messages.length >= query.limit
    if (page.end || isFull || signal?.aborted) return {messages, next: page.next, end: page.end}
    channels = channels.map((channel) => ({...channel, [forward ? 'after' : 'before']: seqIn(page.next, channel.name)}))
    await setImmediate()
  }
}

/** Where to go on behind what was reached; a channel of which nothing was seen is where it was. */
function positionsOf(
  channels: ScanQuery['channels'],
  forward: boolean,
  reached: Readonly<Record<string, Seq>>,
): Record<string, Seq> {
  const positions: Record<string, Seq> = {}
  for (const {name, after, before} of channels) {
    const position = seqIn(reached, name) ?? (forward ? (after ?? 0) : before)
    if (position !== undefined) positions[name] = position
  }
  return positions
}

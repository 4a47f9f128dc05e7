/** Pages of a channel for the list of messages, found a piece at a time. */
import {setTimeout as pause} from 'node:timers/promises'
import type {Bus} from '../../bus/bus.js'
import type {MessagePage, PageOptions} from '../../bus/page.js'
import {isEmptyFilter} from '../../model/filter.js'
import type {Seq} from '../../model/message.js'
import {seqIn} from '../../model/position.js'
import {filterOf} from './filter-text.js'
import {messageRow} from './rows.js'
import type {Effect, Found} from './step.js'

/** Messages that one look brings. */
const PAGE = 200
/** Milliseconds after which a look says what it has found so far. */
const PIECE = 150
/** Milliseconds that a filter rests before it is looked for: one types on. */
const REST = 120

export type Look = Effect & {do: 'look'}

export interface LookPlace {
  bus: Bus
  /** Whose place `cursor` means. */
  reader: string
  tell(found: Found): void
  signal: AbortSignal
}

/** Looks, and tells what is found as it is found. Called off, it tells nothing more. */
export async function look(effect: Look, place: LookPlace): Promise<void> {
  const {from, filter} = effect
  if (from === 'newest') {
    if (filter !== '') await pause(REST, undefined, {signal: place.signal}).catch(() => {})
    if (!place.signal.aborted) await newest(effect, place)
  } else if ('before' in from) await backwards(effect, place, {before: from.before, as: 'older'})
  else if ('after' in from) await forwards(effect, place, from.after)
  else await around(effect, place, from.around)
}

async function newest(effect: Look, place: LookPlace): Promise<void> {
  // What comes from now on is behind this.
  const looked = (await place.bus.context.store.channels.get(effect.channel))?.lastSeq ?? 0
  await backwards(effect, place, {as: 'all', looked})
}

async function backwards(
  effect: Look,
  place: LookPlace,
  {before, as, looked = 0}: {before?: Seq; as: 'all' | 'older'; looked?: Seq},
): Promise<void> {
  let count = 0
  let next = before
  for (let kind = as; ; kind = 'older') {
    const page = await piece(effect, place, {order: 'backward', limit: PAGE - count, before: positions(effect, next)})
    if (place.signal.aborted) return
    const rows = page.messages.map(messageRow).reverse()
    count += rows.length
    next = seqIn(page.next, effect.channel) ?? next
    const isDone = page.end || count >= PAGE
    place.tell({
      ...identity(effect),
      for: kind,
      rows,
      atStart: page.end,
      ...(kind === 'all' && {atEnd: true, looked: Math.max(looked, rows.at(-1)?.seq ?? 0)}),
      ...(!isDone && {reached: next}),
    })
    if (isDone) return
  }
}

async function forwards(effect: Look, place: LookPlace, after: Seq): Promise<void> {
  let count = 0
  for (let next = after; ; ) {
    const page = await piece(effect, place, {order: 'forward', limit: PAGE - count, after: positions(effect, next)})
    if (place.signal.aborted) return
    const rows = page.messages.map(messageRow)
    count += rows.length
    next = seqIn(page.next, effect.channel) ?? next
    const isDone = page.end || count >= PAGE
    const ends = {atEnd: page.end, looked: next}
    place.tell({...identity(effect), for: 'newer', rows, ...ends, ...(!isDone && {reached: next})})
    if (isDone) return
  }
}

/** What led to a position, and what follows from there. @throws INVALID, NOT_FOUND not a position of this channel */
async function around(effect: Look, place: LookPlace, text: string): Promise<void> {
  const {channel} = effect
  const before = text === 'cursor' ? await behindCursor(effect, place) : text
  const older = await whole(effect, place, {order: 'backward', limit: PAGE / 2, before})
  const last = older.messages[0]?.seq ?? (older.end ? 0 : (seqIn(older.next, channel) ?? 1) - 1)
  const newer = await whole(effect, place, {order: 'forward', limit: PAGE / 2, after: {[channel]: last}})
  if (place.signal.aborted) return
  const behind = newer.messages.map(messageRow)
  place.tell({
    ...identity(effect),
    for: 'all',
    rows: [...older.messages.map(messageRow).reverse(), ...behind],
    atStart: older.end,
    atEnd: newer.end,
    looked: seqIn(newer.next, channel) ?? last,
    ...(behind[0] && {choose: behind[0].seq}),
  })
}

/** The first message that the reader has not read. */
async function behindCursor({channel}: Look, {bus, reader}: LookPlace): Promise<string> {
  const {consumers, channels} = bus.context.store
  const cursor = (await consumers.get({channel, kind: 'reader', name: reader}))?.cursor ?? 0
  return cursor >= ((await channels.get(channel))?.lastSeq ?? 0) ? 'now' : String(cursor + 1)
}

const identity = ({view, load}: Look) => ({view, load})

const positions = ({channel}: Look, seq: Seq | undefined): {[channel: string]: Seq} | undefined =>
  seq === undefined ? undefined : {[channel]: seq}

const whole = ({channel, filter}: Look, {bus, signal}: LookPlace, options: PageOptions): Promise<MessagePage> =>
  bus.page([channel], {...options, filter: filterOf(filter), signal})

/** As `whole`, but where it takes long no more than a piece of it. */
async function piece(effect: Look, place: LookPlace, options: PageOptions): Promise<MessagePage> {
  if (isEmptyFilter(filterOf(effect.filter))) return whole(effect, place, options)
  const over = new AbortController()
  const end = (): void => over.abort()
  const timer = setTimeout(end, PIECE)
  place.signal.addEventListener('abort', end)
  try {
    return await whole(effect, {...place, signal: over.signal}, options)
  } finally {
    clearTimeout(timer)
    place.signal.removeEventListener('abort', end)
  }
}

import {LeatError} from './errors.js'
import type {Seq} from './message.js'
import {isName} from './names.js'
import {type MessageRef, parseMessageRef} from './reference.js'
import {parseTime} from './time.js'

/** A position over several channels: channel → the seq that one stands behind (0: at the start). */
export type Positions = Readonly<Record<string, Seq>>

/** Where one stands in a channel, undefined where that is not said. A channel may be called `constructor`. */
export const seqIn = (positions: Positions, channel: string): Seq | undefined =>
  Object.hasOwn(positions, channel) ? positions[channel] : undefined

/** Where to begin, as people say it with `--from` and `--after`. */
export type Position =
  | {at: 'start' | 'now' | 'cursor'}
  | {at: 'seq'; seq: Seq}
  | {at: 'time'; time: number}
  | {at: 'message'; ref: MessageRef}

/**
 * `start`, `now`, `cursor`, a seq (`42`), `C/N`, a message id or its end, or a time (ISO 8601, `yesterday`, `2h` ago).
 * An all-digit text is a seq. @throws INVALID
 */
export function parsePosition(text: string, now: number): Position {
  if (text === 'start' || text === 'now' || text === 'cursor') return {at: text}
  if (/^\d{1,15}$/.test(text)) return {at: 'seq', seq: Number(text)}
  // `1234567d` is a duration of 3,380 years to the letter, but what tables show as the end of an id.
  const time = /^\d{6,}d$/.test(text) ? undefined : attempt(() => parseTime(text, now))
  if (time !== undefined) return {at: 'time', time}
  // 2026-02-30 is a mistyped date, not the end of an id.
  const ref = /^\d{4}-\d{2}(-\d{2})?([T ]|$)/.test(text) ? undefined : attempt(() => parseMessageRef(text))
  if (ref) return {at: 'message', ref}
  throw new LeatError('INVALID', `${JSON.stringify(text)} is not a position`, {
    hint: 'use start, now, cursor, a seq, CHANNEL/SEQ, a message id or a time like 2h or 2026-12-01',
  })
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (error instanceof LeatError) return undefined // not of this form: the next one is tried
    throw error
  }
}

/** Positions as one word: `ops:42`, or `a:42,b:7` for several channels, by name. */
export const formatPositions = (positions: Positions): string =>
  Object.entries(positions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([channel, seq]) => `${channel}:${seq}`)
    .join(',')

/** What `formatPositions` wrote. @throws INVALID */
export function parsePositions(text: string): Positions {
  const positions: Record<string, Seq> = {}
  for (const part of text === '' ? [] : text.split(',')) {
    const colon = part.lastIndexOf(':')
    const [channel, seq] = [part.slice(0, colon), part.slice(colon + 1)]
    if (colon < 1 || !isName(channel) || !/^\d{1,15}$/.test(seq))
      throw new LeatError('INVALID', `${JSON.stringify(text)} does not say where in which channel`, {
        hint: 'like ops:42 or a:42,b:7',
      })
    positions[channel] = Number(seq)
  }
  return positions
}

import {CLOCK_DOUBT} from '../../../src/model/channel.js'
import {isLive, isVisible} from '../../../src/model/filter.js'
import type {Seq} from '../../../src/model/message.js'
import type {Pruned, PruneOptions} from '../../../src/store/store.js'
import {awaited, dropParcels, pendingOf} from './pushes.js'
import type {Room, State, Stored} from './state.js'

/** Deletes expired messages, and the oldest that the options, or the channel's own retention, don't keep. */
export function prune(state: State, room: Room, options: PruneOptions, now: number): Pruned {
  const {keep, before, retention = keep === undefined && before === undefined, dryRun = false} = options
  const {maxAge, maxMessages} = retention ? room.channel.retention : {}
  const expired = expiredOf(room, now)
  const byTime = maxAge !== undefined || expired.length > 0
  const doubted = byTime && options.trustClock !== true && !isBelievable(state, room, now)
  const limits = {
    keep: Math.min(keep ?? Infinity, maxMessages ?? Infinity),
    before: Math.max(before ?? -Infinity, maxAge === undefined || doubted ? -Infinity : now - maxAge),
    upTo: options.keepUnread === true ? slowest(room, now) : Infinity,
  }
  const doomed = outOf(room, doubted ? [] : expired, limits)
  if (!dryRun) remove(room, doomed)
  const deleted = doomed.size
  return {
    channel: room.channel.name,
    deleted,
    kept: room.messages.length - (dryRun ? deleted : 0),
    clockDoubted: doubted,
  }
}

export const deleteExpired = (room: Room, now: number): void => remove(room, new Set(expiredOf(room, now)))

/** Deletes what the channel's retention doesn't keep, by age only with a clock that is believed. */
export function applyRetention(room: Room, now: number, believed: boolean): void {
  const {maxAge, maxMessages = Infinity} = room.channel.retention
  const before = maxAge === undefined || !believed ? -Infinity : now - maxAge
  remove(room, outOf(room, [], {keep: maxMessages, before, upTo: Infinity}))
}

function expiredOf(room: Room, now: number): Stored[] {
  const expired = room.messages.filter(({fields}) => !isLive(fields, now))
  const kept = inFlightOf(room)
  const pending = pendingOf(room)
  return expired.filter((stored) => !kept.has(stored) && !pending.has(stored.fields.seq))
}

const inFlightOf = ({groups}: Room): Set<Stored> =>
  new Set([...groups.values()].flatMap(({inFlight}) => [...inFlight.values()].map(({stored}) => stored)))

/** Something that is stored is near the clock, or nothing is in this channel. */
export const isBelievable = ({rooms}: State, {messages}: Room, now: number): boolean =>
  messages.length === 0 ||
  [...rooms.values()].some((room) => room.messages.some((stored) => now - timeOf(stored) <= CLOCK_DOUBT))

const timeOf = ({fields}: Stored): number => Date.parse(fields.time)

/** The last seq that every reader and subscriber is done with. */
function slowest({readers, messages}: Room, now: number): Seq {
  const behind = [...readers].map(([name, {cursor}]) => {
    const unread = messages.find(
      ({fields}) => fields.seq > cursor && isLive(fields, now) && isVisible(fields, {actor: name}),
    )
    return unread ? unread.fields.seq - 1 : Infinity
  })
  return Math.min(Infinity, ...behind)
}

interface Limits {
  keep: number
  before: number
  upTo: Seq
}

/** What goes: never what a group isn't done with, though it counts among what is kept. */
function outOf(room: Room, expired: readonly Stored[], {keep, before, upTo}: Limits): Set<Stored> {
  const gone = new Set(expired)
  const left = room.messages.filter((stored) => !gone.has(stored))
  const kept = inFlightOf(room)
  const waiting = awaited(room)
  const surplus = left.length - keep
  const old = left.filter(
    (stored, index) =>
      (index < surplus || timeOf(stored) < before) &&
      stored.fields.seq <= upTo &&
      !kept.has(stored) &&
      !waiting.has(stored.fields.seq),
  )
  return new Set([...expired, ...old])
}

/** Makes a new list: who remembers the old one can put it back. */
function remove(room: Room, doomed: ReadonlySet<Stored>): void {
  if (doomed.size === 0) return
  room.messages = room.messages.filter((stored) => !doomed.has(stored))
  dropParcels(
    room,
    [...doomed].map(({fields}) => fields.seq),
  )
  for (const {fields} of doomed) {
    room.byId.delete(fields.id)
    if (fields.key !== undefined) room.byKey.delete(fields.key)
  }
}

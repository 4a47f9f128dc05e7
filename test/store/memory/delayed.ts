import {place} from './place.js'
import {prune} from './prune.js'
import type {Delayed, Room, State} from './state.js'

/**
 * Stores what fell due, by (deliverAt, id). What is due for a channel that was closed meanwhile is dropped: dead
 * letters are not part of the port yet.
 */
export function storeDue(state: State, now: number): boolean {
  const due = state.delayed.filter(({outgoing}) => outgoing.deliverAt <= now).sort(byDueTime)
  if (due.length === 0) return false
  state.delayed = state.delayed.filter(({outgoing}) => outgoing.deliverAt > now)
  for (const {room, outgoing, sentAt, digest} of due) {
    if (room.channel.state === 'closed') continue
    place(state, room, outgoing, {time: outgoing.deliverAt, sentAt, digest})
    closeIfDrained(state, room)
  }
  for (const {room} of due) prune(state, room, {retention: true}, now)
  return true
}

const byDueTime = ({outgoing: a}: Delayed, {outgoing: b}: Delayed): number =>
  a.deliverAt - b.deliverAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** A draining channel with nothing outstanding closes itself. */
export function closeIfDrained(state: State, room: Room): void {
  const outstanding = state.delayed.some((delayed) => delayed.room === room)
  if (room.channel.state === 'draining' && !outstanding) room.channel = {...room.channel, state: 'closed'}
}

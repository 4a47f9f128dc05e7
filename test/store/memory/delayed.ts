import {checkAccepts} from '../../../src/model/channel.js'
import {LeatError} from '../../../src/model/errors.js'
import {bury} from './bury.js'
import {type Fields, fieldsOf, place} from './place.js'
import {applyRetention, isBelievable} from './prune.js'
import {keepsOpen} from './pushes.js'
import type {Delayed, Room, State} from './state.js'

/** Stores what fell due, by (deliverAt, id). What a closed channel no longer takes becomes a dead letter. */
export function storeDue(state: State, ids: () => string, now: number): boolean {
  const due = state.delayed.filter(({outgoing}) => outgoing.deliverAt <= now).sort(byDueTime)
  if (due.length === 0) return false
  state.delayed = state.delayed.filter(({outgoing}) => outgoing.deliverAt > now)
  const rooms = [...new Set(due.map(({room}) => room))]
  const believed = rooms.filter((room) => isBelievable(state, room, now))
  for (const delayed of due) {
    const {room, digest} = delayed
    const reason = refusalOf(room)
    if (reason === undefined) place(state, room, fieldsOfDelayed(delayed), digest)
    else bury(state, {id: ids(), room, message: toDead(delayed), attempts: 0, reason, diedAt: now})
    closeIfDrained(state, room, now)
  }
  for (const room of rooms) applyRetention(room, now, believed.includes(room))
  return true
}

/** The order in which delayed messages fall due. */
export const byDueTime = ({outgoing: a}: Delayed, {outgoing: b}: Delayed): number =>
  a.deliverAt - b.deliverAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** A delayed message as it will be. */
export const fieldsOfDelayed = ({outgoing, sentAt, redacted}: Delayed): Fields => ({
  ...fieldsOf(outgoing, {time: outgoing.deliverAt, sentAt}),
  ...redacted,
})

const toDead = (delayed: Delayed) => ({fields: {...fieldsOfDelayed(delayed), seq: 0}, digest: delayed.digest})

/** A due message was promised before the channel began to drain, so it is taken like a reply. */
function refusalOf({channel}: Room): string | undefined {
  try {
    checkAccepts(channel, true)
    return undefined
  } catch (error) {
    if (error instanceof LeatError) return error.message
    throw error
  }
}

/** A draining channel with nothing outstanding closes itself. Returns whether it did. */
export function closeIfDrained(state: State, room: Room, now: number): boolean {
  const delayed = state.delayed.some((one) => one.room === room)
  const inFlight = [...room.groups.values()].some((group) => group.inFlight.size > 0)
  if (room.channel.state !== 'draining' || delayed || inFlight || keepsOpen(room, now)) return false
  room.channel = {...room.channel, state: 'closed'}
  return true
}

import {checkAccepts} from '../../../src/model/channel.js'
import type {Redriven} from '../../../src/model/dead-letter.js'
import {isForGroup, isLive} from '../../../src/model/filter.js'
import {isoTime} from '../../../src/model/time.js'
import {closeIfDrained} from './delayed.js'
import {groupIn} from './groups.js'
import {place} from './place.js'
import {newParcel} from './pushes.js'
import {type Access, copy, type Dead, type Room, type State, type Stored} from './state.js'

/** Gives dead letters to their groups again. @throws CHANNEL_CLOSED a channel is closed; then none is */
export function redrive({state, clock}: Access, ids: readonly string[]): Redriven[] {
  const known = [...new Set(ids)].flatMap((id) => state.dead.find((dead) => dead.id === id) ?? [])
  // What has expired would be passed over, and lost.
  const wanted = known.filter(
    (dead) => isLive(dead.message.fields, clock()) && !isDelayed(state, dead) && isWanted(dead),
  )
  for (const {room} of wanted) checkAccepts(room.channel, true)
  const redriven = wanted.map((dead) => {
    const {room, group, subscriber} = dead
    const stored = room.byId.get(dead.message.fields.id) ?? storeAnew(state, dead, clock())
    if (group !== undefined) giveAgain(dead, group, stored, clock())
    if (subscriber !== undefined) deliverAgain(room, subscriber, stored, clock())
    const {seq} = stored.fields
    return {
      id: dead.id,
      channel: room.channel.name,
      ...(group !== undefined && {group}),
      ...(subscriber !== undefined && {subscriber}),
      seq,
    }
  })
  state.dead = state.dead.filter((dead) => !wanted.includes(dead))
  for (const {room} of wanted) closeIfDrained(state, room, clock())
  return redriven
}

/** Whether the same message was sent again meanwhile and has no place yet. */
const isDelayed = ({delayed}: State, {room, message}: Dead): boolean =>
  delayed.some((one) => one.room === room && one.outgoing.id === message.fields.id)

/** Not for a subscriber to whom nothing is pushed any more. */
const isWanted = ({room, subscriber}: Dead): boolean => subscriber === undefined || room.pushes.has(subscriber)

function deliverAgain(room: Room, subscriber: string, stored: Stored, now: number): void {
  const push = room.pushes.get(subscriber)!
  const {seq} = stored.fields
  const parcel = push.parcels.get(seq)
  if (parcel?.state === 'failed') Object.assign(parcel, {state: 'pending', attempts: 0, until: 0})
  else if (!parcel && seq <= push.cursor) push.parcels.set(seq, newParcel(room, subscriber, stored, now))
}

/** What was pruned comes for its group alone; what was delayed as it would have been. */
function storeAnew(state: State, {room, group, subscriber, message: {fields, digest}}: Dead, now: number): Stored {
  const recipient = group ?? subscriber
  const {seq: _, ...rest} = copy(fields)
  return place(state, room, recipient === undefined ? rest : {...rest, recipient, time: isoTime(now)}, digest)
}

/** What is in front of the group anyway isn't given twice. */
function giveAgain({room}: Dead, name: string, stored: Stored, now: number): void {
  const {group, created} = groupIn(room, name, now)
  // A group that was forgotten is made again, but not to do everything again.
  if (created) group.cursor = room.channel.lastSeq
  const {seq} = stored.fields
  const ahead = seq > group.cursor && isForGroup(stored.fields, name)
  if (!ahead && !group.inFlight.has(seq)) group.inFlight.set(seq, {stored, attempt: 0, until: now})
}

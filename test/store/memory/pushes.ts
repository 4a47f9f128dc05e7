import {v5} from 'uuid'
import {isLive, isVisible} from '../../../src/model/filter.js'
import type {Seq} from '../../../src/model/message.js'
import {isPush} from '../../../src/model/subscription.js'
import {isGone} from './groups.js'
import type {Holder, Parcel, Push, Room, State, Stored} from './state.js'

/** Makes or takes away the push consumer of a subscription, as it and its channel are now. */
export function placePush({channel, subscriptions, pushes}: Room, subscriber: string, now: number, cursor?: Seq): void {
  const subscription = subscriptions.get(subscriber)
  if (!subscription || !isPush(subscription, channel.egress)) return void pushes.delete(subscriber)
  const known = pushes.get(subscriber)
  if (!known)
    pushes.set(subscriber, {cursor: cursor ?? channel.lastSeq, createdAt: now, movedAt: now, parcels: new Map()})
  else if (cursor !== undefined) Object.assign(known, {cursor, movedAt: now})
}

/** Whether a message is in a deliverer's hands. */
export const isInHand = (state: State, {claim, until}: Parcel, now: number): boolean =>
  claim !== undefined && until > now && !isGone(state, claim.holder)

/** The messages that a push consumer is still to be given. */
export function ahead(room: Room, subscriber: string, {cursor}: Push): Stored[] {
  const types = room.subscriptions.get(subscriber)?.types
  return room.messages.filter(
    ({fields}) =>
      fields.seq > cursor && isVisible(fields, {actor: subscriber}) && (types?.includes(fields.type) ?? true),
  )
}

/** The seqs of a channel that retention leaves alone for its subscribers' sake. */
export function awaited(room: Room): Set<Seq> {
  const seqs = [...room.pushes].flatMap(([subscriber, push]) =>
    room.subscriptions.get(subscriber)?.paused ? [] : ahead(room, subscriber, push).map(({fields}) => fields.seq),
  )
  return new Set([...seqs, ...pendingOf(room)])
}

/** The seqs of a channel that are on their way to subscribers. */
export const pendingOf = ({pushes}: Room): Set<Seq> =>
  new Set([...pushes.values()].flatMap(({parcels}) => pendingSeqs(parcels)))

const pendingSeqs = (parcels: Push['parcels']): Seq[] =>
  [...parcels].filter(([, {state}]) => state === 'pending').map(([seq]) => seq)

/** Whether anything waits for delivery to one that isn't paused. */
export const keepsOpen = (room: Room, now: number): boolean =>
  [...room.pushes].some(
    ([subscriber, push]) =>
      !room.subscriptions.get(subscriber)?.paused &&
      (pendingSeqs(push.parcels).length > 0 || ahead(room, subscriber, push).some(({fields}) => isLive(fields, now))),
  )

/** What was delivered or given up goes with its message. */
export function dropParcels({pushes}: Room, seqs: readonly Seq[]): void {
  for (const {parcels} of pushes.values()) for (const seq of seqs) parcels.delete(seq)
}

/** A parcel that nobody has tried to deliver. */
export const newParcel = (room: Room, subscriber: string, stored: Stored, now: number): Parcel => ({
  id: v5(`${stored.fields.seq}/${stored.fields.id}`, room.subscriptions.get(subscriber)!.id),
  stored,
  state: 'pending',
  attempts: 0,
  until: 0,
  createdAt: now,
  history: [],
})

/** A handle is closed: what it has in hand is given back, uncounted. */
export function releaseParcels(state: State, holder: Holder, now: number): void {
  for (const {pushes} of state.rooms.values())
    for (const {parcels} of pushes.values())
      for (const parcel of parcels.values())
        if (parcel.claim?.holder === holder && isInHand(state, parcel, now))
          Object.assign(parcel, {claim: undefined, until: 0, attempts: parcel.attempts - 1})
}

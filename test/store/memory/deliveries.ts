import {
  ATTEMPTS_KEPT,
  attemptOf,
  type Delivery,
  type DeliveryBatch,
  type DeliveryOutcome,
} from '../../../src/model/delivery.js'
import {LeatError} from '../../../src/model/errors.js'
import {isLive} from '../../../src/model/filter.js'
import type {SubscriptionKey} from '../../../src/model/subscription.js'
import {isoTime} from '../../../src/model/time.js'
import type {Deliveries, DeliveryQuery} from '../../../src/store/store.js'
import {bury} from './bury.js'
import {closeIfDrained} from './delayed.js'
import {ahead, isInHand, newParcel} from './pushes.js'
import {type Access, type Parcel, type Push, type Room, room, toMessage} from './state.js'
import {checkEpoch, newToken} from './tokens.js'
import {wake} from './waking.js'

/** Milliseconds between looks whether another deliverer is gone: nobody tells. */
const DEATH_WATCH = 100

export const deliveries = (access: Access): Deliveries => {
  const {state, clock, read, write} = access
  return {
    take: (key, {lease}) => read(() => take(access, key, lease)),

    settle: (token, outcome) =>
      write(() => {
        const owned = ownedBy(access, token)
        if (!owned) return 'stale'
        settle(access, owned, outcome)
        closeIfDrained(state, owned.found, clock())
        return 'settled'
      }),

    extend: (token, lease) =>
      write(() => {
        const owned = ownedBy(access, token)
        if (!owned) throw new LeatError('STALE_CLAIM', `the delivery "${token}" was lost`)
        owned.parcel.until = clock() + lease
      }),

    list: (query) => read(() => list(access, query)),

    retry: (ids) => write(() => [...new Set(ids)].filter((id) => retry(access, id)).length),
  }
}

function take(access: Access, {channel, subscriber}: SubscriptionKey, lease: number): DeliveryBatch {
  const {state, clock} = access
  const now = clock()
  const found = room(state, channel)
  const push = found.pushes.get(subscriber)
  if (!push) throw new LeatError('NOT_FOUND', `nothing is pushed to "${subscriber}" from ${channel}`)
  const seen = found.channel.lastSeq
  if (found.subscriptions.get(subscriber)?.paused) return {seen}
  const held = [...push.parcels.values()].find((parcel) => isInHand(state, parcel, now))
  if (held) {
    const mayDie = held.claim?.holder !== access.holder && state.tellsDeath
    return {seen, readyIn: Math.min(held.until - now, mayDie ? DEATH_WATCH : Infinity)}
  }
  for (const parcel of pending(push)) {
    const {seq} = parcel.stored.fields
    if (parcel.claim === undefined && parcel.until > now) return {seen, readyIn: parcel.until - now}
    if (isLive(parcel.stored.fields, now)) return give(access, found, subscriber, parcel, lease)
    push.parcels.delete(seq)
    closeIfDrained(state, found, now)
    wake(state)
  }
  const next = ahead(found, subscriber, push).find(({fields}) => isLive(fields, now))
  Object.assign(push, {cursor: next?.fields.seq ?? seen, movedAt: now})
  if (next) return give(access, found, subscriber, newParcel(found, subscriber, next, now), lease)
  if (closeIfDrained(state, found, now)) wake(state)
  return {seen}
}

const pending = ({parcels}: Push): Parcel[] =>
  [...parcels.values()]
    .filter((parcel) => parcel.state === 'pending')
    .sort((a, b) => a.stored.fields.seq - b.stored.fields.seq)

function give(access: Access, found: Room, subscriber: string, parcel: Parcel, lease: number): DeliveryBatch {
  const {state, ids, clock, holder} = access
  const {seq} = parcel.stored.fields
  const {parcels, cursor} = found.pushes.get(subscriber)!
  const token = newToken(state, ids)
  const before = parcels.get(seq)
  // One that was delivered is given again when the subscription was set back.
  if (before && before !== parcel) Object.assign(parcel, {history: before.history, createdAt: before.createdAt})
  Object.assign(parcel, {attempts: parcel.attempts + 1, until: clock() + lease, claim: {token, holder}})
  parcels.set(seq, parcel)
  const delivery = toDelivery(access, found, subscriber, parcel)
  return {claim: {token, delivery, message: toMessage(found, parcel.stored)}, seen: Math.max(cursor, seq)}
}

interface Owned {
  found: Room
  subscriber: string
  parcel: Parcel
}

/** What a token has in hand. @throws NOT_FOUND a token of another store */
function ownedBy({state, clock}: Access, token: string): Owned | undefined {
  checkEpoch(state, token)
  for (const found of state.rooms.values())
    for (const [subscriber, {parcels}] of found.pushes)
      for (const parcel of parcels.values())
        if (parcel.claim?.token === token && isInHand(state, parcel, clock())) return {found, subscriber, parcel}
  return undefined
}

function settle({state, ids, clock}: Access, {found, subscriber, parcel}: Owned, outcome: DeliveryOutcome): void {
  const now = clock()
  parcel.claim = undefined
  if (outcome.as === 'released') {
    Object.assign(parcel, {attempts: parcel.attempts - 1, until: outcome.delay === 0 ? 0 : now + outcome.delay})
    return
  }
  parcel.history = [...parcel.history, attemptOf(outcome, isoTime(now))].slice(-ATTEMPTS_KEPT)
  parcel.until = outcome.as === 'retry' ? now + outcome.delay : 0
  if (outcome.as !== 'retry') parcel.state = outcome.as
  if (outcome.as === 'failed')
    bury(state, {
      id: ids(),
      room: found,
      subscriber,
      message: parcel.stored,
      attempts: parcel.attempts,
      reason: outcome.error,
      diedAt: now,
    })
}

function list(access: Access, {channel, subscriber, seq, idEnd, state, after, limit}: DeliveryQuery): Delivery[] {
  const key = (one: {channel: string; subscriber: string; seq: number}): string =>
    `${one.channel}\n${one.subscriber}\n${String(one.seq).padStart(16, '0')}`
  return [...access.state.rooms.values()]
    .flatMap((found) =>
      [...found.pushes].flatMap(([name, {parcels}]) =>
        [...parcels.values()].map((parcel) => toDelivery(access, found, name, parcel)),
      ),
    )
    .filter((one) => channel === undefined || one.channel === channel)
    .filter((one) => subscriber === undefined || one.subscriber === subscriber)
    .filter((one) => seq === undefined || one.seq === seq)
    .filter((one) => idEnd === undefined || one.id.replaceAll('-', '').endsWith(idEnd.replaceAll('-', '')))
    .filter((one) => state === undefined || one.state === state)
    .filter((one) => after === undefined || key(one) > key(after))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .slice(0, limit)
}

function toDelivery({state, clock}: Access, {channel}: Room, subscriber: string, parcel: Parcel): Delivery {
  const now = clock()
  const {id, stored, attempts, until, claim, createdAt, history} = parcel
  const held = isInHand(state, parcel, now)
  const nextAt = claim === undefined && until > 0 ? until : now
  return {
    id,
    channel: channel.name,
    subscriber,
    seq: stored.fields.seq,
    messageId: stored.fields.id,
    state: parcel.state,
    attempts,
    ...(parcel.state === 'pending' && !held && {nextAt: isoTime(nextAt)}),
    ...(held && claim && {held: {holder: claim.holder.name, until: isoTime(until)}}),
    createdAt: isoTime(createdAt),
    history: structuredClone(history),
  }
}

function retry({state, clock}: Access, id: string): boolean {
  const now = clock()
  for (const found of state.rooms.values())
    for (const [subscriber, {parcels}] of found.pushes)
      for (const parcel of parcels.values()) {
        if (parcel.id !== id || !isLive(parcel.stored.fields, now)) continue
        if (parcel.state === 'delivered' || isInHand(state, parcel, now)) return false
        if (parcel.state === 'failed') {
          parcel.attempts = 0
          state.dead = state.dead.filter(
            (dead) =>
              dead.room !== found ||
              dead.subscriber !== subscriber ||
              dead.message.fields.id !== parcel.stored.fields.id,
          )
        }
        Object.assign(parcel, {state: 'pending', until: 0, claim: undefined})
        return true
      }
  return false
}

import {randomUUID} from 'node:crypto'
import {LeatError} from '../../../src/model/errors.js'
import type {Subscription, SubscriptionSettings} from '../../../src/model/subscription.js'
import {isoTime} from '../../../src/model/time.js'
import type {Subscriptions} from '../../../src/store/store.js'
import {closeIfDrained} from './delayed.js'
import {placePush} from './pushes.js'
import {type Access, room, type State} from './state.js'

export const subscriptions = ({state, clock, read, write}: Access): Subscriptions => ({
  put: (channel, subscriber, settings, by, cursor) =>
    write(() => {
      const now = clock()
      const found = room(state, channel)
      if (cursor !== undefined && cursor > found.channel.lastSeq)
        throw new LeatError('INVALID', `${channel} has no place ${cursor}: its last is ${found.channel.lastSeq}`)
      const before = found.subscriptions.get(subscriber)
      const base: Subscription = before ?? {
        id: randomUUID(),
        channel,
        subscriber,
        kind: 'user',
        paused: false,
        createdAt: isoTime(now),
        createdBy: by,
      }
      const subscription = changed(base, settings)
      found.subscriptions.set(subscriber, subscription)
      const reader = found.readers.get(subscriber)
      if (!reader)
        found.readers.set(subscriber, {cursor: cursor ?? found.channel.lastSeq, createdAt: now, movedAt: now})
      else if (cursor !== undefined) Object.assign(reader, {cursor, movedAt: now, hold: undefined})
      placePush(found, subscriber, now, cursor)
      closeIfDrained(state, found, now)
      return {subscription: structuredClone(subscription), created: before === undefined}
    }),

  list: ({channel, subscriber}) =>
    read(() =>
      [...state.rooms.values()]
        .filter((found) => channel === undefined || found.channel.name === channel)
        .flatMap((found) => [...found.subscriptions.values()])
        .filter((subscription) => subscriber === undefined || subscription.subscriber === subscriber)
        .map((subscription) => structuredClone(subscription)),
    ),

  secrets: (channel, subscriber) => read(() => [...secretsOf(state, channel, subscriber)]),

  addSecret: (channel, subscriber, secret, {keep, ifNone = false}) =>
    write(() => {
      const before = secretsOf(state, channel, subscriber)
      if (ifNone && before.length > 0) return [...before]
      const secrets = [secret, ...before].slice(0, keep)
      room(state, channel).secrets.set(subscriber, secrets)
      return [...secrets]
    }),

  remove: (channel, subscriber, {forget = false} = {}) =>
    write(() => {
      const found = state.rooms.get(channel)
      if (forget) found?.readers.delete(subscriber)
      if (!found) return false
      const removed = found.subscriptions.delete(subscriber)
      found.secrets.delete(subscriber)
      found.pushes.delete(subscriber)
      closeIfDrained(state, found, clock())
      return removed
    }),
})

/** @throws NOT_FOUND */
function secretsOf(state: State, channel: string, subscriber: string): readonly string[] {
  const found = state.rooms.get(channel)
  if (found?.subscriptions.has(subscriber)) return found.secrets.get(subscriber) ?? []
  throw new LeatError('NOT_FOUND', `${subscriber} is not subscribed to "${channel}"`)
}

/** `null` takes a setting away, undefined leaves it. */
function changed(subscription: Subscription, settings: SubscriptionSettings): Subscription {
  const kept = Object.entries({...subscription, ...given(settings)}).filter(
    ([name, value]) => value !== null && !(name === 'allowPrivate' && value === false),
  )
  return structuredClone(Object.fromEntries(kept)) as unknown as Subscription
}

const given = (settings: SubscriptionSettings): SubscriptionSettings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))

import {randomUUID} from 'node:crypto'
import {LeatError} from '../../../src/model/errors.js'
import type {Subscription, SubscriptionSettings} from '../../../src/model/subscription.js'
import {isoTime} from '../../../src/model/time.js'
import type {Subscriptions} from '../../../src/store/store.js'
import {type Access, room} from './state.js'

const unmade = async (): Promise<never> => {
  throw new LeatError('INTERNAL', 'not made yet')
}

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

  secrets: unmade,
  addSecret: unmade,

  remove: (channel, subscriber, {forget = false} = {}) =>
    write(() => {
      const found = state.rooms.get(channel)
      if (forget) found?.readers.delete(subscriber)
      return found?.subscriptions.delete(subscriber) ?? false
    }),
})

/** `null` takes a setting away, undefined leaves it. */
function changed(subscription: Subscription, settings: SubscriptionSettings): Subscription {
  const kept = Object.entries({...subscription, ...given(settings)}).filter(([, value]) => value !== null)
  return structuredClone(Object.fromEntries(kept)) as unknown as Subscription
}

const given = (settings: SubscriptionSettings): SubscriptionSettings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))

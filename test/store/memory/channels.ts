import {type Channel, type ChannelSummary, changeSettings} from '../../../src/model/channel.js'
import {LeatError} from '../../../src/model/errors.js'
import {isLive, isVisible} from '../../../src/model/filter.js'
import {isoTime} from '../../../src/model/time.js'
import type {Channels, SummaryQuery} from '../../../src/store/store.js'
import {append} from './append.js'
import {closeIfDrained} from './delayed.js'
import {addGrant} from './grants.js'
import {prune} from './prune.js'
import {placePush} from './pushes.js'
import {type Access, newRoom, type Room, room, type State, toMessage} from './state.js'

export const channels = ({state, clock, read, write}: Access): Channels => ({
  create: (name, settings, by, granted = []) =>
    write(() => {
      checkFree(state, name)
      const channel: Channel = {
        restricted: false,
        retention: {},
        metadata: {},
        hidden: false,
        ...structuredClone(settings),
        name,
        state: 'open',
        createdAt: isoTime(clock()),
        createdBy: by,
        lastSeq: state.left.get(name) ?? 0,
      }
      const made = newRoom(channel)
      for (const {permission, ...to} of granted) addGrant(state, made, to, permission)
      state.rooms.set(name, made)
      return structuredClone(channel)
    }),

  get: (name) => read(() => structuredClone(state.rooms.get(name)?.channel)),

  all: () => read(() => sorted(state).map((found) => structuredClone(found.channel))),

  summaries: (query) =>
    read(() =>
      query.channels.flatMap(({name, all = false}) => {
        const found = state.rooms.get(name)
        return found ? [summary(found, query, all, clock())] : []
      }),
    ),

  update: (name, change) =>
    write(() => {
      const found = room(state, name)
      found.channel = structuredClone(changeSettings(found.channel, change))
      for (const subscriber of found.subscriptions.keys()) placePush(found, subscriber, clock())
      closeIfDrained(state, found, clock())
      return structuredClone(found.channel)
    }),

  setState: (name, to, last) =>
    write(() => {
      const found = room(state, name)
      if (last) append(state, [last], clock(), {always: true})
      found.channel = {...found.channel, state: to}
      closeIfDrained(state, found, clock())
      return structuredClone(found.channel)
    }),

  rename: (name, to) =>
    write(() => {
      const found = room(state, name)
      checkFree(state, to, name)
      state.rooms.delete(name)
      state.left.set(name, found.channel.lastSeq)
      found.channel = {...found.channel, name: to, lastSeq: Math.max(found.channel.lastSeq, state.left.get(to) ?? 0)}
      for (const [subscriber, subscription] of found.subscriptions)
        found.subscriptions.set(subscriber, {...subscription, channel: to})
      state.rooms.set(to, found)
      return structuredClone(found.channel)
    }),

  delete: (name) =>
    write(() => {
      const found = room(state, name)
      state.rooms.delete(name)
      state.left.set(name, found.channel.lastSeq)
      state.delayed = state.delayed.filter((delayed) => delayed.room !== found)
      state.dead = state.dead.filter((dead) => dead.room !== found)
      state.grants = state.grants.filter((grant) => grant.room !== found)
      return found.messages.length
    }),

  prune: (name, options) => write(() => prune(state, room(state, name), options, clock())),
})

const sorted = (state: State): Room[] =>
  [...state.rooms.values()].sort((a, b) => (a.channel.name < b.channel.name ? -1 : 1))

function checkFree(state: State, name: string, except?: string): void {
  for (const taken of state.rooms.keys())
    if (taken.toLowerCase() === name.toLowerCase() && taken !== except)
      throw new LeatError('EXISTS', `there is a channel "${taken}" in ${state.label} already`, {
        hint: `leat channel show ${taken}`,
      })
}

function summary(found: Room, {actor, reader = actor}: SummaryQuery, all: boolean, now: number): ChannelSummary {
  const live = found.messages.filter(({fields}) => isLive(fields, now))
  const seen = live.filter(({fields}) => isVisible(fields, {actor, all}))
  const last = seen.at(-1)
  const cursor = found.readers.get(reader)?.cursor ?? 0
  return {
    ...structuredClone(found.channel),
    messages: seen.length,
    unread: live.filter(({fields}) => fields.seq > cursor && isVisible(fields, {actor})).length,
    subscribers: found.subscriptions.size,
    ...(last && {last: toMessage(found, last)}),
  }
}

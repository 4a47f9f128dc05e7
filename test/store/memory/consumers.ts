import type {Consumer, Move} from '../../../src/model/consumer.js'
import {LeatError} from '../../../src/model/errors.js'
import {isLive, isVisible} from '../../../src/model/filter.js'
import type {Message, Seq} from '../../../src/model/message.js'
import {isoTime} from '../../../src/model/time.js'
import {matcherOf} from '../../../src/model/where.js'
import type {Consumers, ReaderKey} from '../../../src/store/store.js'
import {forgetGroup, groupConsumer} from './groups.js'
import {isHeld, LEASE, ownHold, take} from './holds.js'
import {type Access, type Reader, type Room, room, view} from './state.js'

export const consumers = (access: Access): Consumers => {
  const {state, clock, read, write} = access
  return {
    take: (key, options) => take(access, key, options),

    commit: (key, token, seq) =>
      write(() => {
        const {reader, hold} = ownHold(state, key, token, clock())
        if (seq > hold.upTo)
          throw new LeatError('INVALID', `${key.channel}/${seq} is behind the batch, which ends at ${hold.upTo}`)
        if (seq > reader.cursor) Object.assign(reader, {cursor: seq, movedAt: clock()})
        if (seq === hold.upTo) reader.hold = undefined
      }),

    extend: (key, token) =>
      write(() => {
        ownHold(state, key, token, clock()).hold.until = clock() + LEASE
      }),

    release: (key, token) =>
      write(() => {
        const reader = state.rooms.get(key.channel)?.readers.get(key.reader)
        if (reader?.hold?.token === token) reader.hold = undefined
      }),

    get: ({channel, kind, name}) =>
      read(() => {
        const found = state.rooms.get(channel)
        return found && consumersOf(access, found).find((one) => one.kind === kind && one.name === name)
      }),

    list: (query) =>
      read(() =>
        [...state.rooms.values()]
          .filter(({channel}) => query.channel === undefined || channel.name === query.channel)
          .flatMap((found) => consumersOf(access, found))
          .filter(({kind}) => query.kind === undefined || kind === query.kind)
          .filter(({name}) => query.name === undefined || name === query.name),
      ),

    seek: (key, seq, options) => write(() => seek(access, key, seq, options)),

    unread: async ({channel, reader}, {actor, filter = {}}) => {
      const wants = await matcherOf(filter)
      return read(() => {
        const found = state.rooms.get(channel)
        return found
          ? countBetween(found, found.readers.get(reader)?.cursor ?? 0, Infinity, {actor, wants, now: clock()})
          : 0
      })
    },

    forget: ({channel, kind, name}) =>
      write(() => {
        const found = state.rooms.get(channel)
        if (!found || kind === 'push') return false
        return kind === 'reader' ? found.readers.delete(name) : forgetGroup(state, found, name, clock())
      }),
  }
}

function seek(
  {state, clock}: Access,
  {channel, reader: name}: ReaderKey,
  seq: Seq,
  {actor, dryRun = false, forwardOnly = false}: {actor: string; dryRun?: boolean; forwardOnly?: boolean},
): Move {
  const found = room(state, channel)
  const now = clock()
  if (!Number.isSafeInteger(seq) || seq < 0 || seq > found.channel.lastSeq)
    throw new LeatError('INVALID', `${channel} has no place ${seq}: its last is ${found.channel.lastSeq}`)
  const reader = found.readers.get(name)
  if (reader && isHeld(state, reader, now))
    throw new LeatError('BUSY', `${name} is being handed messages of ${channel}`)
  const from = reader?.cursor ?? 0
  const to = forwardOnly ? Math.max(from, seq) : seq
  if (!dryRun) found.readers.set(name, {...(reader ?? {createdAt: now}), cursor: to, movedAt: now, hold: undefined})
  const seen = {actor, wants: () => true, now}
  return {
    channel,
    reader: name,
    from,
    to,
    again: countBetween(found, to, from, seen),
    skipped: countBetween(found, from, to, seen),
  }
}

/** Messages behind `after`, up to `upTo`, that the actor would be given. */
function countBetween(
  found: Room,
  after: Seq,
  upTo: Seq,
  {actor, wants, now}: {actor: string; wants: (message: Message) => boolean; now: number},
): number {
  return found.messages
    .filter(({fields}) => fields.seq > after && fields.seq <= upTo)
    .filter(({fields}) => isLive(fields, now) && isVisible(fields, {actor}))
    .filter((stored) => wants(view(found, stored))).length
}

const consumersOf = (access: Access, found: Room): Consumer[] => [
  ...[...found.readers].map(([name, reader]) => toConsumer(access, found, name, reader)),
  ...[...found.groups].map(([name, group]) => groupConsumer(access.state, found, name, group)),
  ...[...found.pushes].map(([name, {cursor, createdAt, movedAt}]) => ({
    channel: found.channel.name,
    kind: 'push' as const,
    name,
    cursor,
    createdAt: isoTime(createdAt),
    movedAt: isoTime(movedAt),
  })),
]

function toConsumer({state, clock}: Access, {channel}: Room, name: string, reader: Reader): Consumer {
  const {cursor, createdAt, movedAt, hold} = reader
  return {
    channel: channel.name,
    kind: 'reader',
    name,
    cursor,
    createdAt: isoTime(createdAt),
    movedAt: isoTime(movedAt),
    ...(hold &&
      isHeld(state, reader, clock()) && {
        held: {holder: hold.holder.name, until: isoTime(hold.until), from: hold.from, to: hold.to},
      }),
  }
}

import type {MessageFields, Seq} from '../../../src/model/message.js'
import {type Positions, seqIn} from '../../../src/model/position.js'
import type {Placed, Transfer} from '../../../src/store/store.js'
import {digestOf} from './digest.js'
import {place} from './place.js'
import {checkCase, restoreOne} from './restore.js'
import {type Access, copy, type Room, room, type State} from './state.js'

export const transfer = ({state, read, write}: Access): Transfer => ({
  put: (messages, tails) => write(() => put(state, messages, tails)),

  restore: (things) =>
    write(() => {
      for (const thing of things)
        if (thing.record === 'channel') checkCase(state, thing.channel.name)
        else checkRoom(state, things, thing)
      return things.map((thing) => restoreOne(state, thing))
    }),

  settle: (name, {lastSeq = 0, ...change}) =>
    write(() => {
      const found = room(state, name)
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      found.channel = {
        ...found.channel,
        ...structuredClone(given),
        lastSeq: Math.max(found.channel.lastSeq, lastSeq),
      }
      return structuredClone(found.channel)
    }),

  conversations: (channels) =>
    read(() => {
      const rooms = channels?.flatMap((name) => state.rooms.get(name) ?? [])
      return [...state.conversations.values()]
        .filter(
          ({conversation: {name}}) =>
            rooms === undefined ||
            rooms.some(({messages}) => messages.some(({fields}) => fields.conversation === name)),
        )
        .map(({conversation, byHand}) => ({...structuredClone(conversation), byHand}))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    }),
})

/** All or none: what is for a channel that is neither there nor being made is refused before anything is made. */
function checkRoom(state: State, things: Parameters<Transfer['restore']>[0], thing: (typeof things)[number]): void {
  const name = channelOf(thing)
  if (name === undefined || things.some((one) => one.record === 'channel' && one.channel.name === name)) return
  room(state, name)
}

function channelOf(thing: Parameters<Transfer['restore']>[0][number]): string | undefined {
  switch (thing.record) {
    case 'grant':
      return thing.grant.channel
    case 'subscription':
      return thing.subscription.channel
    case 'consumer':
      return thing.consumer.channel
    case 'delivery':
      return thing.delivery.channel
    case 'deadLetter':
      return thing.deadLetter.channel
    case 'scheduled':
      return thing.scheduled.message.channel
    default:
      return undefined
  }
}

function put(state: State, messages: readonly MessageFields[], tails: Positions): {placed: Placed[]; tails: Positions} {
  for (const {channel} of messages) room(state, channel)
  const reached = new Map<string, Seq>()
  const placed: Placed[] = []
  for (const message of messages) {
    const {channel} = message
    const tail = reached.get(channel) ?? seqIn(tails, channel) ?? 0
    const one = putOne(state, room(state, channel), message, tail)
    placed.push(one)
    if (one.as === 'conflict') break
    reached.set(channel, one.seq === message.seq && tail >= 0 ? one.seq : -1)
  }
  return {placed, tails: {...tails, ...Object.fromEntries(reached)}}
}

function putOne(state: State, found: Room, message: MessageFields, tail: Seq): Placed {
  const {channel: _, seq: given, ...fields} = message
  const digest = digestOf(message)
  const there = found.byId.get(message.id)
  if (there) {
    const same = there.digest === digest && message.redactedAt === undefined
    return there.fields.sender === message.sender && (there.fields.redactedAt !== undefined || same)
      ? {as: 'there', seq: there.fields.seq}
      : {as: 'conflict', message: `another message has the id ${message.id}`}
  }
  if (state.delayed.some(({room, outgoing}) => room === found && outgoing.id === message.id))
    return {as: 'conflict', message: `a delayed message has the id ${message.id}`}
  if (message.key !== undefined && found.byKey.has(message.key))
    return {as: 'conflict', message: `another message has the key ${message.key}`}
  const {conversation: name, time, sender} = message
  if (name !== undefined && !state.conversations.has(name))
    state.conversations.set(name, {
      conversation: {name, metadata: {}, createdAt: time, createdBy: sender},
      byHand: false,
    })
  if (found.channel.lastSeq === tail && given > tail) found.channel = {...found.channel, lastSeq: given - 1}
  return {as: 'stored', seq: place(state, found, copy(fields), digest).fields.seq}
}

import type {Channel} from '../../../src/model/channel.js'
import type {DeadLetter} from '../../../src/model/dead-letter.js'
import {LeatError} from '../../../src/model/errors.js'
import type {Grant} from '../../../src/model/permission.js'
import type {ScheduledMessage} from '../../../src/model/scheduled.js'
import type {Belonging, SentDelivery, StoredConversation, TransferConsumer} from '../../../src/model/transfer.js'
import {digestOf} from './digest.js'
import {addGrant} from './grants.js'
import {copy, type Group, newRoom, type Push, room, type State} from './state.js'

/** Makes one thing, if it isn't there. */
export function restoreOne(state: State, thing: Belonging): boolean {
  switch (thing.record) {
    case 'role':
      return addTo(state.roles, thing.role.name, structuredClone(thing.role))
    case 'channel':
      return restoreChannel(state, thing.channel)
    case 'conversation':
      return restoreConversation(state, thing.conversation)
    case 'grant':
      return restoreGrant(state, thing.grant)
    case 'subscription': {
      const {channel, subscriber} = thing.subscription
      return addTo(room(state, channel).subscriptions, subscriber, structuredClone(thing.subscription))
    }
    case 'consumer':
      return restoreConsumer(state, thing.consumer)
    case 'delivery':
      return restoreDelivery(state, thing.delivery)
    case 'deadLetter':
      return restoreDeadLetter(state, thing.deadLetter)
    case 'scheduled':
      return restoreScheduled(state, thing.scheduled)
  }
}

function addTo<T>(map: Map<string, T>, name: string, value: T): boolean {
  if (map.has(name)) return false
  map.set(name, value)
  return true
}

/** @throws EXISTS the name is taken in other case */
export function checkCase(state: State, name: string): void {
  for (const taken of state.rooms.keys())
    if (taken.toLowerCase() === name.toLowerCase() && taken !== name)
      throw new LeatError('EXISTS', `there is a channel "${taken}" already`)
}

const restoreChannel = (state: State, channel: Channel): boolean =>
  addTo(state.rooms, channel.name, newRoom({...structuredClone(channel), lastSeq: state.left.get(channel.name) ?? 0}))

function restoreConversation(state: State, {byHand, ...conversation}: StoredConversation): boolean {
  const before = state.conversations.get(conversation.name)
  if (before && (before.byHand || !byHand)) return false
  state.conversations.set(conversation.name, {conversation: structuredClone(conversation), byHand})
  return true
}

function restoreGrant(state: State, {channel, actor = '', role, permission}: Grant): boolean {
  if (role !== undefined && !state.roles.has(role)) return false
  const before = state.grants.length
  addGrant(
    state,
    channel === undefined ? undefined : room(state, channel),
    role === undefined ? {actor} : {role},
    permission,
  )
  return state.grants.length > before
}

function restoreConsumer(state: State, consumer: TransferConsumer): boolean {
  const {channel, kind, name, cursor, inFlight = [], pending = []} = consumer
  const found = room(state, channel)
  const times = {createdAt: Date.parse(consumer.createdAt), movedAt: Date.parse(consumer.movedAt)}
  if (kind === 'reader') return addTo(found.readers, name, {cursor, ...times})
  if (kind === 'push') {
    const push: Push = {cursor, ...times, parcels: new Map()}
    if (!addTo(found.pushes, name, push)) return false
    for (const delivery of pending) restoreDelivery(state, delivery)
    return true
  }
  const group: Group = {cursor, ...times, inFlight: new Map(), workers: new Map()}
  if (!addTo(found.groups, name, group)) return false
  for (const {seq, attempt, state: was, until, reason} of inFlight) {
    const stored = found.messages.find(({fields}) => fields.seq === seq)
    const ready = was === 'claimed' ? 0 : Date.parse(until)
    if (stored) group.inFlight.set(seq, {stored, attempt, until: ready, ...(reason !== undefined && {reason})})
  }
  return true
}

function restoreDelivery(state: State, delivery: SentDelivery): boolean {
  const {channel, subscriber, seq, nextAt, createdAt, ...rest} = delivery
  const found = room(state, channel)
  const stored = found.messages.find(({fields}) => fields.seq === seq)
  const push = found.pushes.get(subscriber)
  if (!stored || !push || push.parcels.has(seq)) return false
  const until = nextAt === undefined ? 0 : Date.parse(nextAt)
  push.parcels.set(seq, {...structuredClone(rest), stored, until, createdAt: Date.parse(createdAt)})
  return true
}

function restoreDeadLetter(state: State, {channel, message, diedAt, ...rest}: DeadLetter): boolean {
  if (state.dead.some(({id}) => id === rest.id)) return false
  const {channel: _, ...fields} = message
  state.dead.push({
    ...rest,
    room: room(state, channel),
    message: {fields: copy(fields), digest: digestOf(message)},
    diedAt: Date.parse(diedAt),
  })
  return true
}

function restoreScheduled(state: State, {message, deliverAt}: ScheduledMessage): boolean {
  const {channel, seq: _, time: __, sentAt = deliverAt, redactedAt, redactedBy = '', expiresAt, ...fields} = message
  const found = room(state, channel)
  const {id, key} = message
  const waits = state.delayed.some(
    ({room: of, outgoing}) => of === found && (outgoing.id === id || (key !== undefined && outgoing.key === key)),
  )
  if (waits || found.byId.has(id) || (key !== undefined && found.byKey.has(key))) return false
  const {thread, ...rest} = copy(fields)
  state.delayed.push({
    room: found,
    outgoing: {
      ...rest,
      ...(thread !== id && {thread}),
      ...(expiresAt !== undefined && {expiresAt: Date.parse(expiresAt)}),
      channels: [channel],
      deliverAt: Date.parse(deliverAt),
    },
    sentAt: Date.parse(sentAt),
    digest: digestOf(message),
    ...(redactedAt !== undefined && {redacted: {redactedAt, redactedBy}}),
  })
  return true
}

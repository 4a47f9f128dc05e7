import {checkAccepts} from '../../../src/model/channel.js'
import type {Receipt, Sent} from '../../../src/model/message.js'
import {isoTime} from '../../../src/model/time.js'
import type {Outgoing} from '../../../src/store/store.js'
import {digestOf} from './digest.js'
import {earlier} from './earlier.js'
import {fieldsOf, place} from './place.js'
import {applyRetention, deleteExpired, isBelievable} from './prune.js'
import {type Room, room, type State} from './state.js'

/** Stores messages, all or none. With `always` a channel takes them whatever its state. */
export function append(state: State, messages: readonly Outgoing[], now: number, {always = false} = {}): Receipt[] {
  const undo = remember(state, messages)
  try {
    const rooms = [...new Set(messages.flatMap(({channels}) => channels))].map((name) => room(state, name))
    // A clock that jumped must not empty a channel: what is stored now doesn't speak for it.
    const believed = rooms.filter((found) => isBelievable(state, found, now))
    for (const found of believed) deleteExpired(found, now)
    const receipts = messages.map((outgoing) => appendOne(state, outgoing, now, always))
    for (const found of rooms) applyRetention(found, now, believed.includes(found))
    return receipts
  } catch (error) {
    undo()
    throw error
  }
}

function appendOne(state: State, outgoing: Outgoing, now: number, always: boolean): Receipt {
  const digest = digestOf(outgoing)
  const rooms = outgoing.channels.map((name) => room(state, name))
  const known = rooms.map((found) => earlier(state, found, outgoing, digest))
  const first = known.find((one) => one !== undefined)
  const sent = rooms.map((found, index): Sent => {
    const before = known[index]
    if (before) return before.sent
    if (!always) checkAccepts(found.channel, outgoing.replyTo !== undefined)
    return store(state, found, {...outgoing, id: first?.id ?? outgoing.id}, digest, now)
  })
  nameConversation(state, outgoing, now)
  return {
    id: first?.id ?? outgoing.id,
    thread: first?.thread ?? outgoing.thread ?? outgoing.id,
    time: first?.time ?? isoTime(now),
    sent,
    ...(known.every((one) => one !== undefined) && {duplicate: true}),
  }
}

function store(state: State, found: Room, outgoing: Outgoing, digest: string, now: number): Sent {
  const channel = found.channel.name
  const {deliverAt} = outgoing
  if (deliverAt === undefined || deliverAt <= now)
    return {channel, seq: place(state, found, fieldsOf(outgoing, {time: now}), digest).fields.seq}
  state.delayed.push({room: found, outgoing: {...structuredClone(outgoing), deliverAt}, sentAt: now, digest})
  return {channel, deliverAt: isoTime(deliverAt)}
}

function nameConversation(state: State, {conversation: name, sender}: Outgoing, now: number): void {
  if (name === undefined || state.conversations.has(name)) return
  const conversation = {name, metadata: {}, createdAt: isoTime(now), createdBy: sender}
  state.conversations.set(name, {conversation, byHand: false})
}

/** Remembers what an append may change, and puts it back. */
function remember(state: State, messages: readonly Outgoing[]): () => void {
  const touched = [...new Set(messages.flatMap(({channels}) => channels))].flatMap(
    (name) => state.rooms.get(name) ?? [],
  )
  // What is deleted makes a new list, what is stored makes a list longer.
  const before = touched.map((found) => ({
    found,
    channel: found.channel,
    list: found.messages,
    length: found.messages.length,
    parcels: [...found.pushes.values()].map((push) => ({push, before: new Map(push.parcels)})),
  }))
  const {delayed, stored} = {delayed: [...state.delayed], stored: state.stored}
  const conversations = new Map(state.conversations)
  return () => {
    for (const {found, channel, list, length, parcels} of before) {
      for (const {push, before} of parcels) push.parcels = before

      for (const {fields} of found.messages) forget(found, fields)
      list.length = length
      found.messages = list
      for (const one of list) {
        found.byId.set(one.fields.id, one)
        if (one.fields.key !== undefined) found.byKey.set(one.fields.key, one)
      }
      found.channel = channel
    }
    Object.assign(state, {delayed, stored, conversations})
  }
}

function forget({byId, byKey}: Room, {id, key}: {id: string; key?: string}): void {
  byId.delete(id)
  if (key !== undefined) byKey.delete(key)
}

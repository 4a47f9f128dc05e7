import {checkAccepts} from '../../../src/model/channel.js'
import {LeatError} from '../../../src/model/errors.js'
import type {Receipt, Sent} from '../../../src/model/message.js'
import {isoTime} from '../../../src/model/time.js'
import type {Outgoing} from '../../../src/store/store.js'
import {place} from './place.js'
import {prune} from './prune.js'
import {type Delayed, digestOf, type Room, room, type State} from './state.js'

/** Stores messages, all or none. */
export function append(state: State, messages: readonly Outgoing[], now: number): Receipt[] {
  const undo = remember(state, messages)
  try {
    const receipts = messages.map((outgoing) => appendOne(state, outgoing, now))
    for (const name of new Set(messages.flatMap(({channels}) => channels)))
      prune(state, room(state, name), {retention: true}, now)
    return receipts
  } catch (error) {
    undo()
    throw error
  }
}

function appendOne(state: State, outgoing: Outgoing, now: number): Receipt {
  const digest = digestOf(outgoing)
  const rooms = outgoing.channels.map((name) => room(state, name))
  const known = rooms.map((found) => earlier(state, found, outgoing, digest))
  const first = known.find((one) => one !== undefined)
  const sent = rooms.map((found, index): Sent => {
    const before = known[index]
    if (before) return before.sent
    checkAccepts(found.channel, outgoing.replyTo !== undefined)
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
    return {channel, seq: place(state, found, outgoing, {time: now, digest}).fields.seq}
  state.delayed.push({room: found, outgoing: {...structuredClone(outgoing), deliverAt}, sentAt: now, digest})
  return {channel, deliverAt: isoTime(deliverAt)}
}

interface Known {
  id: string
  thread: string
  time: string
  sent: Sent
}

/** Where the same message was stored or put off before. @throws CONFLICT */
function earlier(state: State, found: Room, outgoing: Outgoing, digest: string): Known | undefined {
  const channel = found.channel.name
  const byId = found.byId.get(outgoing.id)
  const stored = byId ?? (outgoing.key === undefined ? undefined : found.byKey.get(outgoing.key))
  if (stored) {
    const {id, thread, time, seq, sender} = stored.fields
    check(outgoing, channel, sender === outgoing.sender && stored.digest === digest, byId !== undefined)
    return {id, thread, time, sent: {channel, seq}}
  }
  const waiting = state.delayed.find((delayed) => delayed.room === found && isSame(delayed, outgoing))
  if (!waiting) return undefined
  const {id, thread = id, sender, deliverAt} = waiting.outgoing
  check(outgoing, channel, sender === outgoing.sender && waiting.digest === digest, id === outgoing.id)
  return {id, thread, time: isoTime(waiting.sentAt), sent: {channel, deliverAt: isoTime(deliverAt)}}
}

const isSame = ({outgoing: {id, key}}: Delayed, other: Outgoing): boolean =>
  id === other.id || (key !== undefined && key === other.key)

function check({id, key}: Outgoing, channel: string, same: boolean, byId: boolean): void {
  if (same) return
  const name = byId ? `id ${id}` : `key ${JSON.stringify(key)}`
  throw new LeatError('CONFLICT', `${channel} has another message with the ${name}`)
}

function nameConversation(state: State, {conversation: name, sender}: Outgoing, now: number): void {
  if (name === undefined || state.conversations.has(name)) return
  const conversation = {name, metadata: {}, createdAt: isoTime(now), createdBy: sender}
  state.conversations.set(name, {conversation, byHand: false})
}

/** Remembers what an append may change, and puts it back. Cheap: nothing but ends of lists. */
function remember(state: State, messages: readonly Outgoing[]): () => void {
  const touched = [...new Set(messages.flatMap(({channels}) => channels))].flatMap(
    (name) => state.rooms.get(name) ?? [],
  )
  const before = touched.map((found) => ({found, channel: found.channel, length: found.messages.length}))
  const {delayed, stored} = {delayed: [...state.delayed], stored: state.stored}
  const conversations = new Map(state.conversations)
  return () => {
    for (const {found, channel, length} of before) {
      for (const {fields} of found.messages.splice(length)) {
        found.byId.delete(fields.id)
        if (fields.key !== undefined) found.byKey.delete(fields.key)
      }
      found.channel = channel
    }
    Object.assign(state, {delayed, stored, conversations})
  }
}

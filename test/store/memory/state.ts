import {createHash, randomUUID} from 'node:crypto'
import type {Channel} from '../../../src/model/channel.js'
import type {Body} from '../../../src/model/content.js'
import type {Conversation} from '../../../src/model/conversation.js'
import {LeatError} from '../../../src/model/errors.js'
import {Message, type MessageFields, type Seq} from '../../../src/model/message.js'
import type {Permission} from '../../../src/model/permission.js'
import type {Subscription} from '../../../src/model/subscription.js'
import {isoTime} from '../../../src/model/time.js'
import type {Outgoing} from '../../../src/store/store.js'

/** Everything that is stored; the handles of one store share one state. */
export interface State {
  label: string
  epoch: string
  createdAt: string
  /** Whether holds of a handle that died are free at once, or only when their lease ends. */
  tellsDeath: boolean
  rooms: Map<string, Room>
  /** The last seq of names that were used and left (law 2). */
  left: Map<string, Seq>
  delayed: Delayed[]
  conversations: Map<string, StoredConversation>
  /** Counts places, over all channels, in the order they were stored. */
  stored: number
  /** Called after each change. */
  watchers: Set<() => void>
}

/** A channel with all that goes along when it is renamed or deleted. */
export interface Room {
  channel: Channel
  /** By seq. */
  messages: Stored[]
  byId: Map<string, Stored>
  byKey: Map<string, Stored>
  readers: Map<string, Reader>
  subscriptions: Map<string, Subscription>
  grants: Map<string, readonly Permission[]>
}

/** A message in one channel. The channel's name is added on the way out: it may change. */
export interface Stored {
  fields: Omit<MessageFields, 'channel'>
  /** Of the content as it was sent: stays when the content is removed. */
  digest: string
  /** Its number over all channels. */
  order: number
}

/** A message on its way to one channel. */
export interface Delayed {
  room: Room
  outgoing: Outgoing & {deliverAt: number}
  sentAt: number
  digest: string
}

export interface Reader {
  cursor: Seq
  createdAt: number
  movedAt: number
  hold?: Hold
}

export interface Hold {
  token: string
  holder: Holder
  /** Milliseconds since 1970: the end of the lease. */
  until: number
  from: Seq
  to: Seq
  upTo: Seq
}

/** A handle on the store, as holds know it. */
export interface Holder {
  name: string
  alive: boolean
}

export interface StoredConversation {
  conversation: Conversation
  /** Made by `create`, not by a send alone. */
  byHand: boolean
}

/** An empty store. */
export const newState = (now: number, {tellsDeath = true} = {}): State => ({
  label: 'memory:',
  epoch: randomUUID(),
  createdAt: isoTime(now),
  tellsDeath,
  rooms: new Map(),
  left: new Map(),
  delayed: [],
  conversations: new Map(),
  stored: 0,
  watchers: new Set(),
})

/** What every aggregate works with. */
export interface Access {
  state: State
  clock: () => number
  ids: () => string
  holder: Holder
  /** Runs a method's body: one step that nobody sees half done, with delays around it. */
  read<T>(body: () => T): Promise<T>
  /** The same for a body that changes something: wakes who waits in `changed`. */
  write<T>(body: () => T): Promise<T>
}

/** @throws NOT_FOUND */
export function room(state: State, name: string): Room {
  const found = state.rooms.get(name)
  if (found) return found
  throw new LeatError('NOT_FOUND', `no channel "${name}" in ${state.label}`, {hint: `leat channel create ${name}`})
}

/** A message as rules look at it; not to be given away. */
export const view = ({channel}: Room, {fields}: Stored): Message => new Message({...fields, channel: channel.name})

/** A copy for the caller: what it does with it changes nothing here. */
export const toMessage = ({channel}: Room, {fields}: Stored): Message =>
  new Message({...copy(fields), channel: channel.name})

function copy<T extends {body: Body}>(fields: T): T {
  const {body, ...rest} = fields
  return {...structuredClone(rest), body: typeof body === 'string' ? body : body.slice()} as T
}

/** Equal for equal content of equal type. */
export const digestOf = ({body, contentType}: {body: Body; contentType: string}): string =>
  createHash('sha256')
    .update(`${typeof body} ${contentType}\n`)
    .update(body)
    .digest('hex')

/** All places, of some rooms, in the order they were stored. */
export const inOrder = (places: readonly {room: Room; stored: Stored}[]): Message[] =>
  places.toSorted((a, b) => a.stored.order - b.stored.order).map(({room, stored}) => toMessage(room, stored))

/** Every place that passes a test. */
export function placesWhere(state: State, wanted: (stored: Stored) => boolean): {room: Room; stored: Stored}[] {
  return [...state.rooms.values()].flatMap((room) => room.messages.filter(wanted).map((stored) => ({room, stored})))
}

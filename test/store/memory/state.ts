import {randomUUID} from 'node:crypto'
import type {Channel} from '../../../src/model/channel.js'
import type {Body} from '../../../src/model/content.js'
import type {Conversation} from '../../../src/model/conversation.js'
import type {DeliveryAttempt, DeliveryState} from '../../../src/model/delivery.js'
import {LeatError} from '../../../src/model/errors.js'
import {Message, type MessageFields, type Seq} from '../../../src/model/message.js'
import type {Permission} from '../../../src/model/permission.js'
import type {Role} from '../../../src/model/role.js'
import type {Subscription} from '../../../src/model/subscription.js'
import {isoTime} from '../../../src/model/time.js'
import type {Token} from '../../../src/model/token.js'
import type {Outgoing} from '../../../src/store/store.js'

/** Everything that is stored; the handles of one store share one state. */
export interface State {
  label: string
  /** Steps that changed something, by whichever handle. */
  writes: number
  epoch: string
  /** Before the store was restored. */
  formerEpochs: string[]
  createdAt: string
  /** Whether holds of a handle that died are free at once, or only when their lease ends. */
  tellsDeath: boolean
  rooms: Map<string, Room>
  /** The last seq of names that were used and left (law 2). */
  left: Map<string, Seq>
  delayed: Delayed[]
  /** In the order in which they died. */
  dead: Dead[]
  conversations: Map<string, StoredConversation>
  grants: StoredGrant[]
  roles: Map<string, Role>
  /** In the order in which they were made. */
  tokens: {token: Token; hash: string}[]
  /** Counts places, over all channels, in the order they were stored. */
  stored: number
  /** Counts changes. */
  changes: number
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
  groups: Map<string, Group>
  subscriptions: Map<string, Subscription>
  /** Of subscriptions, the newest first. */
  secrets: Map<string, string[]>
  /** By subscriber. */
  pushes: Map<string, Push>
}

/** One permission of an actor or a role. */
export interface StoredGrant {
  /** Absent: on all channels. */
  room?: Room
  actor?: string
  role?: string
  permission: Permission
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
  /** When content and headers were removed, and by whom. */
  redacted?: {redactedAt: string; redactedBy: string}
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

/** A group of workers: a frontier, and what is in flight. */
export interface Group {
  cursor: Seq
  createdAt: number
  movedAt: number
  /** By seq. */
  inFlight: Map<Seq, Task>
  /** By the id that `join` gave. */
  workers: Map<string, {actor: string; holder: Holder; since: number}>
}

/** A message that its group isn't done with. */
export interface Task {
  stored: Stored
  /** Attempts so far, the running one included. */
  attempt: number
  /** Milliseconds since 1970: the end of the lease, or when it is ready again. */
  until: number
  /** In a worker's hands; absent while it waits for its next attempt. */
  claim?: {token: string; by: string; holder: Holder; bound: boolean}
  /** Why the last attempt failed. */
  reason?: string
}

/** A push consumer: how far it was given messages, and what became of them. */
export interface Push {
  cursor: Seq
  createdAt: number
  movedAt: number
  /** By seq. */
  parcels: Map<Seq, Parcel>
}

/** A message on its way to a subscriber, or there. */
export interface Parcel {
  id: string
  stored: Stored
  state: DeliveryState
  /** Attempts so far, the running one included. */
  attempts: number
  /** Milliseconds since 1970: the end of the lease, or when it is tried again; 0: now. */
  until: number
  claim?: {token: string; holder: Holder}
  createdAt: number
  history: DeliveryAttempt[]
}

/** A message given up on, with a copy of what it was. */
export interface Dead {
  id: string
  room: Room
  group?: string
  subscriber?: string
  message: Pick<Stored, 'fields' | 'digest'>
  attempts: number
  reason: string
  detail?: string
  diedAt: number
}

/** A handle on the store, as holds and claims know it. */
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
  writes: 0,
  epoch: randomUUID(),
  formerEpochs: [],
  createdAt: isoTime(now),
  tellsDeath,
  rooms: new Map(),
  left: new Map(),
  delayed: [],
  dead: [],
  conversations: new Map(),
  grants: [],
  roles: new Map(),
  tokens: [],
  stored: 0,
  changes: 0,
  watchers: new Set(),
})

/** An empty channel. */
export const newRoom = (channel: Channel): Room => ({
  channel,
  messages: [],
  byId: new Map(),
  byKey: new Map(),
  readers: new Map(),
  groups: new Map(),
  subscriptions: new Map(),
  secrets: new Map(),
  pushes: new Map(),
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
export const view = ({channel}: Room, {fields}: Pick<Stored, 'fields'>): Message =>
  new Message({...fields, channel: channel.name})

/** A copy for the caller: what it does with it changes nothing here. */
export const toMessage = ({channel}: Room, {fields}: Pick<Stored, 'fields'>): Message =>
  new Message({...copy(fields), channel: channel.name})

export function copy<T extends {body: Body}>(fields: T): T {
  const {body, ...rest} = fields
  return {...structuredClone(rest), body: typeof body === 'string' ? body : body.slice()} as T
}

export interface PlaceOf {
  room: Room
  stored: Stored
}

/** All places, of some rooms, in the order they were stored. */
export const inOrder = (places: readonly PlaceOf[]): Message[] =>
  places.toSorted((a, b) => a.stored.order - b.stored.order).map(({room, stored}) => toMessage(room, stored))

/** Every place that passes a test. */
export function placesWhere(state: State, wanted: (stored: Stored) => boolean): PlaceOf[] {
  return [...state.rooms.values()].flatMap((room) => room.messages.filter(wanted).map((stored) => ({room, stored})))
}

/** The places of one message. */
export function placesOf(state: State, id: string): PlaceOf[] {
  return [...state.rooms.values()].flatMap((room) => {
    const stored = room.byId.get(id)
    return stored ? [{room, stored}] : []
  })
}

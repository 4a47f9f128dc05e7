/** What goes through the store port: its questions and answers. The methods, and their laws, stand in `store.ts`. */
import type {Channel} from '../model/channel.js'
import type {Body} from '../model/content.js'
import type {Conversation} from '../model/conversation.js'
import type {DeliveryState} from '../model/delivery.js'
import type {Filter} from '../model/filter.js'
import type {Headers, Message, Seq} from '../model/message.js'
import type {Grantee, HeldGrant, Permission} from '../model/permission.js'
import type {Positions} from '../model/position.js'
import type {MessageRef} from '../model/reference.js'

export interface StoreInfo {
  /** Path or URL. */
  location: string
  /** `sqlite`, … */
  engine: string
  schemaVersion: number
  /** Changes when the store is restored from a backup: positions and tokens of another epoch mean nothing. */
  epoch: string
  /** ISO 8601. */
  createdAt: string
  /** Bytes in all (for SQLite: the file and its WAL). */
  bytes: number
  channels: number
  messages: number
  subscriptions: number
  consumers: number
  /** Engine settings in force, by name. */
  settings: Readonly<Record<string, string | number>>
}

export interface SummaryQuery {
  /** `all`: the viewer manages the channel and sees direct messages of others in `last` and `messages`. */
  channels: readonly {name: string; all?: boolean}[]
  actor: string
  /** Whose cursor `unread` counts from; default the actor's own. */
  reader?: string
}

/** Channels as a viewer sees them; `all` as in `SummaryQuery`. */
export interface BacklogQuery {
  channels: readonly {name: string; all?: boolean}[]
  actor: string
}

export interface TrafficQuery extends BacklogQuery {
  /** Milliseconds since 1970, rising: one more than there are counts. */
  points: readonly number[]
}

export interface MakeupQuery extends BacklogQuery {
  /** Milliseconds since 1970, included. */
  since: number
  /** Milliseconds since 1970, excluded. */
  until: number
  /** Messages of a channel that are looked at, at most. */
  limit: number
  /** Threads told of, at most. */
  threads: number
}

/** A grant on a channel that is being made. */
export type NewGrant = Grantee & {permission: Permission}

export interface PruneOptions {
  /** Keep this many of the newest. */
  keep?: number
  /** Milliseconds since 1970: delete what was stored before. */
  before?: number
  /** Apply the channel's own retention (the default where neither `keep` nor `before` is given). */
  retention?: boolean
  /** Keep what a reader or a subscriber of the channel has not read. */
  keepUnread?: boolean
  /** Believe the clock even if it is more than a day past the newest message of the channel and of the store. */
  trustClock?: boolean
  dryRun?: boolean
}

export interface Pruned {
  channel: string
  deleted: number
  /** Messages left. */
  kept: number
  /** Nothing was deleted by age because the clock can't be believed (see `trustClock`). */
  clockDoubted: boolean
}

/** A checked message on its way into the store. */
export interface Outgoing {
  /** UUID, lower case. */
  id: string
  channels: readonly string[]
  sender: string
  type: string
  body: Body
  contentType: string
  recipient?: string
  /** Message id. */
  replyTo?: string
  /** The root's id when this is a reply; absent for a root. */
  thread?: string
  /** Message ids. */
  references?: readonly string[]
  conversation?: string
  correlationId?: string
  key?: string
  replyChannel?: string
  headers?: Headers
  /** Milliseconds since 1970. */
  expiresAt?: number
  /** Milliseconds since 1970. In the future: the message gets its seq, and its place among the others, only then. */
  deliverAt?: number
}

export interface ScanQuery {
  /**
   * For each channel what is wanted: behind `after` and in front of `before`, in both orders. `all` as in `Viewer`.
   * Channels that don't exist are passed over.
   */
  channels: readonly {name: string; all?: boolean; after?: Seq; before?: Seq}[]
  actor: string
  /** `forward`: lowest seq first, behind `after`. `backward`: highest first, in front of `before`. */
  order: 'forward' | 'backward'
  limit: number
  filter?: Filter
  /** Expired messages too, as long as they are stored. */
  expired?: boolean
}

export interface Page {
  messages: Message[]
  /**
   * Where to go on: the `after` (forward) or `before` (backward) of each channel. Forward, at the end, it stands behind
   * what was passed over too, so that `changed` doesn't wake for it.
   */
  next: Positions
  /** Nothing more is there. */
  end: boolean
  /** Milliseconds that the look took, where the engine says so; what it waited for others is not in it. */
  took?: number
}

/** What whoever follows looks for: behind a position in each of some channels. `all` as in `Viewer`. */
export interface ArrivalsQuery {
  channels: readonly {name: string; all?: boolean; after: Seq}[]
  actor: string
  limit: number
}

export interface Arrivals extends Page {
  /** The channels, those that don't exist left out, and what the actor holds on them: as both were when the page was read. */
  access: ChannelAccess[]
  /** Names what was seen, for `changed` of the same handle. */
  mark: string
}

/** A channel, and what an actor holds on it or on all, itself or through roles. */
export interface ChannelAccess {
  channel: Channel
  held: readonly HeldGrant[]
}

export interface ReaderKey {
  channel: string
  reader: string
}

export interface TakeOptions {
  /** Who reads: direct messages to others are passed over. */
  actor: string
  limit: number
  filter?: Filter
  /** Milliseconds to wait for another holder of the same reader. */
  wait: number
}

export interface ClaimOptions {
  /** Who works. */
  actor: string
  limit: number
  /** Milliseconds that a claim lasts without `extend`. */
  lease: number
  /** Attempts after which a message that no worker settled is given up. */
  maxAttempts: number
  /** The claims end with this process, where the engine can tell; else (by hand) only with their lease. */
  bound: boolean
  /** What the group takes at all: it passes over the rest for ever. */
  filter?: Filter
}

export interface DeadLetterQuery {
  channel?: string
  group?: string
  /** Only deliveries to this subscriber. */
  subscriber?: string
  /** Only those of this message. */
  message?: MessageRef
  /** Id of a dead letter. */
  after?: string
  limit: number
}

export interface DeliveryQuery {
  channel?: string
  subscriber?: string
  seq?: Seq
  /** Id of a delivery, or the end of it in hex digits without dashes (6 or more). */
  idEnd?: string
  state?: DeliveryState
  /** Behind this delivery: by channel, subscriber and seq. */
  after?: {channel: string; subscriber: string; seq: Seq}
  limit: number
}

export interface ConversationSummary extends Conversation {
  messages: number
  /** Channels that have messages of it. */
  channels: string[]
  /** ISO 8601, of the newest message. */
  lastTime?: string
}

/** What became of a message that came from another store. `there`: it was there before. */
export type Placed = {as: 'stored' | 'there'; seq: Seq} | {as: 'conflict'; message: string}

/** What an engine needs besides its address. */
export interface EngineOptions {
  clock: () => number
  /** New UUIDs. */
  ids: () => string
  /** Whether the store may be made if it isn't there. */
  create?: boolean
  /** With `create`: make the store's folder too, for the user alone (the default store). */
  makeFolder?: boolean
  /** Milliseconds a write waits for another process. Default 30 s. */
  patience?: number
  /** Nothing is written through this handle, not even what has fallen due; an older schema is refused. */
  readonly?: boolean
}

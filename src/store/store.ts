/**
 * The store port: everything that leat asks of an engine, cut at the meaning of messages so that an engine without SQL
 * can implement it. Nothing here assumes one process, one file, one clock or a synchronous call.
 *
 * Each law below is proved for every engine by the contract suite in `test/store/contract/`.
 *
 *  1. Every method is atomic. No transaction crosses the port.
 *  2. `seq` is given per channel inside `append` and only rises. Once a reader has seen n, no message with a lower seq
 *     ever appears in that channel. A deleted seq is never given again, not after the newest message or the channel was
 *     deleted (name and last seq stay behind). Several channels have no promised order beyond "as stored".
 *  3. Order is by seq, never by time and never by id. The clock may jump; nothing is skipped, repeated or reordered.
 *  4. Idempotency is per channel: by message id, and by `key` where one is given. A repeat with the same sender and
 *     content returns the first place; with other content it is a conflict. Raced by many it stores exactly one.
 *  5. What `append` has acknowledged survives a power cut.
 *  6. `append` of several messages, or of one to several channels, is all or nothing.
 *  7. A claim or a hold gives each message to one holder at a time. A holder that dies loses it when the lease ends, or
 *     at once where the engine can tell; the messages are given again. A late commit is refused.
 *  8. A reader's cursor moves only by commit, forward; moving it elsewhere is an explicit `seek`.
 *  9. `changed` is a hint that wakes early; callers re-read. It costs (almost) nothing idle.
 * 10. Only `LeatError`s leave, the engine's own error as `cause`.
 * 11. Writes wait for each other and never fail because another process is writing, up to 30 s (`BUSY`).
 */
import type {Channel, ChannelSettings, ChannelState, ChannelSummary, SettingsChange} from '../model/channel.js'
import type {Batch, Consumer, ConsumerKey, ConsumerKind, Move} from '../model/consumer.js'
import type {Conversation} from '../model/conversation.js'
import type {Filter} from '../model/filter.js'
import type {Message, Receipt, Seq} from '../model/message.js'
import type {Grant, Permission} from '../model/permission.js'
import type {Positions} from '../model/position.js'
import type {MessageRef} from '../model/reference.js'
import type {Subscription, SubscriptionSettings} from '../model/subscription.js'
import type {
  ConversationSummary,
  Outgoing,
  Page,
  Pruned,
  PruneOptions,
  ReaderKey,
  ScanQuery,
  StoreInfo,
  SummaryQuery,
  TakeOptions,
} from './records.js'

export type * from './records.js'

/**
 * Whatever reads or writes first stores the delayed messages that have fallen due. Stored times and leases go by the
 * engine's clock, which may jump or stand still; waiting goes by the time that really passes.
 */
export interface Store {
  /** How errors name this store: its path or URL. */
  readonly label: string
  readonly channels: Channels
  readonly messages: Messages
  readonly consumers: Consumers
  readonly subscriptions: Subscriptions
  readonly conversations: Conversations
  readonly grants: Grants

  /**
   * Law 9. Resolves when a channel of `after` may have a message behind its position, when anything else about the
   * store changed, or when `signal` aborts (never rejects for that). May resolve early for no reason.
   */
  changed(after: Positions, signal: AbortSignal): Promise<void>

  /** What `leat store info` shows. */
  info(): Promise<StoreInfo>

  /** Releases what this handle holds. Calling it again does nothing. */
  close(): Promise<void>
}

// ---------------------------------------------------------------------------------------------------- channels

export interface Channels {
  /**
   * Makes a channel. A name that was used before goes on with its last seq (law 2). `members` get submit and subscribe.
   * @throws EXISTS the name is taken, be it in other case
   */
  create(name: string, settings: ChannelSettings, by: string, members?: readonly string[]): Promise<Channel>

  /** The channel of exactly this name, or undefined. */
  get(name: string): Promise<Channel | undefined>

  /** All channels by name, hidden ones too. */
  all(): Promise<Channel[]>

  /**
   * What `list` shows: for each name that exists, counts as the viewer sees them and the newest visible message.
   * No cost that grows with the messages of a channel, but where direct, expired or deleted ones make counting necessary.
   */
  summaries(query: SummaryQuery): Promise<ChannelSummary[]>

  /** @throws NOT_FOUND */
  update(name: string, change: SettingsChange): Promise<Channel>

  /**
   * Opens, drains or closes. A channel set to `draining` with nothing outstanding (claims, deliveries, delayed
   * messages) is closed at once; else it closes itself when the last is done. @throws NOT_FOUND
   */
  setState(name: string, state: ChannelState): Promise<Channel>

  /** Gives another name; messages, cursors, subscriptions and grants go along, the old name's last seq stays behind, and the new name's, if it was used before, still counts (law 2). @throws NOT_FOUND, EXISTS */
  rename(name: string, to: string): Promise<Channel>

  /** Deletes the channel with messages, cursors, subscriptions and grants; name and last seq stay behind. Returns how many messages went. @throws NOT_FOUND */
  delete(name: string): Promise<number>

  /**
   * Deletes oldest messages first, never what is claimed or waits for delivery. With `dryRun` it only counts.
   * @throws NOT_FOUND
   */
  prune(name: string, options: PruneOptions): Promise<Pruned>
}

// ---------------------------------------------------------------------------------------------------- messages

export interface Messages {
  /**
   * Laws 2, 4, 5, 6. Stores messages, in order, and applies the retention of their channels. Delayed messages that fell
   * due are stored first, by (deliverAt, id). A conversation that doesn't exist is made.
   * @throws NOT_FOUND      no such channel
   * @throws CHANNEL_CLOSED closed, or draining and the message is not a reply
   * @throws CONFLICT       the id or key is there with another sender or content
   */
  append(messages: readonly Outgoing[]): Promise<Receipt[]>

  /**
   * A page of messages of some channels by seq, merged over channels in the order they were stored; direct messages of
   * others are passed over here, so that a limit never loses one. Expired messages are left out.
   */
  scan(query: ScanQuery): Promise<Page>

  /**
   * What a reference names: every place of the message with an id, the one place of a place, every place of the
   * messages whose ids have an end (of 10 of them, if it's more). Expired ones too.
   */
  find(ref: MessageRef): Promise<Message[]>

  /** The first stored seq of a channel whose message has a time at or after `time` (ms), undefined if there is none. */
  firstSince(channel: string, time: number): Promise<Seq | undefined>

  /** A root and everything that answers it, directly or not: every place, in the order they were stored. The root is missing if it was deleted. */
  thread(root: string): Promise<Message[]>

  /** The chain of parents of a message, the root first, itself last, as far as it is stored. Every place of each. */
  ancestors(id: string): Promise<Message[]>

  /** Direct answers to a message and messages that refer to it: places, in the order they were stored. */
  links(id: string): Promise<{replies: Message[]; referencedBy: Message[]}>

  /** Removes content and headers of every place of a message, leaving the rows. Again: changes nothing. @throws NOT_FOUND */
  redact(id: string, by: string): Promise<Message[]>
}

// ---------------------------------------------------------------------------------------------------- consumers

export interface Consumers {
  /**
   * Law 7. Takes the reader's next messages under a hold, making the reader at the start of the channel if it is new.
   * While the hold lasts nobody else gets them; if its holder dies they are given again. With nothing to give there is
   * no hold to commit: `messages` is empty, `hold` is '', and the cursor has moved past what the reader doesn't see.
   * @throws NOT_FOUND no such channel
   * @throws BUSY      another holder kept it for `wait` ms
   */
  take(reader: ReaderKey, options: TakeOptions): Promise<Batch>

  /**
   * Law 8. Moves the cursor forward to `seq` (inside the held batch) and keeps the hold for the rest of the batch;
   * at `upTo`, the batch's end, it ends the hold.
   * @throws STALE_CLAIM the hold was lost
   * @throws INVALID     `seq` is beyond `upTo`
   */
  commit(reader: ReaderKey, hold: string, seq: Seq): Promise<void>

  /** Renews the lease of a hold. @throws STALE_CLAIM */
  extend(reader: ReaderKey, hold: string): Promise<void>

  /** Gives a hold up: what was not committed comes again. A hold that is lost already is no error. */
  release(reader: ReaderKey, hold: string): Promise<void>

  /** The consumer, or undefined. */
  get(key: ConsumerKey): Promise<Consumer | undefined>

  list(query: {channel?: string; kind?: ConsumerKind; name?: string}): Promise<Consumer[]>

  /**
   * Law 8. Moves a reader's cursor anywhere, making the reader if it is new; with `dryRun` only says what would happen,
   * with `forwardOnly` never back. @throws NOT_FOUND no such channel @throws INVALID beyond the last seq @throws BUSY the reader is being handed messages
   */
  seek(reader: ReaderKey, seq: Seq, options: {actor: string; dryRun?: boolean; forwardOnly?: boolean}): Promise<Move>

  /** How many messages `take` would give in all. */
  unread(reader: ReaderKey, options: {actor: string; filter?: Filter}): Promise<number>

  /** Forgets a consumer. Returns whether there was one. */
  forget(key: ConsumerKey): Promise<boolean>
}

// ------------------------------------------------------------------------- subscriptions, conversations, grants

export interface Subscriptions {
  /**
   * Subscribes, or changes what is there. A new subscriber that has no cursor gets one at `cursor` (default: the
   * channel's last seq); one that has a cursor keeps it unless `cursor` is given.
   * @throws NOT_FOUND no such channel
   */
  put(
    channel: string,
    subscriber: string,
    settings: SubscriptionSettings,
    by: string,
    cursor?: Seq,
  ): Promise<{subscription: Subscription; created: boolean}>

  list(query: {channel?: string; subscriber?: string}): Promise<Subscription[]>

  /** Ends a subscription, and with `forget` the subscriber's cursor. Returns whether there was one. */
  remove(channel: string, subscriber: string, options?: {forget?: boolean}): Promise<boolean>
}

export interface Conversations {
  /** @throws EXISTS it was made by hand before; one made by a send gets the title and the rest */
  create(
    conversation: Pick<Conversation, 'name' | 'title' | 'description' | 'metadata'>,
    by: string,
  ): Promise<Conversation>
  /**
   * Counts only messages that the actor may see in channels of `readable` (`all` as in `Viewer`). One that a send made,
   * not a hand, is known only to its sender and to who sees a message of it.
   */
  list(query: {
    actor: string
    readable: readonly {name: string; all?: boolean}[]
    name?: string
  }): Promise<ConversationSummary[]>
}

export interface Grants {
  list(query: {channel?: string; actor?: string}): Promise<Grant[]>
  /** Replaces the permissions of one actor on a channel; an empty list takes all away. @throws NOT_FOUND */
  set(channel: string, actor: string, permissions: readonly Permission[]): Promise<void>
}

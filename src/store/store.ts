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
import type {Claim, ClaimBatch, GroupKey, InFlight, Settled, Settlement} from '../model/claim.js'
import type {Batch, Consumer, ConsumerKey, ConsumerKind, Move} from '../model/consumer.js'
import type {Conversation} from '../model/conversation.js'
import type {DeadLetter, Redriven} from '../model/dead-letter.js'
import type {Delivery, DeliveryBatch, DeliveryOutcome} from '../model/delivery.js'
import type {Filter} from '../model/filter.js'
import type {Message, Receipt, Seq} from '../model/message.js'
import type {Grant, Grantee, HeldGrant, Permission} from '../model/permission.js'
import type {Positions} from '../model/position.js'
import type {MessageRef} from '../model/reference.js'
import type {Role} from '../model/role.js'
import type {ScheduledMessage} from '../model/scheduled.js'
import type {Subscription, SubscriptionKey, SubscriptionSettings} from '../model/subscription.js'
import type {Token} from '../model/token.js'
import type {
  ClaimOptions,
  ConversationSummary,
  DeadLetterQuery,
  DeliveryQuery,
  NewGrant,
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
  readonly claims: Claims
  readonly deadLetters: DeadLetters
  readonly subscriptions: Subscriptions
  readonly conversations: Conversations
  readonly grants: Grants
  readonly roles: Roles
  readonly tokens: Tokens
  readonly deliveries: Deliveries

  /**
   * Law 9. Resolves when a channel of `after` may have a message behind its position, when anything else about the
   * store changed, when a delayed message falls due, or when `signal` aborts (never rejects for that). May resolve
   * early for no reason.
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
   * Makes a channel, with grants on it. A name that was used before goes on with its last seq (law 2).
   * @throws EXISTS the name is taken, be it in other case
   */
  create(name: string, settings: ChannelSettings, by: string, grants?: readonly NewGrant[]): Promise<Channel>

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
   * Opens, drains or closes. A channel set to `draining` with nothing outstanding (messages claimed or waiting for
   * their next attempt, deliveries, delayed messages) is closed at once; else it closes itself when the last is done.
   * With `last`, that message of the channel is stored in the same step, whatever the state was: nothing gets between.
   * @throws NOT_FOUND
   */
  setState(name: string, state: ChannelState, last?: Outgoing): Promise<Channel>

  /** Gives another name; messages, cursors, subscriptions and grants go along, the old name's last seq stays behind, and the new name's, if it was used before, still counts (law 2). @throws NOT_FOUND, EXISTS */
  rename(name: string, to: string): Promise<Channel>

  /** Deletes the channel with messages, cursors, claims, dead letters, subscriptions and grants; name and last seq stay behind. Returns how many messages went. @throws NOT_FOUND */
  delete(name: string): Promise<number>

  /**
   * Deletes oldest messages first, and expired ones, but never what is claimed, waits for its next attempt or for
   * delivery. With `dryRun` it only counts.
   * @throws NOT_FOUND
   */
  prune(name: string, options: PruneOptions): Promise<Pruned>
}

// ---------------------------------------------------------------------------------------------------- messages

export interface Messages {
  /**
   * Laws 2, 4, 5, 6. Stores messages, in order, and applies the retention of their channels; expired messages of them
   * are deleted first, as `prune` does. Delayed messages that fell due are stored before that, by (deliverAt, id); one
   * that its channel no longer takes becomes a dead letter. A conversation that doesn't exist is made.
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
   * messages whose ids have an end (of 10 of them, if it's more). Expired ones too, as long as they are stored.
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

  /**
   * Removes content and headers of every place of a message, where it is delayed too, and of its dead letters with their
   * detail, leaving the rows. Returns its places, and it with seq 0 where it is delayed. Again: changes nothing.
   * @throws NOT_FOUND
   */
  redact(id: string, by: string): Promise<Message[]>

  /** Delayed messages that are not due yet, by (deliverAt, id); `message` names one by its id or the end of it. */
  scheduled(query: {channel?: string; message?: MessageRef}): Promise<ScheduledMessage[]>

  /** Takes a delayed message back from some channels before it is due. Returns what went; what is due already isn't there. */
  cancel(id: string, channels: readonly string[]): Promise<ScheduledMessage[]>
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

  /** Forgets a reader, or a group and what it has in flight; its dead letters stay. Returns whether there was one. A push consumer goes with its subscription alone. */
  forget(key: ConsumerKey): Promise<boolean>
}

// ------------------------------------------------------------------------------------------------------ claims

/**
 * Groups of workers. A group is a frontier (its cursor: everything up to there was given to it or passed over) and what
 * is in flight: nothing is written for it when a message is sent. Groups know nothing of each other, nor of readers. A
 * group takes messages without a recipient or addressed to its name; expired ones are passed over.
 */
export interface Claims {
  /**
   * A worker says that it is there, making the group at the start of the channel if it is new: `workers` of the consumer
   * shows it until it leaves, its handle is closed, or its process is known to be gone.
   * @throws NOT_FOUND no such channel
   */
  join(group: GroupKey, actor: string): Promise<{worker: string; created: boolean}>

  /** Leaving twice is no error. */
  leave(worker: string): Promise<void>

  /**
   * Law 7. Claims up to `limit` messages for `lease` ms: first what is ready again, by seq, then what is new. What a
   * worker that never came back has tried `maxAttempts` times becomes a dead letter instead. Makes the group if it is
   * new. With nothing to give nothing is written.
   * @throws NOT_FOUND no such channel
   */
  claim(group: GroupKey, options: ClaimOptions): Promise<ClaimBatch>

  /**
   * Ends claims, each for itself: `stale` for one whose lease is over or that was given on. A draining channel is closed
   * by its last one.
   * @throws NOT_FOUND a token of another store; then nothing was settled
   */
  settle(settlements: readonly Settlement[]): Promise<Settled[]>

  /**
   * Renews the lease: it ends `lease` ms from now. Returns the claim's end, ISO 8601.
   * @throws STALE_CLAIM the claim was lost
   * @throws NOT_FOUND   a token of another store
   */
  extend(token: string, lease: number): Promise<string>

  /** The claim of a token with its message. @throws STALE_CLAIM, NOT_FOUND as `extend` */
  get(token: string): Promise<Claim>

  /** What groups aren't done with, by channel, group and seq. */
  inFlight(query: {channel?: string; group?: string; seq?: Seq}): Promise<InFlight[]>
}

export interface DeadLetters {
  /** In the order in which they died, behind the dead letter `after`. */
  list(query: DeadLetterQuery): Promise<DeadLetter[]>

  /**
   * Gives dead letters to their groups or subscribers again, with all their attempts; those that are gone, have expired,
   * or whose subscriber is pushed nothing any more, are passed over. One whose message was pruned is stored anew, under
   * its id and for its group or subscriber alone; a delayed one is stored as it would have been. A group that was
   * forgotten is made again at the end of its channel. All or none.
   * @throws CHANNEL_CLOSED a channel is closed
   */
  redrive(ids: readonly string[]): Promise<Redriven[]>

  /** Deletes dead letters. Returns how many there were. */
  purge(ids: readonly string[]): Promise<number>
}

// ------------------------------------------------------------------------- subscriptions, conversations, grants

export interface Subscriptions {
  /**
   * Subscribes, or changes what is there. A new subscriber that has no cursor gets one at `cursor` (default: the
   * channel's last seq); one that has a cursor keeps it unless `cursor` is given. The same goes for what is pushed: set
   * back, it is delivered again, under the same ids.
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

  /** What deliveries of a subscription are signed with, the newest first. @throws NOT_FOUND */
  secrets(channel: string, subscriber: string): Promise<string[]>

  /** Puts a secret in front of the others, and keeps `keep` in all. With `ifNone` only where there is none. Returns them. @throws NOT_FOUND */
  addSecret(
    channel: string,
    subscriber: string,
    secret: string,
    options: {keep: number; ifNone?: boolean},
  ): Promise<string[]>

  /** Ends a subscription with its deliveries, and with `forget` the subscriber's cursor. Returns whether there was one. */
  remove(channel: string, subscriber: string, options?: {forget?: boolean}): Promise<boolean>
}

export interface Conversations {
  /** One that a send made is from then on its maker's, with this title and the rest. @throws EXISTS it was made by hand before */
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

/** Who was granted what. What one grant gives another can't take away. */
export interface Grants {
  /**
   * Grants as they were given, by channel (those on all channels first), actor and role.
   * @param query `channel: null`: only those on all channels
   */
  list(query: {channel?: string | null; actor?: string; role?: string}): Promise<Grant[]>

  /**
   * What an actor holds, itself or through roles: on one channel, or without one on each; what it holds on all channels
   * always.
   */
  held(actor: string, channel?: string): Promise<HeldGrant[]>

  /**
   * Adds and takes away permissions of one actor or role, on a channel or (`null`) on all; what is in both is taken
   * away. Returns what it has there then.
   * @throws NOT_FOUND no such channel, no such role
   */
  change(
    channel: string | null,
    to: Grantee,
    change: {add?: readonly Permission[]; remove?: readonly Permission[]},
  ): Promise<Permission[]>

  /** Whether anybody manages all channels: an actor, or a role that has a member. */
  administered(): Promise<boolean>
}

export interface Roles {
  /** @throws EXISTS */
  create(name: string, options: {description?: string}, by: string): Promise<Role>

  /** By name; with `actor` only those that it is in. */
  list(query: {name?: string; actor?: string}): Promise<Role[]>

  /** Adds and takes away members; who is in both goes. @throws NOT_FOUND */
  change(name: string, change: {add?: readonly string[]; remove?: readonly string[]}): Promise<Role>

  /** Deletes a role with what was granted to it. Returns whether there was one. */
  delete(name: string): Promise<boolean>
}

export interface Tokens {
  /** @param hash SHA-256 of the token, 32 bytes. @param expiresAt milliseconds since 1970 */
  create(token: {hash: Uint8Array; actor: string; expiresAt?: number}, by: string): Promise<Token>

  /** The token of a hash, expired or not. */
  find(hash: Uint8Array): Promise<Token | undefined>

  /** In the order in which they were made. */
  list(query: {actor?: string}): Promise<Token[]>

  /** @param id a token's id. Returns what was revoked. */
  revoke(id: string): Promise<Token | undefined>
}

// -------------------------------------------------------------------------------------------------- deliveries

/**
 * What is pushed to subscribers. A push consumer (kind `push`, named by its subscriber) is there as long as its
 * subscription is one (`isPush`): it begins at the end of the channel when the subscription becomes one, or at the
 * `cursor` of `put`, and goes when it stops being one. Its cursor says up to where it was given messages. It is given
 * what the subscriber may see in the channel, its own messages too, of the types that the subscription wants; expired
 * ones are passed over. A message that is pending, or that it is still to be given while it isn't paused, waits for
 * delivery: retention leaves it alone. A draining channel stays open for what waits, but not for who is paused.
 */
export interface Deliveries {
  /**
   * Law 7. Hands the next message of a push subscription to one deliverer, for `lease` ms: of those that are pending the
   * lowest, else the next that it was not given. In order: nothing while one is in hand, nothing behind one that waits
   * for its next attempt, nothing while the subscription is paused. With nothing to give, the cursor moves past what isn't for it. The claim
   * ends with this process, where the engine can tell.
   * @throws NOT_FOUND no such channel or push subscription
   */
  take(key: SubscriptionKey, options: {lease: number}): Promise<DeliveryBatch>

  /**
   * Ends a claim. `stale`: it was lost before, and nothing changed. A draining channel is closed by its last one.
   * @throws NOT_FOUND a token of another store
   */
  settle(token: string, outcome: DeliveryOutcome): Promise<Settled>

  /** Renews the lease: it ends `lease` ms from now. @throws STALE_CLAIM, NOT_FOUND (a token of another store) */
  extend(token: string, lease: number): Promise<void>

  /** By channel, subscriber and seq. Those that were delivered or failed go with their message. */
  list(query: DeliveryQuery): Promise<Delivery[]>

  /**
   * Pending ones are tried again now, failed ones again with all their attempts, their dead letters being gone; what is
   * in hand, delivered, expired or gone is passed over. Returns how many there were.
   * @param ids of deliveries
   */
  retry(ids: readonly string[]): Promise<number>
}

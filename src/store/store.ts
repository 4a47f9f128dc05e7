/**
 * The store port: everything that leat asks of an engine, cut at the meaning of messages so that an engine without SQL
 * can implement it. Nothing here assumes one process, one file, one clock or a synchronous call. Its methods stand in
 * `ports/`, by subject, each with what it promises.
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
 * 12. A handle that was open when the store was restored from a backup gets `CONFLICT`, whatever it does.
 */
import type {Positions} from '../model/position.js'
import type {Channels} from './ports/channels.js'
import type {Claims, DeadLetters} from './ports/claims.js'
import type {Consumers} from './ports/consumers.js'
import type {Deliveries, Subscriptions} from './ports/deliveries.js'
import type {Maintenance} from './ports/maintenance.js'
import type {Conversations, Messages} from './ports/messages.js'
import type {Grants, Roles, Tokens} from './ports/permissions.js'
import type {Search} from './ports/search.js'
import type {Statistics} from './ports/statistics.js'
import type {Transfer} from './ports/transfer.js'
import type {StoreInfo} from './records.js'

export type * from './ports/channels.js'
export type * from './ports/claims.js'
export type * from './ports/consumers.js'
export type * from './ports/deliveries.js'
export type * from './ports/maintenance.js'
export type * from './ports/messages.js'
export type * from './ports/permissions.js'
export type * from './ports/search.js'
export type * from './ports/statistics.js'
export type * from './ports/transfer.js'
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
  readonly search: Search
  readonly maintenance: Maintenance
  readonly transfer: Transfer
  readonly statistics: Statistics

  /**
   * Law 9. Resolves when a channel of `after` may have a message behind its position, when anything else about the
   * store changed, when a delayed message falls due, or when `signal` aborts (never rejects for that). May resolve
   * early for no reason.
   * @param since the mark of arrivals that this handle gave: what changed since then counts, too; default: from now on
   */
  changed(after: Positions, signal: AbortSignal, since?: string): Promise<void>

  /**
   * Whether another handle has written since this was last asked; the first answer is no. A hint for who writes much and can
   * make room for others: now and then it may be wrong.
   */
  othersWrote(): Promise<boolean>

  /** What `leat store info` shows. */
  info(): Promise<StoreInfo>

  /** Releases what this handle holds. Calling it again does nothing. */
  close(): Promise<void>
}

/**
 * The bus as one actor sees it: every use case bound to one store and one actor. What each does, promises and throws
 * is said where it is defined, in the file of its subject.
 */
import type {Channel, ChannelState, ChannelSummary, SettingsChange} from '../model/channel.js'
import type {Claim, InFlight} from '../model/claim.js'
import type {Batch, Move} from '../model/consumer.js'
import type {Conversation} from '../model/conversation.js'
import type {DeadLetter, Redriven} from '../model/dead-letter.js'
import type {Delivery} from '../model/delivery.js'
import {LeatError} from '../model/errors.js'
import type {Backup, Checked, CheckOptions, Compacted, Finding} from '../model/maintenance.js'
import type {Draft, Message, Receipt, Seq} from '../model/message.js'
import {checkName} from '../model/names.js'
import type {Decision, Permission} from '../model/permission.js'
import type {Role} from '../model/role.js'
import type {ScheduledMessage} from '../model/scheduled.js'
import type {Subscription} from '../model/subscription.js'
import type {Token} from '../model/token.js'
import type {
  BackupOptions,
  ConversationSummary,
  LongOptions,
  PreparedRestore,
  Pruned,
  PruneOptions,
  StoreInfo,
} from '../store/store.js'
import {can} from './access.js'
import {administered} from './administration.js'
import {type BulkOptions, type BulkResult, type Lines, sendAll} from './bulk.js'
import type {ChannelDetails, ChannelListOptions, NewChannel, SchemaMisfit} from './channels.js'
import * as channels from './channels.js'
import {
  ack,
  type ClaimByHandOptions,
  type ClaimName,
  claim,
  extend,
  inFlight,
  type Nacked,
  type NackOptions,
  nack,
} from './claims.js'
import type {Context, Foundation} from './context.js'
import {conversations, createConversation, type NewConversation} from './conversations.js'
import {type CursorMoveOptions, type CursorRow, commitCursor, cursor, cursors, setCursor} from './cursors.js'
import {type DeadLetterFilter, deadLetters, purge, redrive} from './dead-letters.js'
import type {DeliverOptions, DeliverReport} from './deliver.js'
import type {DeliveryFilter} from './deliveries.js'
import type {DeliverySummary} from './delivery-wait.js'
import {type FollowOptions, follow} from './follow.js'
import {type FollowCursorOptions, followCursor} from './follow-cursor.js'
import type {Granted, GrantOptions} from './grants.js'
import {commitHold, extendHold, type HoldKey, releaseHold, type TakeOptions, take} from './holding.js'
import {inbox, inboxCounts} from './inbox.js'
import {info} from './info.js'
import {type LogOptions, log} from './log.js'
import type {MembersChange} from './members.js'
import type {MessagePage, PageOptions} from './page.js'
import {peek} from './peek.js'
import {
  type InboxChannel,
  type InboxOptions,
  type PeekOptions,
  type ReadOptions,
  read,
  type Taken,
  type UnreadOptions,
  unread,
} from './read.js'
import {redact} from './redact.js'
import {type ReplyOptions, reply} from './reply.js'
import {type RequestOptions, request, type WaitOptions, waitForReply} from './request.js'
import {type Answerer, type RespondOptions, type RespondReport, respond} from './respond.js'
import type {RoleDetails} from './roles.js'
import {cancelScheduled, scheduled} from './scheduled.js'
import {schemaCache} from './schema.js'
import type {SearchOptions, SearchResult} from './search.js'
import {type SendOptions, send} from './send.js'
import type {MessageDetails} from './show.js'
import type {Statistics, StatisticsOptions} from './statistics.js'
import type {SubscribeOptions} from './subscriptions.js'
import {ancestors, type ThreadNode, thread} from './thread.js'
import type {ExportOptions, ExportPart} from './transfer/export.js'
import type {ImportLines, ImportOptions, ImportResult} from './transfer/import-options.js'
import type {Explanation} from './why.js'
import {type Handler, type WorkOptions, type WorkReport, work} from './work.js'

export interface Bus {
  readonly context: Context

  createChannel(name: string, settings?: NewChannel): Promise<Channel>
  channel(name: string): Promise<ChannelDetails>
  updateChannel(name: string, change: SettingsChange & {members?: MembersChange}): Promise<Channel>
  /** Which stored messages would not fit a schema (its source text). */
  misfits(name: string, schema: string): AsyncIterable<SchemaMisfit>
  setChannelState(name: string, state: ChannelState, options?: {notifyEnd?: boolean}): Promise<Channel>
  renameChannel(name: string, to: string): Promise<Channel>
  deleteChannel(name: string): Promise<number>
  pruneChannel(name: string, options?: PruneOptions): Promise<Pruned>
  channels(options?: ChannelListOptions): Promise<ChannelSummary[]>
  can(permission: Permission, channel: string, actor?: string): Promise<Decision>

  send(channels: string | readonly string[], draft: Draft, options?: SendOptions): Promise<Receipt>
  sendAll(channels: string | readonly string[], lines: Lines, options?: BulkOptions): Promise<BulkResult>
  reply(message: string, draft: Draft, options?: ReplyOptions): Promise<Receipt>

  read(channel: string, options?: ReadOptions): AsyncIterable<Taken>
  peek(channel: string, options?: PeekOptions): AsyncIterable<Message>
  /** As `read`, the hold being named in later calls. */
  take(channel: string, options?: TakeOptions): Promise<Batch>
  commitHold(key: HoldKey, seq: Seq): Promise<void>
  extendHold(key: HoldKey): Promise<void>
  releaseHold(key: HoldKey): Promise<void>
  inbox(options?: InboxOptions): AsyncIterable<Taken>
  inboxCounts(options?: {reader?: string}): Promise<InboxChannel[]>
  unread(channel: string, options?: UnreadOptions): Promise<number>

  follow(channels: readonly string[], options?: FollowOptions): AsyncIterable<Message>
  followCursor(channels: readonly string[], options?: FollowCursorOptions): AsyncIterable<Taken>

  /** The first answer. `requestAll` gives several. */
  request(channel: string, draft: Draft, options?: Omit<RequestOptions, 'replies'>): Promise<Message>
  requestAll(channel: string, draft: Draft, options?: RequestOptions): AsyncIterable<Message>
  waitForReply(message: string, options?: WaitOptions): AsyncIterable<Message>
  respond(channel: string, answer: Answerer, options?: RespondOptions): Promise<RespondReport>

  work(channel: string, handler: Handler, options?: WorkOptions): Promise<WorkReport>
  claim(channel: string, options?: ClaimByHandOptions): Promise<Claim[]>
  ack(name: ClaimName): Promise<Claim>
  nack(name: ClaimName, options?: NackOptions): Promise<Nacked>
  extend(name: ClaimName, lease: number): Promise<Claim>
  inFlight(query: {channel: string; group?: string}): Promise<Omit<InFlight, 'token'>[]>
  deadLetters(filter?: DeadLetterFilter): AsyncIterable<DeadLetter>
  redrive(filter: DeadLetterFilter): Promise<Redriven[]>
  purge(filter: DeadLetterFilter & {dryRun?: boolean}): Promise<number>

  scheduled(query?: {channel?: string}): Promise<ScheduledMessage[]>
  cancelScheduled(message: string, options?: {channel?: string}): Promise<ScheduledMessage[]>

  log(channels: readonly string[], options?: LogOptions): AsyncIterable<Message>
  page(channels: readonly string[], options: PageOptions): Promise<MessagePage>
  search(query: string, options: SearchOptions): Promise<SearchResult>
  show(message: string): Promise<MessageDetails>
  thread(message: string): Promise<ThreadNode[]>
  ancestors(message: string): Promise<ThreadNode[]>
  why(message: string, who?: string): Promise<Explanation>
  redact(message: string): Promise<Message[]>

  statistics(channels: readonly string[], options?: StatisticsOptions): Promise<Statistics>
  watchStatistics(
    channels: readonly string[],
    options: StatisticsOptions & {interval: number; signal: AbortSignal},
  ): AsyncIterable<Statistics>

  subscribe(channel: string, options?: SubscribeOptions): Promise<{subscription: Subscription; created: boolean}>
  unsubscribe(channel: string, options?: {subscriber?: string; forget?: boolean}): Promise<boolean>
  subscriptions(query?: {channel?: string; subscriber?: string}): Promise<Subscription[]>

  /** A new secret of a push subscription; the one before stays valid beside it. */
  newSecret(channel: string, options?: {subscriber?: string}): Promise<string>
  deliver(options: DeliverOptions): Promise<DeliverReport>
  deliveries(filter?: DeliveryFilter): AsyncIterable<Delivery>
  retryDeliveries(filter: DeliveryFilter): Promise<number>
  waitForDelivery(
    receipt: Pick<Receipt, 'id' | 'sent'>,
    options: {timeout: number; signal?: AbortSignal},
  ): Promise<DeliverySummary[]>

  grant(options: GrantOptions): Promise<Granted[]>
  revoke(options: GrantOptions): Promise<Granted[]>
  createRole(name: string, options?: {description?: string}): Promise<Role>
  roles(query?: {actor?: string}): Promise<Role[]>
  role(name: string): Promise<RoleDetails>
  deleteRole(name: string): Promise<void>
  changeRole(name: string, change: {add?: readonly string[]; remove?: readonly string[]}): Promise<Role>
  /** Whether anybody administers the store: manages all channels. Until then any process on this machine may. */
  administered(): Promise<boolean>
  /** `secret` is told this once. */
  createToken(options: {actor: string; expiresAt?: number}): Promise<{token: Token; secret: string}>
  tokens(query?: {actor?: string}): Promise<Token[]>
  revokeToken(id: string): Promise<Token>

  createConversation(name: string, options?: NewConversation): Promise<Conversation>
  conversations(name?: string): Promise<ConversationSummary[]>

  cursors(query?: {channel?: string; reader?: string}): Promise<CursorRow[]>
  cursor(channel: string, reader?: string): Promise<CursorRow>
  setCursor(channel: string, position: string, options?: CursorMoveOptions): Promise<Move>
  commitCursor(place: string, options?: {reader?: string}): Promise<Move>

  export(channels: readonly string[], options?: ExportOptions): AsyncIterable<ExportPart>
  /** `lines` without their ends; undefined: one that is too long. */
  import(lines: ImportLines, options?: ImportOptions): Promise<ImportResult>

  info(): Promise<StoreInfo>
  check(options?: CheckOptions): AsyncGenerator<Finding, Checked>
  backup(file: string, options?: BackupOptions): Promise<Backup>
  prepareRestore(file: string, options?: LongOptions): Promise<PreparedRestore>
  compact(options?: {dryRun?: boolean}): Promise<Compacted>
  close(): Promise<void>
}

/**
 * Binds every use case to a store and an actor.
 * @throws INVALID the actor is not a name
 */
export function createBus(foundation: Foundation): Bus {
  checkName('actor', foundation.actor)
  const ctx: Context = {...foundation, schemas: schemaCache()}
  return {
    context: ctx,
    createChannel: (name, settings) => channels.createChannel(ctx, name, settings),
    channel: (name) => channels.channel(ctx, name),
    updateChannel: (name, change) => channels.updateChannel(ctx, name, change),
    misfits: (name, schema) => channels.misfits(ctx, name, schema),
    setChannelState: (name, state, options) => channels.setChannelState(ctx, name, state, options),
    renameChannel: (name, to) => channels.renameChannel(ctx, name, to),
    deleteChannel: (name) => channels.deleteChannel(ctx, name),
    pruneChannel: (name, options) => channels.pruneChannel(ctx, name, options),
    channels: (options) => channels.channels(ctx, options),
    can: (permission, channel, actor) => can(ctx, permission, channel, actor),
    send: (to, draft, {create} = {}) => send(ctx, to, draft, {create}),
    sendAll: (to, lines, options) => sendAll(ctx, to, lines, options),
    reply: (message, draft, options) => reply(ctx, message, draft, options),
    read: (channel, options) => read(ctx, channel, options),
    peek: (channel, options) => peek(ctx, channel, options),
    take: (channel, options) => take(ctx, channel, options),
    commitHold: (key, seq) => commitHold(ctx, key, seq),
    extendHold: (key) => extendHold(ctx, key),
    releaseHold: (key) => releaseHold(ctx, key),
    inbox: (options) => inbox(ctx, options),
    inboxCounts: (options) => inboxCounts(ctx, options),
    unread: (channel, options) => unread(ctx, channel, options),
    follow: (names, options) => follow(ctx, names, options),
    followCursor: (names, options) => followCursor(ctx, names, options),
    request: (channel, draft, options) => firstOf(request(ctx, channel, draft, options)),
    requestAll: (channel, draft, options) => request(ctx, channel, draft, options),
    waitForReply: (message, options) => waitForReply(ctx, message, options),
    respond: (channel, answer, options) => respond(ctx, channel, answer, options),
    work: (channel, handler, options) => work(ctx, channel, handler, options),
    claim: (channel, options) => claim(ctx, channel, options),
    ack: (name) => ack(ctx, name),
    nack: (name, options) => nack(ctx, name, options),
    extend: (name, lease) => extend(ctx, name, lease),
    inFlight: (query) => inFlight(ctx, query),
    deadLetters: (filter) => deadLetters(ctx, filter),
    redrive: (filter) => redrive(ctx, filter),
    purge: (filter) => purge(ctx, filter),
    scheduled: (query) => scheduled(ctx, query),
    cancelScheduled: (message, options) => cancelScheduled(ctx, message, options),
    log: (names, options) => log(ctx, names, options),
    page: async (names, options) => (await onDemand()).page(ctx, names, options),
    search: async (query, options) => (await onDemand()).search(ctx, query, options),
    show: async (message) => (await onDemand()).show(ctx, message),
    thread: (message) => thread(ctx, message),
    ancestors: (message) => ancestors(ctx, message),
    why: async (message, who) => (await onDemand()).why(ctx, message, who),
    redact: (message) => redact(ctx, message),
    statistics: async (names, options) => (await onDemand()).statistics(ctx, names, options),
    watchStatistics: async function* (names, options) {
      yield* (await onDemand()).watchStatistics(ctx, names, options)
    },
    subscribe: async (channel, options) => (await onDemand()).subscribe(ctx, channel, options),
    unsubscribe: async (channel, options) => (await onDemand()).unsubscribe(ctx, channel, options),
    subscriptions: async (query) => (await onDemand()).subscriptions(ctx, query),
    newSecret: async (channel, options) => (await onDemand()).newSecret(ctx, channel, options),
    deliver: async (options) => (await onDemand()).deliver(ctx, options),
    deliveries: async function* (filter) {
      yield* (await onDemand()).deliveries(ctx, filter)
    },
    retryDeliveries: async (filter) => (await onDemand()).retryDeliveries(ctx, filter),
    waitForDelivery: async (receipt, options) => (await onDemand()).waitForDelivery(ctx, receipt, options),
    grant: async (options) => (await onDemand()).grant(ctx, options),
    revoke: async (options) => (await onDemand()).revoke(ctx, options),
    createRole: async (name, options) => (await onDemand()).createRole(ctx, name, options),
    roles: async (query) => (await onDemand()).roles(ctx, query),
    role: async (name) => (await onDemand()).role(ctx, name),
    deleteRole: async (name) => (await onDemand()).deleteRole(ctx, name),
    changeRole: async (name, change) => (await onDemand()).changeRole(ctx, name, change),
    administered: () => administered(ctx),
    createToken: async (options) => (await onDemand()).createToken(ctx, options),
    tokens: async (query) => (await onDemand()).tokens(ctx, query),
    revokeToken: async (id) => (await onDemand()).revokeToken(ctx, id),
    createConversation: (name, options) => createConversation(ctx, name, options),
    conversations: (name) => conversations(ctx, name),
    cursors: (query) => cursors(ctx, query),
    cursor: (channel, reader) => cursor(ctx, channel, reader),
    setCursor: (channel, position, options) => setCursor(ctx, channel, position, options),
    commitCursor: (place, options) => commitCursor(ctx, place, options),
    export: async function* (names, options) {
      yield* (await onDemand()).exportChannels(ctx, names, options)
    },
    import: async (lines, options) => (await onDemand()).importRecords(ctx, lines, options),
    info: () => info(ctx),
    check: async function* (options) {
      return yield* (await onDemand()).check(ctx, options)
    },
    backup: async (file, options) => (await onDemand()).backup(ctx, file, options),
    prepareRestore: async (file, options) => (await onDemand()).prepareRestore(ctx, file, options),
    compact: async (options) => (await onDemand()).compact(ctx, options),
    close: () => ctx.store.close(),
  }
}

const onDemand = () => import('./on-demand.js')

async function firstOf(replies: AsyncGenerator<Message>): Promise<Message> {
  for await (const reply of replies) return reply
  throw new LeatError('TIMEOUT', 'the request was called off')
}

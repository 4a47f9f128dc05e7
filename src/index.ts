/**
 * leat as a library: the same bus that the command line drives, with the same rules and errors.
 *
 * ```ts
 * import {openBus} from 'leat'
 *
 * const bus = await openBus({store: './events.db', as: 'deploy-bot', create: true})
 * await bus.send('ops', {body: 'deploy finished'}, {create: true})
 * for await (const taken of bus.read('ops')) {
 *   for (const message of taken.messages) console.log(message.content)
 *   await taken.commit()
 * }
 * await bus.close()
 * ```
 */
import {userInfo} from 'node:os'
import {type Bus, createBus} from './bus/bus.js'
import {commandRunner} from './bus/command/runner.js'
import type {Store} from './bus/context.js'
import {forwarding} from './bus/forwarding.js'
import {idSource} from './bus/ids.js'
import type {Environment} from './model/environment.js'
import {checkName, defaultActor} from './model/names.js'
import type {Clock} from './model/time.js'
import {defaultStorePath, openStore} from './store/open.js'
import {openTransports as open, type ServingHub, type Transport, type Transports} from './transport/open.js'

export interface OpenOptions {
  /** A path, a URL, or a store that is open. Default: `LEAT_STORE`, else the one in the user's data folder. */
  store?: string | Store
  /** Who acts. Default: `LEAT_AS`, else the OS user. */
  as?: string
  /** Make the store if it is missing. Default: only where neither `store` nor `LEAT_STORE` names one. */
  create?: boolean
  /** Default: the system's. */
  clock?: Clock
  /** New message ids. Default: UUID v7. */
  ids?: () => string
}

/**
 * Opens a bus. `close` it when done: that closes the store, too, whoever opened it.
 *
 * @throws NOT_FOUND no store there, and it may not be made
 * @throws INVALID   the actor is not a name
 * @throws STORAGE, CORRUPT, BUSY, SCHEMA_NEWER the store can't be opened
 */
export async function openBus({
  store,
  as,
  create,
  clock = Date.now,
  ids = idSource(clock),
}: OpenOptions = {}): Promise<Bus> {
  const actor = checkName('actor', as ?? (process.env['LEAT_AS'] || osActor()))
  return createBus({store: await storeFor(store, {create, clock, ids}), actor, clock, ids})
}

async function storeFor(
  store: OpenOptions['store'],
  {create, clock, ids}: {create: boolean | undefined; clock: Clock; ids: () => string},
): Promise<Store> {
  if (typeof store === 'object') return store
  const named = store ?? (process.env['LEAT_STORE'] || undefined)
  const isDefault = named === undefined
  return openStore(named ?? defaultStorePath(process.env), {
    clock,
    ids,
    create: create ?? isDefault,
    makeFolder: isDefault,
  })
}

function osActor(): string {
  try {
    return defaultActor(userInfo().username, process.getuid?.())
  } catch {
    return defaultActor(undefined, process.getuid?.()) // a uid without an entry is named by its number
  }
}

export interface TransportOptions {
  /** `LEAT_SMTP_URL` and `LEAT_SMTP_FROM`, and what commands find in their environment. Default: the process's. */
  env?: Environment
  /** More transports, tried after those of leat. */
  plugins?: readonly Transport[]
  /** Who is connected to doors of this process (`createHub`). Without it there are none. */
  hub?: ServingHub
}

/**
 * The transports by which a bus delivers to its push subscriptions. `close` them before the bus. Commands of `exec` write
 * to this process's stderr.
 *
 * @throws EXISTS two transports have the same name
 */
export async function openTransports(
  bus: Bus,
  {env = process.env, plugins, hub}: TransportOptions = {},
): Promise<Transports> {
  const {clock, ids} = bus.context
  const {location: store} = await bus.info()
  const {forward, close} = forwarding(bus.context, (address) => openStore(address, {clock, ids, create: false}))
  const transports = await open({
    ...{env, plugins, hub, clock, forward},
    runCommand: commandRunner({env, store}, {write: (chunk) => void process.stderr.write(chunk)}),
  })
  return {
    ...transports,
    close: async () => {
      await transports.close()
      await close()
    },
  }
}

export type {BulkOptions, BulkResult, Line, Lines} from './bus/bulk.js'
export type {Bus} from './bus/bus.js'
export type {
  ChannelDetails,
  ChannelListOptions,
  NewChannel,
  Pruned,
  PruneOptions,
  SchemaMisfit,
} from './bus/channels.js'
export type {ClaimByHandOptions, ClaimName, Nacked, NackOptions} from './bus/claims.js'
export type {Context, Foundation, Store, StoreInfo} from './bus/context.js'
export type {ConversationSummary, NewConversation} from './bus/conversations.js'
export type {CursorMoveOptions, CursorRow} from './bus/cursors.js'
export type {DeadLetterFilter} from './bus/dead-letters.js'
export type {DeliverOptions, DeliverReport, DeliverySettled, DeliveryStuck} from './bus/deliver.js'
export type {DeliveryFilter} from './bus/deliveries.js'
export type {DeliverySummary} from './bus/delivery-wait.js'
export type {FollowBegin, FollowOptions, StreamBegin, StreamOptions} from './bus/follow.js'
export type {FollowCursorOptions} from './bus/follow-cursor.js'
export type {Granted, GrantOptions} from './bus/grants.js'
export type {HoldKey, TakeOptions} from './bus/holding.js'
export type {LogOptions} from './bus/log.js'
export type {BackupOptions, LongOptions, PreparedRestore} from './bus/maintenance.js'
export type {MembersChange} from './bus/members.js'
export type {MessagePage, PageOptions} from './bus/page.js'
export type {InboxChannel, InboxOptions, PeekOptions, ReadOptions, Taken, UnreadOptions} from './bus/read.js'
export type {ReplyOptions} from './bus/reply.js'
export type {RequestOptions, WaitOptions} from './bus/request.js'
export type {Answerer, RespondOptions, RespondReport, RespondSettled} from './bus/respond.js'
export type {RoleDetails} from './bus/roles.js'
export type {SearchOptions, SearchResult} from './bus/search.js'
export type {SendOptions} from './bus/send.js'
export type {Link, MessageDetails} from './bus/show.js'
export type {ChannelStatistics, Statistics, StatisticsOptions} from './bus/statistics.js'
export type {SubscribeOptions} from './bus/subscriptions.js'
export type {ThreadNode} from './bus/thread.js'
export type {ExportOptions, ExportPart} from './bus/transfer/export.js'
export type {ImportOptions, ImportResult} from './bus/transfer/import-options.js'
export type {Explanation} from './bus/why.js'
export type {Handler, Outcome, WorkOptions, WorkReport, WorkSettled} from './bus/work.js'
export type {Backoff} from './model/backoff.js'
export type {
  Channel,
  ChannelSettings,
  ChannelState,
  ChannelSummary,
  Retention,
  SettingsChange,
} from './model/channel.js'
export type {Claim, InFlight} from './model/claim.js'
export type {Connection, Connections} from './model/connection.js'
export type {Batch, Consumer, ConsumerKey, ConsumerKind, Move, Worker} from './model/consumer.js'
export type {Body} from './model/content.js'
export type {Conversation} from './model/conversation.js'
export type {DeadLetter, Redriven} from './model/dead-letter.js'
export type {Delivery, DeliveryAttempt, DeliveryState} from './model/delivery.js'
export {type ErrorCode, EXIT_CODES, LeatError, type Violation} from './model/errors.js'
export type {Filter} from './model/filter.js'
export type {
  Backup,
  Checked,
  CheckOptions,
  Compacted,
  Finding,
  Progress,
  Restored,
  RestorePlan,
  Severity,
} from './model/maintenance.js'
export {
  type Draft,
  type Headers,
  Message,
  messageJson,
  type Place,
  type Receipt,
  type Sent,
  type Seq,
} from './model/message.js'
export type {Decision, Grant, Grantee, Permission} from './model/permission.js'
export type {Positions} from './model/position.js'
export type {Role} from './model/role.js'
export type {ScheduledMessage} from './model/scheduled.js'
export type {Share, Standing} from './model/statistics.js'
export type {SubscriberKind, Subscription, SubscriptionSettings} from './model/subscription.js'
export type {Clock} from './model/time.js'
export type {Token} from './model/token.js'
export {exactJson, recordJson, type TransferRecord} from './model/transfer.js'
export {
  createHub,
  type Direction,
  type Failure,
  type Recipient,
  type ServingHub,
  type Transport,
  type TransportResult,
  type Transports,
} from './transport/open.js'

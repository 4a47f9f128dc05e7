import {randomUUID} from 'node:crypto'
import {LeatError} from '../../../src/model/errors.js'
import type {Clock} from '../../../src/model/time.js'
import type {Store, StoreInfo} from '../../../src/store/store.js'
import {accessTokens} from './access-tokens.js'
import {channels} from './channels.js'
import {claims} from './claims.js'
import {consumers} from './consumers.js'
import {conversations} from './conversations.js'
import {deadLetters} from './dead-letters.js'
import {storeDue} from './delayed.js'
import {type Delays, randomDelays} from './delays.js'
import {deliveries} from './deliveries.js'
import {grants} from './grants.js'
import {releaseClaims} from './groups.js'
import {maintenance} from './maintenance.js'
import {messages} from './messages.js'
import {releaseParcels} from './pushes.js'
import {roles} from './roles.js'
import {search} from './search.js'
import {type Access, type Holder, newState, type State} from './state.js'
import {statistics} from './statistics.js'
import {subscriptions} from './subscriptions.js'
import {transfer} from './transfer.js'
import {changed, wake} from './waking.js'

export interface MemoryOptions {
  /** Shared by the handles of one store. Default: a new store. */
  state?: State
  clock?: Clock
  /** New UUIDs. */
  ids?: () => string
  /** Default: random ones, the same in every run. */
  delays?: Delays
}

/** A handle on a store in memory. */
export interface MemoryStore extends Store {
  readonly state: State
  /** Ends the handle as a crash would: it gives nothing back. */
  die(): void
}

/**
 * The store port without SQL, files or processes, each operation with random delays around it: it keeps the port
 * honest, and lets the bus be tested without a disk. Several handles on one `state` are several processes on one store.
 */
export function openMemory({
  clock = Date.now,
  ids = randomUUID,
  delays = randomDelays(1),
  ...rest
}: MemoryOptions = {}): MemoryStore {
  const state = rest.state ?? newState(clock())
  const holder: Holder = {name: `handle ${ids()}`, alive: true}
  let closed = false
  let {epoch} = state

  async function read<T>(body: () => T): Promise<T> {
    await delays()
    if (closed) throw new LeatError('STORAGE', `${state.label} was closed`)
    if (state.epoch !== epoch) throw new LeatError('CONFLICT', `${state.label} was restored while it was in use`)
    if (storeDue(state, ids, clock())) wake(state)
    const result = body()
    await delays()
    return result
  }

  let written = 0
  let othersKnown: number | undefined
  const write = <T>(body: () => T): Promise<T> =>
    read(() => {
      const result = body()
      state.writes++
      written++
      wake(state)
      return result
    })

  const access: Access = {state, clock, ids, holder, read, write}
  return {
    state,
    label: state.label,
    channels: channels(access),
    messages: messages(access),
    consumers: consumers(access),
    claims: claims(access),
    deadLetters: deadLetters(access),
    subscriptions: subscriptions(access),
    conversations: conversations(access),
    grants: grants(access),
    roles: roles(access),
    tokens: accessTokens(access),
    deliveries: deliveries(access),
    search: search(access),
    maintenance: maintenance(access, () => {
      epoch = state.epoch
    }),
    transfer: transfer(access),
    statistics: statistics(access),
    othersWrote: () =>
      read(() => {
        const others = state.writes - written
        const wrote = othersKnown !== undefined && others !== othersKnown
        othersKnown = others
        return wrote
      }),
    changed: (...parameters) => changed(state, clock, ...parameters),
    info: () => read(() => info(state)),
    close: async () => {
      await delays()
      closed = true
      releaseAll(state, holder)
      releaseClaims(state, holder, clock())
      releaseParcels(state, holder, clock())
      wake(state)
    },
    die: () => {
      closed = true
      holder.alive = false
    },
  }
}

function releaseAll(state: State, holder: Holder): void {
  for (const {readers} of state.rooms.values())
    for (const reader of readers.values()) if (reader.hold?.holder === holder) reader.hold = undefined
}

function info(state: State): StoreInfo {
  const rooms = [...state.rooms.values()]
  const count = (size: (room: (typeof rooms)[number]) => number): number =>
    rooms.reduce((sum, room) => sum + size(room), 0)
  return {
    location: state.label,
    engine: 'memory',
    schemaVersion: 1,
    epoch: state.epoch,
    createdAt: state.createdAt,
    bytes: 0,
    channels: rooms.length,
    messages: count(({messages}) => messages.length),
    subscriptions: count(({subscriptions}) => subscriptions.size),
    consumers: count(({readers, groups, pushes}) => readers.size + groups.size + pushes.size),
    settings: {},
  }
}

export {newState, type State} from './state.js'

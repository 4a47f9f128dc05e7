import type {GroupKey} from '../../../src/model/claim.js'
import type {Seq} from '../../../src/model/message.js'
import type {SubscriptionKey} from '../../../src/model/subscription.js'
import type {ReaderKey, Store} from '../../../src/store/store.js'

/** What an engine supplies for one test: a store of its own, empty, and the ways to treat it. */
export interface Harness {
  /** Another handle on the same store, as another process would open it. The harness closes what is left open. */
  open(): Promise<Store>
  clock: TestClock
  /** New UUIDs. */
  ids(): string
  /** Whether seqs have no gaps. */
  gapless: boolean
  /** Whether the store is checked when a test is over. */
  checks: boolean
  /** What only some engines can do. */
  dying?: Dying
  /** Ends the test: closes all handles, deletes the store. */
  end(): Promise<void>
}

/** Holders that die: where processes are holders, a process that is killed with SIGKILL. */
export interface Dying {
  /** Whether the engine can tell that a holder died before its lease ends. */
  told: boolean
  /** Takes up to `limit` messages and dies with them in hand. Returns their seqs. */
  take(reader: ReaderKey, limit: number): Promise<Seq[]>
  /** Claims up to `limit` messages of a group for 30 s, bound, five attempts at most, and dies. Returns their seqs. */
  claim(group: GroupKey, limit: number): Promise<Seq[]>
  /** Takes the next delivery of a subscription for 30 s, and dies with it in hand. Returns its id and attempts. */
  deliver(key: SubscriptionKey): Promise<{id: string; attempts: number} | undefined>
  /** Joins a group, and dies. */
  join(group: GroupKey): Promise<void>
  /** Appends messages with these bodies, one by one, and dies as soon as the last is acknowledged. Returns their seqs. */
  append(channel: string, bodies: readonly string[]): Promise<Seq[]>
}

/** A clock that only tests move. It stands still between. */
export interface TestClock {
  now(): number
  /** Milliseconds, also back. */
  advance(ms: number): void
}

/** Tests begin at 2026-01-05T10:00:00Z. */
export const START = Date.UTC(2026, 0, 5, 10)

export function testClock(now = START): TestClock {
  return {
    now: () => now,
    advance: (ms) => {
      now += ms
    },
  }
}

export const SECOND = 1000
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

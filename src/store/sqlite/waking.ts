import type {Positions} from '../../model/position.js'
import {Bell} from './bell.js'
import {logsOf} from './log.js'
import {nextDue} from './scheduled.js'
import type {Session} from './session.js'

/** Milliseconds between two looks at the store: behind a bell that was heard to ring, and without one. */
const SLOW = 250
const FAST = 5

/** Milliseconds after a change until those are woken whose positions it doesn't touch: many changes wake them once. */
const PACE = 20

/** Milliseconds until watching is tried again where it didn't work. */
const AGAIN = 1000

interface Waiter {
  after: Positions
  wake: () => void
}

/** Who waits for the store to change, over all calls of `changed`; woken by this handle's own writes and by others'. */
export class Waking {
  readonly #session: Session
  readonly #bell: Bell
  readonly #waiting = new Set<Waiter>()
  /** What SQLite said when it was last asked: another number when another connection has committed; rows changed by ours. */
  #version = 0
  #own = 0
  /** Something changed that nobody was told. */
  #news = false
  /** Several have waited at once: some may still be reading when the others are woken. */
  #several = false
  /** When the next delayed message falls due. */
  #due: number | undefined
  #timer: NodeJS.Timeout | undefined
  /** When that fires. */
  #at = Infinity
  #pace: NodeJS.Timeout | undefined
  /** Whether a ring of our own was heard: on some file systems watching silently does nothing. */
  #heard = false
  #listenedAt = -Infinity

  constructor(session: Session) {
    this.#session = session
    this.#bell = new Bell(session.path)
  }

  /** This handle has committed something. */
  wrote(): void {
    this.#bell.ring()
    this.#look()
  }

  /**
   * Law 9. Resolves at once when a channel is behind its position or a message fell due, and soon when something else has
   * changed since somebody was last woken. What goes wrong wakes, too: whoever waits reads again, and is told there.
   */
  changed(after: Positions, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || !this.#session.connection.isOpen) return resolve()
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        this.#waiting.delete(waiter)
        if (this.#waiting.size === 0) this.#timer?.unref()
        resolve()
      }
      const waiter: Waiter = {after, wake}
      signal.addEventListener('abort', wake)
      this.#waiting.add(waiter)
      this.#several ||= this.#waiting.size > 1
      if (this.#listenedAt === -Infinity) this.#listen()
      this.#look(waiter)
    })
  }

  close(): void {
    this.#wakeAll()
    clearTimeout(this.#timer)
    clearTimeout(this.#pace)
    this.#bell.close()
  }

  /** Wakes whoever a change concerns, and a newcomer whom something concerns that was there before. */
  #look(newcomer?: Waiter): void {
    if (this.#waiting.size === 0) return
    try {
      const {changed, concerned} = this.#session.connection.read(() => this.#ask(newcomer))
      for (const {wake} of concerned) wake()
      if (changed && (this.#waiting.size > 0 || this.#several))
        this.#pace ??= setTimeout(() => this.#tellAll(), PACE).unref()
      if (this.#waiting.size > 0 && (changed || newcomer)) this.#arm()
    } catch {
      this.#wakeAll() // the next read meets the same error, where it can be told
    }
  }

  #ask(newcomer: Waiter | undefined): {changed: boolean; concerned: readonly Waiter[]} {
    const {connection} = this.#session
    const version = connection.row('PRAGMA data_version')?.[0] as number
    const own = connection.row('SELECT total_changes()')?.[0] as number
    const changed = this.#news || version !== this.#version || own !== this.#own
    this.#version = version
    this.#own = own
    this.#news = false
    if (changed) this.#due = nextDue(this.#session)
    const asking = changed ? [...this.#waiting] : newcomer ? [newcomer] : []
    return {changed, concerned: this.#isDue() ? [...this.#waiting] : this.#behind(asking)}
  }

  /** Those for whom a message is there. */
  #behind(waiters: readonly Waiter[]): Waiter[] {
    const names = new Set(waiters.flatMap(({after}) => Object.keys(after)))
    if (names.size === 0) return []
    const logs = logsOf(this.#session, [...names])
    return waiters.filter(({after}) =>
      Object.entries(after).some(([name, seq]) => (logs.get(name)?.lastSeq ?? 0) > seq),
    )
  }

  /** A read-only store leaves it to others to store what is due. */
  #isDue(): boolean {
    const {clock, connection} = this.#session
    if (this.#due === undefined || this.#due > clock() || connection.isReadonly) return false
    this.#due = nextDue(this.#session)
    return this.#due !== undefined && this.#due <= clock()
  }

  #tellAll(): void {
    this.#pace = undefined
    this.#news = this.#waiting.size === 0
    this.#wakeAll()
  }

  #wakeAll(): void {
    for (const {wake} of [...this.#waiting]) wake()
  }

  /** Sees to it that somebody looks around in time, for as long as anyone waits. */
  #arm(): void {
    const pause = this.#pause()
    const at = performance.now() + pause
    if (this.#timer && this.#at <= at) {
      this.#timer.ref()
      return
    }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#lookAround(), pause)
    this.#at = at
  }

  #pause(): number {
    if (!this.#heard) return FAST
    if (this.#due === undefined || this.#session.connection.isReadonly) return SLOW
    return Math.max(1, Math.min(SLOW, this.#due - this.#session.clock()))
  }

  /** For what nobody rings: the store was replaced, the bell removed, a writer killed before it rang; time went by. */
  #lookAround(): void {
    this.#timer = undefined
    if (this.#waiting.size === 0) return
    if (this.#session.file?.isInPlace() === false) {
      this.#wakeAll()
      return
    }
    if (!this.#bell.isWatching) this.#listen()
    this.#look()
    if (this.#waiting.size > 0) this.#arm()
  }

  /** Watches the bell, and rings it to hear whether that works. */
  #listen(): void {
    this.#heard = false
    if (performance.now() - this.#listenedAt < AGAIN) return
    this.#listenedAt = performance.now()
    if (this.#bell.watch(() => this.#rang())) this.#bell.ring()
  }

  #rang(): void {
    this.#heard = true
    this.#look()
  }
}

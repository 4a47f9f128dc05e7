import type {Seq} from '../../model/message.js'
import type {Positions} from '../../model/position.js'
import {Bell} from './bell.js'
import type {Breath} from './breath.js'
import {nextDue} from './epoch.js'
import {lastSeqs} from './log.js'
import type {Session} from './session.js'

/** Milliseconds between two looks at the store: behind a bell that was heard to ring, and without one. */
const SLOW = 250
const FAST = 5

/** After so many looks without a ring it is looked whether file and bell are still those: once a second. */
const LOOKS = 4

/** Milliseconds after a change until those are woken whose positions it doesn't touch: many changes wake them once. */
const PACE = 20

/** Milliseconds until watching is tried again where it didn't work. */
const AGAIN = 1000

interface Waiter {
  after: Positions
  /** The mark of what it has seen. */
  since: string | undefined
  signal: AbortSignal
  wake: () => void
}

/** Who waits for the store to change, over all calls of `changed`; woken by this handle's own writes and by others'. */
export class Waking {
  readonly #session: Session
  readonly #bell: Bell
  readonly #breath: Breath
  readonly #waiting = new Set<Waiter>()
  readonly #signals = new WeakSet<AbortSignal>()
  /** News that this handle wrote itself: SQLite's number tells of those of other connections. */
  #written = 0
  /** Of the store as it was at the last look, and what was seen then. */
  #mark: string | undefined
  #seqs = new Map<string, Seq>()
  /** When the next delayed message falls due. */
  #due: number | undefined
  #timer: NodeJS.Timeout | undefined
  /** When that fires. */
  #at = Infinity
  #pace: NodeJS.Timeout | undefined
  /** Whether a ring of our own was heard: on some file systems watching silently does nothing. */
  #heard = false
  #listenedAt = -Infinity
  #looks = 0

  /** No ring was heard since something was last seen: what is committed from then on rings later. */
  #isQuiet = false

  /** @param breath told of each turn of the event loop that begins here */
  constructor(session: Session, breath: Breath) {
    this.#session = session
    this.#breath = breath
    this.#bell = new Bell(session.path)
  }

  /**
   * Names what is seen in a transaction, inside of it: another mark when anything has changed that is news to somebody. That
   * a message is in someone's hands isn't.
   */
  seen(): string {
    this.#isQuiet = true
    return this.#now
  }

  /** The mark of what was last checked. */
  get #now(): string {
    return `${this.#session.epoch.version}.${this.#written}`
  }

  /** This handle has committed something. */
  wrote(): void {
    this.#written++
    this.#bell.ring()
    this.#look()
  }

  /**
   * Law 9. Resolves at once when a channel is behind its position or a message fell due, and soon when anything else has
   * changed. What goes wrong wakes, too: whoever waits reads again, and is told there.
   * @param since default: the last look of this handle, whoever it was for
   */
  changed(after: Positions, signal: AbortSignal, since?: string): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || !this.#session.connection.isOpen) return resolve()
      const wake = (): void => {
        this.#waiting.delete(waiter)
        if (this.#waiting.size === 0) this.#timer?.unref()
        resolve()
      }
      const waiter: Waiter = {after, since: since ?? this.#mark, signal, wake}
      this.#hearken(signal)
      this.#waiting.add(waiter)
      if (this.#listenedAt === -Infinity) this.#listen()
      this.#look(waiter, this.#heard && this.#isQuiet && since === this.#now)
    })
  }

  /** Once for each signal: a stream waits with the same one thousands of times. */
  #hearken(signal: AbortSignal): void {
    if (this.#signals.has(signal)) return
    this.#signals.add(signal)
    const wake = (): void => {
      for (const waiter of [...this.#waiting]) if (waiter.signal === signal) waiter.wake()
    }
    signal.addEventListener('abort', wake, {once: true})
  }

  close(): void {
    this.#wakeAll()
    clearTimeout(this.#timer)
    clearTimeout(this.#pace)
    this.#bell.close()
  }

  /**
   * Wakes whoever a change concerns, and a newcomer whom something concerns that was there before.
   * @param isChecked whether it is known that the store is as it was when the newcomer looked
   */
  #look(newcomer?: Waiter, isChecked = false): void {
    if (this.#waiting.size === 0) return
    try {
      if (!isChecked) this.#session.epoch.check()
      const isNew = this.#ask()
      for (const {wake} of this.#concerned(isNew, newcomer)) wake()
      if (this.#hasNews()) this.#pace ??= setTimeout(() => this.#tell(), PACE).unref()
      if (this.#waiting.size > 0 && (isNew || newcomer)) this.#arm()
    } catch {
      this.#wakeAll() // the next read meets the same error, where it can be told
    }
  }

  /**
   * Returns whether the store is another than at the last look. Without a transaction: its number was asked for first, so
   * what is committed meanwhile is seen again by the next look.
   */
  #ask(): boolean {
    const mark = this.#now
    if (mark === this.#mark) return false
    this.#due = this.#session.epoch.nextDue
    this.#seqs.clear()
    this.#mark = mark
    return true
  }

  /** Those for whom a message is there. A read-only store leaves it to others to store what is due. */
  #concerned(isNew: boolean, newcomer: Waiter | undefined): readonly Waiter[] {
    if (this.#isDue()) return [...this.#waiting]
    const asking = isNew ? [...this.#waiting] : newcomer ? [newcomer] : []
    const names: string[] = []
    for (const {after} of asking) for (const name in after) if (!this.#seqs.has(name)) names.push(name)
    for (const [name, seq] of lastSeqs(this.#session, names)) this.#seqs.set(name, seq)
    return asking.filter((waiter) => this.#isBehind(waiter))
  }

  #isBehind({after}: Waiter): boolean {
    for (const name in after) if ((this.#seqs.get(name) ?? 0) > after[name]!) return true
    return false
  }

  #isDue(): boolean {
    const {clock, connection} = this.#session
    if (this.#due === undefined || this.#due > clock() || connection.isReadonly) return false
    this.#due = nextDue(connection)
    return this.#due !== undefined && this.#due <= clock()
  }

  /** Whether anybody waits who has seen something else. */
  #hasNews(): boolean {
    for (const {since} of this.#waiting) if (since !== this.#mark) return true
    return false
  }

  #tell(): void {
    this.#pace = undefined
    for (const {since, wake} of [...this.#waiting]) if (since !== this.#mark) wake()
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
    this.#breath.turns()
    if (this.#waiting.size === 0) return
    // Where nothing is heard each look may be the one that finds out.
    if (!this.#heard || ++this.#looks >= LOOKS) {
      this.#looks = 0
      if (this.#session.file?.isInPlace() === false) {
        this.#wakeAll()
        return
      }
      if (!this.#bell.isWatching) this.#listen()
    }
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
    this.#breath.turns()
    this.#heard = true
    this.#isQuiet = false
    this.#look()
  }
}

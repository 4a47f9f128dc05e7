import type {Positions} from '../../model/position.js'
import {Bell} from './bell.js'
import {logsOf} from './log.js'
import {nextDue} from './scheduled.js'
import type {Session} from './session.js'

/** Milliseconds between two looks at the store: behind a bell that was heard to ring, and without one. */
const SLOW = 250
const FAST = 5

/** Who waits for the store to change, over all handles of `changed`; woken by this handle's own writes and by others'. */
export class Waking {
  readonly #session: Session
  readonly #bell: Bell
  readonly #waiting = new Set<() => void>()
  #seen = 0
  #timer: NodeJS.Timeout | undefined
  /** Whether a ring of our own was heard: on some file systems watching silently does nothing. */
  #heard = false

  constructor(session: Session) {
    this.#session = session
    this.#bell = new Bell(session.path)
  }

  /** This handle has committed something. */
  wrote(): void {
    this.#bell.ring()
    this.#wakeAll()
  }

  /** Law 9. Resolves when a channel is behind its position already, when something changed, or at the signal. */
  changed(after: Positions, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const wake = (): void => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        if (this.#waiting.size === 0) this.#rest()
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
      // First the version, then the look: whatever is committed in between changes the version.
      if (this.#waiting.size === 1) this.#begin()
      if (this.#isBehind(after)) wake()
    })
  }

  close(): void {
    this.#wakeAll()
    this.#bell.close()
  }

  #isBehind(after: Positions): boolean {
    const logs = logsOf(this.#session, Object.keys(after))
    return Object.entries(after).some(([name, seq]) => (logs.get(name)?.lastSeq ?? 0) > seq) || this.#isDue()
  }

  #begin(): void {
    this.#seen = this.#version()
    if (!this.#bell.isWatching && this.#bell.watch(() => this.#rang())) this.#bell.ring()
    this.#arm()
  }

  #rest(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #rang(): void {
    this.#heard = true
    this.#look()
  }

  #arm(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), this.#pause())
  }

  #pause(): number {
    if (!this.#heard || !this.#bell.isWatching) return FAST
    const due = nextDue(this.#session)
    return due === undefined ? SLOW : Math.max(1, Math.min(SLOW, due - this.#session.clock()))
  }

  #look(): void {
    if (this.#waiting.size === 0 || !this.#session.connection.isOpen) return
    try {
      const version = this.#version()
      if (version === this.#seen && !this.#isDue()) {
        this.#arm()
        return
      }
      this.#seen = version
    } catch {
      // Whoever waits reads again, and gets the error where it can be told.
    }
    this.#wakeAll()
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  #isDue(): boolean {
    const due = nextDue(this.#session)
    return due !== undefined && due <= this.#session.clock() && !this.#session.connection.isReadonly
  }

  /** Changes when another connection has committed. */
  #version(): number {
    return Number(this.#session.connection.pragma('data_version'))
  }
}

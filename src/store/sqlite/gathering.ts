import {LeatError} from '../../model/errors.js'
import type {Outcome} from './connection.js'
import {isBusy, isFull, toLeatError} from './errors.js'
import type {Session} from './session.js'

/** Writes of one group, and milliseconds after which it takes no more of them: other processes want to write, too. */
const MOST = 256
const LONGEST = 5

/** Milliseconds between two tries while another process writes: from, up to. */
export const RETRY = [5, 50] as const

/** How a write stands to the others. */
interface Manner {
  /** Others may want to hear of it. */
  isNews: boolean
  /** It makes transactions of its own, and settings around them. Default: it is one transaction, or a part of one. */
  isAlone?: boolean
}

interface Member extends Manner {
  work: () => unknown
  /** By performance.now(). */
  deadline: number
  resolve: (value: never) => void
  reject: (error: LeatError) => void
}

/**
 * Writes of one handle that wait at the same time share a transaction, and with it the wait for the disk; each stands for
 * itself (law 1). The first of a turn of the event loop is done at once: who writes alone never waits for company. Whoever
 * comes later in that turn, or in the one behind a group, is gathered until it ends.
 */
export class Gathering {
  readonly #session: Session
  readonly #patience: number
  readonly #onNews: () => void
  #waiting: Member[] = []
  /** Whoever waits gets a turn by itself. */
  #isComing = false
  #delay: number = RETRY[0]
  /** How many of those in front have a transaction each. */
  #singles = 0

  /** @param onNews called when something was written, before those who wrote it are told */
  constructor(session: Session, patience: number, onNews: () => void) {
    this.#session = session
    this.#patience = patience
    this.#onNews = onNews
  }

  /** Resolves when the write is on disk, and so are those that came before it. */
  write<T>(work: () => T, manner: Manner): Promise<T> {
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + this.#patience
      this.#waiting.push({...manner, work, deadline, resolve, reject})
      if (!this.#isComing) this.#goOn()
    })
  }

  /** Before the handle is closed: whoever waits gets its turn now, or is told that it comes no more. */
  end(): void {
    while (this.#waiting.length > 0 && this.#commit());
    this.#refuse(this.#waiting.splice(0), closed(this.#session.label))
  }

  #goOn(): void {
    this.#isComing = this.#waiting.length > 0
    if (!this.#isComing) return
    if (this.#commit()) {
      this.#delay = RETRY[0]
      setImmediate(() => this.#goOn())
      return
    }
    setTimeout(() => this.#goOn(), this.#delay * (0.5 + Math.random()))
    this.#delay = Math.min(this.#delay * 1.5, RETRY[1])
  }

  /** One transaction for those who wait. Returns whether there was one: while another process writes there is none. */
  #commit(): boolean {
    const {connection, file, epoch, label} = this.#session
    const members = this.#next()
    try {
      if (!connection.isOpen) throw closed(label)
      file?.checkNowAndThen()
      const outcomes = outcomesOf(this.#session, members)
      epoch.checkAfterwards()
      this.#done(outcomes.length)
      this.#tell(members, outcomes)
      return true
    } catch (error) {
      return this.#fail(members, error)
    }
  }

  /** Those of the next transaction, in the order in which they came. What can't be written at all tells each its own reason. */
  #next(): readonly Member[] {
    const most = this.#singles > 0 || this.#session.connection.isReadonly ? 1 : MOST
    const alone = this.#waiting.slice(0, most).findIndex(({isAlone}) => isAlone)
    return this.#waiting.slice(0, alone < 0 ? most : Math.max(alone, 1))
  }

  #done(count: number): void {
    this.#waiting.splice(0, count)
    this.#singles = Math.max(0, this.#singles - count)
  }

  #tell(members: readonly Member[], outcomes: readonly Outcome<unknown>[]): void {
    if (outcomes.some((outcome, index) => 'value' in outcome && members[index]!.isNews)) this.#onNews()
    outcomes.forEach((outcome, index) => {
      const {resolve, reject} = members[index]!
      if ('value' in outcome) resolve(outcome.value as never)
      else reject(toLeatError(outcome.error, this.#session.label))
    })
  }

  /**
   * Nothing of any of them is kept: they fail together, or try again while they have patience (law 11). Where there was no
   * room for all there may be for some: then each tries by itself.
   */
  #fail(members: readonly Member[], error: unknown): boolean {
    if (isFull(error) && members.length > 1) {
      this.#singles = members.length
      return true
    }
    if (!isBusy(error)) {
      this.#done(members.length)
      this.#refuse(members, reasonOf(this.#session, error))
      return true
    }
    const now = performance.now()
    const late = this.#waiting.filter(({deadline}) => deadline <= now)
    this.#waiting = this.#waiting.filter(({deadline}) => deadline > now)
    this.#refuse(late, error)
    return false
  }

  #refuse(members: readonly Member[], error: unknown): void {
    for (const {reject} of members) reject(toLeatError(error, this.#session.label))
  }
}

/** What became of the first of them, as many as there is time for. @throws what goes wrong with all of them */
function outcomesOf({connection}: Session, members: readonly Member[]): Outcome<unknown>[] {
  // Alone it needs nothing around it: it makes its own transaction.
  if (members.length === 1) return [{value: members[0]!.work()}]
  return connection.writeEach(inTime(members))
}

function* inTime(members: readonly Member[]): Generator<() => unknown> {
  const end = performance.now() + LONGEST
  for (const {work} of members) {
    yield work
    if (performance.now() >= end) return
  }
}

/** What went wrong may have gone wrong because the store was restored meanwhile. */
function reasonOf({epoch}: Session, error: unknown): unknown {
  try {
    epoch.checkAfterwards()
    return error
  } catch (restored) {
    return restored
  }
}

export const closed = (label: string): LeatError => new LeatError('STORAGE', `${label} was closed`)

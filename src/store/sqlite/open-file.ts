import {type Stats, statSync} from 'node:fs'
import {LeatError} from '../../model/errors.js'

/** Milliseconds for which a look at the path is good enough where nothing is written. */
const FRESH = 250

/**
 * The file that a handle has open, told from what stands at its path later: a restored store that was renamed over it, or
 * nothing. The path is only looked at: opening and closing the file would drop SQLite's locks.
 */
export class OpenFile {
  readonly #path: string
  readonly #label: string
  readonly #opened: Stats | undefined
  #lookedAt: number

  /** @param path of the file that is about to be opened */
  constructor(path: string, label: string) {
    this.#path = path
    this.#label = label
    this.#opened = statSync(path, {throwIfNoEntry: false})
    this.#lookedAt = performance.now()
  }

  /** Looks now. @throws STORAGE */
  check(): void {
    if (!this.isInPlace())
      throw new LeatError('STORAGE', `${this.#label} was replaced or removed while it was in use`, {
        hint: 'start again',
      })
  }

  /** Before each read, where the last look is good enough for a moment. @throws STORAGE */
  checkNowAndThen(): void {
    if (performance.now() - this.#lookedAt >= FRESH) this.check()
  }

  /** Looks now whether the path still names the file. */
  isInPlace(): boolean {
    const isThere = this.#isThere()
    this.#lookedAt = isThere ? performance.now() : -Infinity
    return isThere
  }

  #isThere(): boolean {
    try {
      const found = statSync(this.#path, {throwIfNoEntry: false})
      return found !== undefined && found.ino === this.#opened?.ino && found.dev === this.#opened.dev
    } catch {
      return true // its folder can't be looked into now, which says nothing
    }
  }
}

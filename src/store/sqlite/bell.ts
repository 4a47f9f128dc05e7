import {
  closeSync,
  constants,
  type FSWatcher,
  fchmodSync,
  openSync,
  realpathSync,
  statSync,
  watch,
  writeSync,
} from 'node:fs'

/**
 * A file beside the store that whoever commits writes one byte into, so that others needn't poll. It is made by those
 * who wait; where nobody ever waited, ringing is one look for a file that isn't there.
 */
export class Bell {
  readonly #storePath: string
  #path: string | undefined
  #file: number | undefined
  #watcher: FSWatcher | undefined
  #listener: () => void = () => {}

  constructor(storePath: string) {
    this.#storePath = storePath
  }

  /** Wakes those who watch. Never fails: a bell is a hint. */
  ring(): void {
    try {
      if (this.#file === undefined) {
        if (!statSync(this.#location, {throwIfNoEntry: false})) return
        this.#file = openSync(this.#location, constants.O_RDWR | constants.O_NOFOLLOW)
      }
      writeSync(this.#file, '!', 0)
    } catch {
      this.#closeFile() // gone or forbidden: those who wait also look by themselves
    }
  }

  /** Calls `listener` at each ring from now on. Returns whether the file system lets us watch. */
  watch(listener: () => void): boolean {
    this.#listener = listener
    if (this.#watcher) return true
    try {
      this.#make()
      this.#watcher = watch(this.#location, {persistent: false}, () => this.#listener())
      this.#watcher.on('error', () => this.#stopWatching())
      return true
    } catch {
      return false // read-only folder, too many watchers, a file system without
    }
  }

  get isWatching(): boolean {
    return this.#watcher !== undefined
  }

  close(): void {
    this.#stopWatching()
    this.#closeFile()
  }

  // Behind a symbolic link the store has one bell too.
  get #location(): string {
    this.#path ??= `${realpathSync.native(this.#storePath)}-bell`
    return this.#path
  }

  #make(): void {
    const file = openSync(this.#location, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
    try {
      if ((statSync(this.#location).mode & 0o777) !== 0o600) fchmodSync(file, 0o600)
    } finally {
      closeSync(file)
    }
  }

  #stopWatching(): void {
    this.#watcher?.close()
    this.#watcher = undefined
  }

  #closeFile(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}

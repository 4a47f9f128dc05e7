import {
  closeSync,
  constants,
  type FSWatcher,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  realpathSync,
  type Stats,
  statSync,
  watch,
  writeSync,
} from 'node:fs'

const BYTE = Buffer.from('!')

/** Neither follows a link nor waits for the other end of a pipe: anyone who may write into the folder can put one there. */
const {O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK} = constants

/**
 * A file beside the store that whoever commits writes one byte into, so that others needn't poll. It is made by those
 * who wait; where nobody ever waited, ringing is one look for a file that isn't there. It may be deleted at any time:
 * each side looks whether the file at the path is still the one it knows.
 */
export class Bell {
  readonly #storePath: string
  #path: string | undefined
  #rung: {file: number; ino: number} | undefined
  #watched: {watcher: FSWatcher; ino: number} | undefined

  constructor(storePath: string) {
    this.#storePath = storePath
  }

  /** Wakes those who watch. Never fails: a bell is a hint. */
  ring(): void {
    try {
      const found = this.#look()
      if (this.#rung?.ino !== found?.ino) this.#drop()
      if (!found) return
      this.#rung ??= {file: openSync(this.#location, O_RDWR | O_NOFOLLOW | O_NONBLOCK), ino: found.ino}
      writeSync(this.#rung.file, BYTE, 0, 1, 0)
    } catch {
      this.#drop() // forbidden, or gone just now: those who wait also look by themselves
    }
  }

  /** Calls `listener` at each ring from now on. Returns whether the file system lets us watch. */
  watch(listener: () => void): boolean {
    this.#stopWatching()
    try {
      this.#make()
      const found = this.#look()
      if (!found) return false
      const watcher = watch(this.#location, {persistent: false}, (event) => {
        // It was deleted or moved away: what is made at the path next may even get its number.
        if (event === 'rename') this.#stopWatching()
        listener()
      })
      watcher.on('error', () => this.#stopWatching())
      this.#watched = {watcher, ino: found.ino}
      return true
    } catch {
      return false // too many watchers, a file system without
    }
  }

  /** Whether the file that is watched is still the one that others ring. */
  get isWatching(): boolean {
    try {
      return this.#watched !== undefined && this.#look()?.ino === this.#watched.ino
    } catch {
      return false
    }
  }

  close(): void {
    this.#stopWatching()
    this.#drop()
  }

  // Behind a symbolic link the store has one bell too.
  get #location(): string {
    this.#path ??= `${realpathSync.native(this.#storePath)}-bell`
    return this.#path
  }

  #look(): Stats | undefined {
    const found = lstatSync(this.#location, {throwIfNoEntry: false})
    return found?.isFile() ? found : undefined
  }

  /** Makes the file for all who may open the store, as SQLite does with its own. What someone else made is watched too. */
  #make(): void {
    try {
      const mode = statSync(this.#location.slice(0, -'-bell'.length)).mode & 0o666
      const file = openSync(this.#location, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode)
      try {
        if ((fstatSync(file).mode & 0o777) !== mode) fchmodSync(file, mode)
      } finally {
        closeSync(file)
      }
    } catch {
      // A read-only folder, or a bell of another user: watching says whether it does.
    }
  }

  #stopWatching(): void {
    this.#watched?.watcher.close()
    this.#watched = undefined
  }

  #drop(): void {
    if (this.#rung) closeSync(this.#rung.file)
    this.#rung = undefined
  }
}

import {write} from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import {promisify} from 'node:util'

const writeTo = promisify(write)

/**
 * A file descriptor written in the background and in order: however slow the other side reads, timers and signals go
 * on. What can't be written, because nobody reads any more, is dropped: stderr has no one to complain to.
 */
export class BackgroundSink {
  readonly #fd: number
  #written: Promise<void> = Promise.resolve()
  #broken = false

  constructor(fd: number) {
    this.#fd = fd
  }

  /** Resolves when this, and all that came before, is out. */
  write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    this.#written = this.#written.then(() => this.#put(bytes))
    return this.#written
  }

  /** Resolves when all is out. */
  drain(): Promise<void> {
    return this.#written
  }

  async #put(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength && !this.#broken; ) {
      try {
        const {bytesWritten} = await writeTo(this.#fd, bytes, at, bytes.byteLength - at)
        at += bytesWritten
      } catch (error) {
        // A pipe that doesn't block is full: its reader gets a moment.
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') await pause(2)
        else this.#broken = true
      }
    }
  }
}

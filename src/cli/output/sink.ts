import {writeSync} from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import {LeatError} from '../../model/errors.js'

/** Who read our output is gone: a quiet end, not an error. */
export class ClosedPipe extends Error {
  override name = 'ClosedPipe'
}

const BLOCK = 64 * 1024
/** More than this does not gather for a slow reader: then it is waited for. */
const BACKLOG = 1024 * 1024

/**
 * A file descriptor written in blocks and synchronously, so that what was printed is out before a cursor is committed,
 * and memory stays flat however slow the other side reads.
 */
export class Sink {
  readonly #fd: number
  readonly #name: string
  #pending: Uint8Array[] = []
  /** Behind what is pending, not encoded yet: many short texts are cheaper as one. */
  #text = ''
  /** Bytes; of `#text` characters, of which each has one byte or more. */
  #size = 0
  /** What texts are encoded into, made when it is worth it: a new buffer for each block costs more than all the rest. */
  #block: Buffer | undefined
  /** How much is pending when it is worth trying again. */
  #next = BLOCK

  /** @param name what errors call it */
  constructor(fd: number, name = 'the output') {
    this.#fd = fd
    this.#name = name
  }

  /** @throws ClosedPipe */
  write(data: string | Uint8Array): void {
    if (this.#size >= BACKLOG) this.flush()
    if (typeof data === 'string') this.#text += data
    else {
      this.#encode()
      this.#pending.push(data)
    }
    this.#size += data.length
    if (this.#size >= this.#next) this.#keep(writeSome(this.#target, this.#gathered()))
  }

  /** Writes all that is pending, the process standing still while a pipe is full. @throws ClosedPipe */
  flush(): void {
    if (this.#size === 0) return
    const bytes = this.#gathered()
    this.#keep(EMPTY)
    writeAll(this.#target, bytes)
  }

  /** Writes what the other side takes now. Whether that was all. @throws ClosedPipe */
  push(): boolean {
    if (this.#size > 0) this.#keep(writeSome(this.#target, this.#gathered()))
    return this.#size === 0
  }

  /** As `flush`, but timers and signals go on while a pipe is full. @throws ClosedPipe */
  async drain(): Promise<void> {
    for (let before = this.#size; !this.push(); before = this.#size) if (this.#size === before) await pause(2)
  }

  /** As `drain`, where a block or more is pending. */
  async ease(): Promise<void> {
    if (this.isBehind) await this.drain()
  }

  /** More is pending than is written at once: the other side must be slow, and `ease` waits for it. */
  get isBehind(): boolean {
    return this.#size >= BLOCK
  }

  get #target(): Target {
    return {fd: this.#fd, name: this.#name}
  }

  #encode(): void {
    if (this.#text === '') return
    this.#pending.push(Buffer.from(this.#text))
    this.#text = ''
  }

  /** Valid until the next call. */
  #gathered(): Uint8Array {
    const text = this.#text
    if (this.#pending.length === 0 && text.length >= BLOCK && text.length <= 2 * BLOCK) {
      // A UTF-16 unit becomes three bytes at most.
      this.#block ??= Buffer.allocUnsafeSlow(6 * BLOCK)
      this.#text = ''
      return this.#block.subarray(0, this.#block.write(text))
    }
    this.#encode()
    return this.#pending.length === 1 ? (this.#pending[0] as Uint8Array) : Buffer.concat(this.#pending)
  }

  #keep(bytes: Uint8Array): void {
    this.#size = bytes.byteLength
    const isBlock = bytes.buffer === this.#block?.buffer
    this.#pending = this.#size === 0 ? [] : [isBlock ? Buffer.from(bytes) : bytes]
    this.#next = this.#size + BLOCK
  }
}

const EMPTY = new Uint8Array(0)

interface Target {
  fd: number
  name: string
}

/** Writes what the other side takes now, and returns the rest. @throws ClosedPipe */
function writeSome(target: Target, bytes: Uint8Array): Uint8Array {
  let at = 0
  while (at < bytes.byteLength) {
    const written = tryWrite(target, bytes, at)
    if (written === undefined) return bytes.subarray(at)
    at += written
  }
  return EMPTY
}

/** How many bytes were written, undefined when a pipe is full. @throws ClosedPipe, STORAGE a disk is full */
function tryWrite({fd, name}: Target, bytes: Uint8Array, at: number): number | undefined {
  try {
    return writeSync(fd, bytes, at)
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    if (code === 'EPIPE') throw new ClosedPipe()
    if (code === 'EAGAIN') return undefined
    throw new LeatError('STORAGE', `can't write ${name}: ${message}`, {cause: error})
  }
}

/** Writes all of it, waiting where a pipe is full. @throws ClosedPipe */
export const writeFully = (fd: number, bytes: Uint8Array): void => writeAll({fd, name: 'the output'}, bytes)

function writeAll(target: Target, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) {
    const written = tryWrite(target, bytes, at)
    // Node makes pipes non-blocking; there is no synchronous poll, so give the reader a moment.
    if (written === undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    else at += written
  }
}

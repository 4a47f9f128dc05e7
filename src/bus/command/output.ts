/** What a command writes, read while it runs: kept up to a limit, or passed on with its end kept. */
import type {Readable} from 'node:stream'
import {setTimeout as pause, setImmediate as turn} from 'node:timers/promises'

/** Takes a piece; what it returns is waited for before the next one is read. */
export type Take = (chunk: Buffer) => void | Promise<void>

/** Keeps the first `limit` bytes; the rest is counted and dropped. */
export class Beginning {
  readonly #limit: number
  readonly #chunks: Buffer[] = []
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  readonly take = (chunk: Buffer): void => {
    const room = this.#limit - this.#size
    if (room > 0) this.#chunks.push(chunk.subarray(0, room))
    this.#size += chunk.byteLength
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  /** There was more than the limit. */
  get cut(): boolean {
    return this.#size > this.#limit
  }
}

/** Keeps the last `limit` bytes. */
export class End {
  readonly #limit: number
  #bytes: Buffer = Buffer.alloc(0)
  #cut = false

  constructor(limit: number) {
    this.#limit = limit
  }

  take(chunk: Buffer): void {
    const all = Buffer.concat([this.#bytes, chunk.subarray(-this.#limit)])
    this.#cut ||= this.#bytes.byteLength + chunk.byteLength > this.#limit
    this.#bytes = all.subarray(-this.#limit)
  }

  /** As text without the newlines at its end. Where it was cut it begins with a whole character, and it has no NUL. */
  get text(): string {
    let start = 0
    if (this.#cut) while (start < 4 && ((this.#bytes[start] ?? 0) & 0xc0) === 0x80) start++
    return this.#bytes.subarray(start).toString('utf8').replaceAll('\0', '\ufffd').trimEnd()
  }
}

/** Milliseconds without anything to read after which nobody waits for a pipe that is still open. */
const QUIET = 100
/** More than a pipe holds: who writes so much after the command's end is another process. */
const MOST_LEFT = 1024 * 1024

/** Reads a pipe of a command, one piece after the other. */
export class Pump {
  readonly #stream: Readable
  readonly #reading: Promise<void>
  #taken = 0
  /** A piece is being taken: it isn't the command that we wait for. */
  #busy = false

  constructor(stream: Readable, take: Take) {
    this.#stream = stream
    this.#reading = this.#read(take)
  }

  async #read(take: Take): Promise<void> {
    try {
      for await (const chunk of this.#stream as AsyncIterable<Buffer>) {
        this.#busy = true
        this.#taken += chunk.byteLength
        await take(chunk)
        this.#busy = false
      }
    } catch (error) {
      // A pipe that was left, or broke, is at its end.
      if (!this.#stream.destroyed) throw error
    }
  }

  /**
   * Reads what an ended command has left in the pipe, then leaves it. A process in the background may keep it open for
   * ever, and write into it: that isn't waited for.
   */
  async finish(): Promise<void> {
    const calledOff = new AbortController()
    await Promise.race([this.#reading, this.#quiet(calledOff.signal)])
    calledOff.abort()
    this.#stream.destroy()
  }

  async #quiet(signal: AbortSignal): Promise<void> {
    const start = this.#taken
    for (let before = -1; !signal.aborted; ) {
      if (!this.#busy && (this.#taken === before || this.#taken - start > MOST_LEFT)) return
      before = this.#taken
      await pause(QUIET)
      // Where the process was held up for so long, what is there to read comes now.
      await turn()
    }
  }
}

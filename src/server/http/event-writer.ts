/** Writing server-sent events to a client that may be slow: never more than it takes, and not for ever. */
import type {ServerResponse} from 'node:http'
import {setImmediate} from 'node:timers/promises'

/** Bytes written at once; within the time limit a client has to take so many. */
const PIECE = 64 * 1024

/** One event. `data` and `type` have no line breaks: JSON has none, and a type is a word. */
export interface ServerEvent {
  id?: string
  type?: string
  data: string
  /** Milliseconds after which the client is to connect again. */
  retry?: number
}

export class EventWriter {
  readonly #response: ServerResponse
  readonly #drainTimeout: number
  #isWriting = false
  #sinceTurn = 0

  /** @param drainTimeout milliseconds that the client has to take a piece; a slower one is cut off */
  constructor(response: ServerResponse, drainTimeout: number) {
    this.#response = response
    this.#drainTimeout = drainTimeout
  }

  get isGone(): boolean {
    return this.#response.destroyed || this.#response.writableEnded
  }

  /** Resolves when the client has room for more, or is gone. */
  async write({id, type, data, retry}: ServerEvent): Promise<void> {
    const lines = [
      ...(id === undefined ? [] : [`id: ${id}`]),
      ...(type === undefined ? [] : [`event: ${type}`]),
      ...(retry === undefined ? [] : [`retry: ${retry}`]),
      `data: ${data}`,
    ]
    const bytes = Buffer.from(`${lines.join('\n')}\n\n`)
    this.#isWriting = true
    for (let at = 0; at < bytes.byteLength && !this.isGone; at += PIECE)
      if (!this.#response.write(bytes.subarray(at, at + PIECE))) await this.#drained()
    this.#isWriting = false
    this.#sinceTurn += bytes.byteLength
    if (this.#sinceTurn >= PIECE) await this.#turn()
  }

  /** A comment, so that nobody in between takes the silence for the end; not in the middle of an event. */
  beat(): void {
    if (!this.#isWriting && !this.isGone) this.#response.write(':\n\n')
  }

  end(): void {
    if (!this.isGone) this.#response.end()
  }

  /** Lets others have their turn: as long as the system takes what is written, nothing else would come to it. */
  async #turn(): Promise<void> {
    this.#sinceTurn = 0
    await setImmediate()
  }

  #drained(): Promise<void> {
    const response = this.#response
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        response.removeListener('drain', done)
        response.removeListener('close', done)
        resolve()
      }
      const timer = setTimeout(() => response.destroy(), this.#drainTimeout)
      response.once('drain', done)
      response.once('close', done)
      if (response.destroyed) done()
    })
  }
}

/** Writing server-sent events to a client that may be slow: never more than it takes, and not for ever. */
import type {ServerResponse} from 'node:http'
import {setImmediate as turn} from 'node:timers/promises'

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
  /** Events that go out together at the end of this turn of the event loop, and their bytes. */
  #gathered: Buffer[] = []
  #size = 0
  #sending: Promise<void> | undefined
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
  async write(event: ServerEvent): Promise<void> {
    this.#gather(eventBytes(event))
    await this.#flush()
  }

  /** As `write`, but what is added in one turn of the event loop goes out together: a write for each would cost more than all else. */
  async add(event: Buffer): Promise<void> {
    if (this.#size === 0) setImmediate(() => void this.#flush())
    this.#gather(event)
    if (this.#size >= PIECE || this.#sending) await this.#flush()
  }

  /** A comment, so that nobody in between takes the silence for the end; not in the middle of an event. */
  beat(): void {
    if (!this.#sending && this.#size === 0 && !this.isGone) this.#response.write(':\n\n')
  }

  end(): void {
    if (!this.isGone) this.#response.end(this.#taken())
  }

  #gather(event: Buffer): void {
    this.#gathered.push(event)
    this.#size += event.byteLength
  }

  #taken(): Buffer {
    const bytes = this.#gathered.length === 1 ? this.#gathered[0]! : Buffer.concat(this.#gathered, this.#size)
    this.#gathered = []
    this.#size = 0
    return bytes
  }

  /** Resolves when everything that was gathered is out, or the client is gone. */
  async #flush(): Promise<void> {
    while (this.#sending) await this.#sending
    if (this.#size === 0) return
    const sending = this.#send(this.#taken())
    this.#sending = sending
    await sending
    this.#sending = undefined
  }

  async #send(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.byteLength && !this.isGone; at += PIECE)
      if (!this.#response.write(bytes.subarray(at, at + PIECE))) await this.#drained()
    this.#sinceTurn += bytes.byteLength
    if (this.#sinceTurn >= PIECE) await this.#turn()
  }

  /** Lets others have their turn: as long as the system takes what is written, nothing else would come to it. */
  async #turn(): Promise<void> {
    this.#sinceTurn = 0
    await turn()
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

/** An event as it goes over the wire. */
export function eventBytes({id, type, data, retry}: ServerEvent): Buffer {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(type === undefined ? [] : [`event: ${type}`]),
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
    `data: ${data}`,
  ]
  return Buffer.from(`${lines.join('\n')}\n\n`)
}

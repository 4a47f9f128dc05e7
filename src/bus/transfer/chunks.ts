/** Messages on their way into the store, in transactions that keep nobody waiting for long. */
import {setImmediate as turn} from 'node:timers/promises'
import {bodySize} from '../../model/content.js'
import type {MessageFields} from '../../model/message.js'
import type {Positions} from '../../model/position.js'
import type {Placed, Store} from '../../store/store.js'

/** A message, and the line that it stands in. */
export interface Waiting {
  line: number
  message: MessageFields
}

/** Messages of one transaction, at least and at most: how many depends on how long the last one took. */
const CHUNK = [100, 2000] as const
/** Milliseconds that a transaction is to take: others wait so long. */
const TARGET = [15, 40] as const
/** Bytes of content after which a chunk is stored, however few its messages. */
const CHUNK_BYTES = 4 * 1024 * 1024

export class Chunks {
  tails: Positions = {}
  readonly #store: Store
  readonly #placed: (waiting: Waiting, placed: Placed) => void
  #waiting: Waiting[] = []
  #bytes = 0
  #size = 500

  /** @param placed told what became of each message; once that is a conflict, whether to go on is up to the caller */
  constructor(store: Store, placed: (waiting: Waiting, placed: Placed) => void) {
    this.#store = store
    this.#placed = placed
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#size || this.#bytes >= CHUNK_BYTES
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.#bytes += bodySize(waiting.message.body)
  }

  /** Stores what waits. @param goesOn asked after a conflict: without it the rest is dropped */
  async flush(goesOn: () => boolean): Promise<void> {
    let waiting = this.#waiting
    this.#waiting = []
    this.#bytes = 0
    while (waiting.length > 0) {
      const start = performance.now()
      const {placed, tails} = await this.#store.transfer.put(
        waiting.map(({message}) => message),
        this.tails,
      )
      this.tails = tails
      placed.forEach((one, index) => {
        this.#placed(waiting[index] as Waiting, one)
      })
      this.#adapt(placed.length, performance.now() - start)
      waiting = goesOn() ? waiting.slice(placed.length) : []
      // Whoever else works in this process, and whoever waits for the store, gets a turn.
      await turn()
    }
  }

  #adapt(count: number, took: number): void {
    if (took > TARGET[1]) this.#size = Math.max(CHUNK[0], this.#size >> 1)
    else if (took < TARGET[0] && count >= this.#size) this.#size = Math.min(CHUNK[1], this.#size * 2)
  }
}

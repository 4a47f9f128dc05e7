/** Messages on their way into the store, in transactions that keep nobody waiting for long. */
import {bodySize} from '../../model/content.js'
import type {MessageFields} from '../../model/message.js'
import type {Positions} from '../../model/position.js'
import type {Placed, Store} from '../../store/store.js'
import {ChunkSize} from '../chunk-size.js'

/** A message, and the line that it stands in. */
export interface Waiting {
  line: number
  message: MessageFields
}

/** Bytes of content after which a chunk is stored, however few its messages. */
const CHUNK_BYTES = 4 * 1024 * 1024

export class Chunks {
  tails: Positions = {}
  readonly #store: Store
  readonly #placed: (waiting: Waiting, placed: Placed) => void
  #waiting: Waiting[] = []
  #bytes = 0
  readonly #chunk = new ChunkSize()

  /** @param placed told what became of each message; once that is a conflict, whether to go on is up to the caller */
  constructor(store: Store, placed: (waiting: Waiting, placed: Placed) => void) {
    this.#store = store
    this.#placed = placed
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#chunk.messages || this.#bytes >= CHUNK_BYTES
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
      waiting = goesOn() ? waiting.slice(placed.length) : []
      await this.#chunk.stored(performance.now() - start, await this.#store.othersWrote())
    }
  }
}

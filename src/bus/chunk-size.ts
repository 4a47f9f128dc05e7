/** How many messages go into one transaction of bulk input. */
import {setTimeout as pause, setImmediate as turn} from 'node:timers/promises'

/** Messages of a transaction while somebody else writes too, at the beginning, and at most. */
const BESIDE_OTHERS = 100
const FIRST = 500
const MOST = 1250
/** Milliseconds: nobody is to wait longer for a transaction of it. */
const LONGEST = 250
/**
 * Milliseconds that nothing is written between two transactions while somebody else writes: as long as the one took, within
 * these. Whoever waits for the lock looks now and then, and so finds it free half of the time.
 */
const ROOM = {least: 1, most: 50} as const
/** Milliseconds after others wrote in which they are taken to go on. */
const RECENT = 500

/**
 * Whoever is alone writes much at once: each transaction waits for the disk. Beside others it writes little, and leaves
 * them room between: else a single message would wait for hundreds.
 */
export class ChunkSize {
  /** Messages that the next transaction is to have. */
  messages: number
  readonly #fixed: number | undefined
  #othersAt = -Infinity

  /** @param fixed as many, whoever else writes */
  constructor(fixed?: number) {
    this.#fixed = fixed
    this.messages = fixed ?? FIRST
  }

  /**
   * A transaction is done. Gives others their turn, in this process and outside of it.
   * @param took milliseconds
   * @param others somebody else has written since the one before
   */
  async stored(took: number, others: boolean): Promise<void> {
    const now = performance.now()
    if (others) this.#othersAt = now
    const isBesideOthers = now - this.#othersAt < RECENT
    if (this.#fixed === undefined) this.messages = isBesideOthers ? BESIDE_OTHERS : this.#whenAlone(took)
    if (isBesideOthers) await pause(Math.min(ROOM.most, Math.max(ROOM.least, took)))
    else await turn()
  }

  #whenAlone(took: number): number {
    if (took > LONGEST) return Math.max(BESIDE_OTHERS, this.messages >> 1)
    return Math.min(MOST, this.messages * 2)
  }
}

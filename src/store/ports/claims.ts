/** How work is handed out, and what was given up. The laws by number stand in `../store.ts`. */
import type {Claim, ClaimBatch, GroupKey, InFlight, Settled, Settlement} from '../../model/claim.js'
import type {DeadLetter, Redriven} from '../../model/dead-letter.js'
import type {Seq} from '../../model/message.js'
import type {ClaimOptions, DeadLetterQuery, Outgoing} from '../records.js'

/**
 * Groups of workers. A group is a frontier (its cursor: everything up to there was given to it or passed over) and what
 * is in flight: nothing is written for it when a message is sent. Groups know nothing of each other, nor of readers. A
 * group takes messages without a recipient or addressed to its name; expired ones are passed over.
 */
export interface Claims {
  /**
   * A worker says that it is there, making the group at the start of the channel if it is new: `workers` of the consumer
   * shows it until it leaves, its handle is closed, or its process is known to be gone.
   * @throws NOT_FOUND no such channel
   */
  join(group: GroupKey, actor: string): Promise<{worker: string; created: boolean}>

  /** Leaving twice is no error. */
  leave(worker: string): Promise<void>

  /**
   * Law 7. Claims up to `limit` messages for `lease` ms: first what is ready again, by seq, then what is new. What a
   * worker that never came back has tried `maxAttempts` times becomes a dead letter instead. Makes the group if it is
   * new. With nothing to give nothing is written. A lease, or a wait for the next attempt, that ends more than
   * `LONGEST_LEASE` from now was given by a clock that was wrong: it is over, unless its process may still run.
   * @throws NOT_FOUND no such channel
   */
  claim(group: GroupKey, options: ClaimOptions): Promise<ClaimBatch>

  /**
   * Ends claims, each for itself: `stale` for one whose lease is over or that was given on. A draining channel is closed
   * by its last one.
   * @param results what came of the work, stored as `append` does in the same step, in front of all else, whatever became
   *   of the claims: their keys see to it that they are there once
   * @throws NOT_FOUND a token of another store; and as `append`. Then nothing was settled or stored
   */
  settle(settlements: readonly Settlement[], results?: readonly Outgoing[]): Promise<Settled[]>

  /**
   * Renews the lease: it ends `lease` ms from now. Returns the claim's end, ISO 8601.
   * @throws STALE_CLAIM the claim was lost
   * @throws NOT_FOUND   a token of another store
   */
  extend(token: string, lease: number): Promise<string>

  /** The claim of a token with its message. @throws STALE_CLAIM, NOT_FOUND as `extend` */
  get(token: string): Promise<Claim>

  /** What groups aren't done with, by channel, group and seq. */
  inFlight(query: {channel?: string; group?: string; seq?: Seq}): Promise<InFlight[]>
}

export interface DeadLetters {
  /** In the order in which they died, behind the dead letter `after`. */
  list(query: DeadLetterQuery): Promise<DeadLetter[]>

  /**
   * Gives dead letters to their groups or subscribers again, with all their attempts; those that are gone, have expired,
   * or whose subscriber is pushed nothing any more, are passed over. One whose message was pruned is stored anew, under
   * its id and for its group or subscriber alone; a delayed one is stored as it would have been. A group that was
   * forgotten is made again at the end of its channel. All or none.
   * @throws CHANNEL_CLOSED a channel is closed
   */
  redrive(ids: readonly string[]): Promise<Redriven[]>

  /** Deletes dead letters. Returns how many there were. */
  purge(ids: readonly string[]): Promise<number>
}

/** Who reads a channel, and how far. The laws by number stand in `../store.ts`. */
import type {Batch, Consumer, ConsumerKey, ConsumerKind, Move} from '../../model/consumer.js'
import type {Filter} from '../../model/filter.js'
import type {Seq} from '../../model/message.js'
import type {ReaderKey, TakeOptions} from '../records.js'

export interface Consumers {
  /**
   * Law 7. Takes the reader's next messages under a hold, making the reader at the start of the channel if it is new.
   * While the hold lasts nobody else gets them; if its holder dies they are given again. With nothing to give there is
   * no hold to commit: `messages` is empty, `hold` is '', and the cursor has moved past what the reader doesn't see.
   * @throws NOT_FOUND no such channel
   * @throws BUSY      another holder kept it for `wait` ms
   */
  take(reader: ReaderKey, options: TakeOptions): Promise<Batch>

  /**
   * Law 8. Moves the cursor forward to `seq` (inside the held batch) and keeps the hold for the rest of the batch;
   * at `upTo`, the batch's end, it ends the hold.
   * @throws STALE_CLAIM the hold was lost
   * @throws INVALID     `seq` is beyond `upTo`
   */
  commit(reader: ReaderKey, hold: string, seq: Seq): Promise<void>

  /** Renews the lease of a hold. @throws STALE_CLAIM */
  extend(reader: ReaderKey, hold: string): Promise<void>

  /** Gives a hold up: what was not committed comes again. A hold that is lost already is no error. */
  release(reader: ReaderKey, hold: string): Promise<void>

  /** The consumer, or undefined. */
  get(key: ConsumerKey): Promise<Consumer | undefined>

  list(query: {channel?: string; kind?: ConsumerKind; name?: string}): Promise<Consumer[]>

  /**
   * Law 8. Moves a reader's cursor anywhere, making the reader if it is new; with `dryRun` only says what would happen,
   * with `forwardOnly` never back. @throws NOT_FOUND no such channel @throws INVALID beyond the last seq @throws BUSY the reader is being handed messages
   */
  seek(reader: ReaderKey, seq: Seq, options: {actor: string; dryRun?: boolean; forwardOnly?: boolean}): Promise<Move>

  /** How many messages `take` would give in all. */
  unread(reader: ReaderKey, options: {actor: string; filter?: Filter}): Promise<number>

  /** Forgets a reader, or a group and what it has in flight; its dead letters stay. Returns whether there was one. A push consumer goes with its subscription alone. */
  forget(key: ConsumerKey): Promise<boolean>
}

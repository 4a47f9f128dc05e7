/** How a store is filled from another. The laws by number stand in `../store.ts`. */
import type {Channel, ChannelState} from '../../model/channel.js'
import type {MessageFields, Seq} from '../../model/message.js'
import type {Positions} from '../../model/position.js'
import type {Belonging, StoredConversation} from '../../model/transfer.js'
import type {Placed} from '../records.js'

export interface Transfer {
  /**
   * Stores messages as they were elsewhere, in order, whatever the state of their channels; nothing is deleted for it,
   * neither by retention nor because it expired. Their times, senders and ids stay as they are; what they answer or
   * refer to needn't be there. A conversation that doesn't exist is made.
   *
   * A message keeps its seq while its channel has nothing but what comes from the same source: where the channel's last
   * seq is that of `tails` (absent: 0) and the message's is higher. Else it is stored with the next one (law 2), and so
   * are all behind it: the tail is -1 then.
   * One whose id is there in its channel is passed over, be it redacted since; with other content or another sender, or
   * where its key is another message's or it is delayed there, it is a conflict: it and what stands behind it are not
   * stored.
   *
   * Returns what became of each, up to the first conflict, and the tails from which the next call goes on.
   * @throws NOT_FOUND no such channel; then nothing was stored
   */
  put(messages: readonly MessageFields[], tails: Positions): Promise<{placed: Placed[]; tails: Positions}>

  /**
   * Makes what isn't there; what is there stays as it is. All or none. Returns what was made. A channel is made with its
   * state, and goes on behind its name's last seq. A position may be at any seq. A subscription is made without a
   * position. What a group isn't done with, and what is on its way to a subscriber, comes with the position; what was in
   * somebody's hands is ready again. Of messages that aren't stored nothing is made.
   * @throws NOT_FOUND no such channel
   * @throws EXISTS    a channel's name is taken in other case
   */
  restore(things: readonly Belonging[]): Promise<boolean[]>

  /** Says that a channel has reached a seq (never lower than it is), or how it is from now on; nothing else changes. @throws NOT_FOUND */
  settle(
    channel: string,
    change: {lastSeq?: Seq; state?: ChannelState; metadata?: Channel['metadata']},
  ): Promise<Channel>

  /** Conversations by name; with `channels`, those that have a message there. */
  conversations(channels?: readonly string[]): Promise<StoredConversation[]>
}

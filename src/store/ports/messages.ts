/** What the store keeps of messages, and the conversations that they are in. The laws by number stand in `../store.ts`. */
import type {Conversation} from '../../model/conversation.js'
import type {Message, Receipt, Seq} from '../../model/message.js'
import type {MessageRef} from '../../model/reference.js'
import type {ScheduledMessage} from '../../model/scheduled.js'
import type {Arrivals, ArrivalsQuery, ConversationSummary, Outgoing, Page, ScanQuery} from '../records.js'

export interface Messages {
  /**
   * Laws 2, 4, 5, 6. Stores messages, in order, and applies the retention of their channels; expired messages of them
   * are deleted first, as `prune` does. Delayed messages that fell due are stored before that, by (deliverAt, id); one
   * that its channel no longer takes becomes a dead letter. A conversation that doesn't exist is made.
   * @throws NOT_FOUND      no such channel
   * @throws CHANNEL_CLOSED closed, or draining and the message is not a reply
   * @throws CONFLICT       the id or key is there with another sender or content
   */
  append(messages: readonly Outgoing[]): Promise<Receipt[]>

  /**
   * A page of messages of some channels by seq, merged over channels in the order they were stored; direct messages of
   * others are passed over here, so that a limit never loses one. Expired messages are left out but with `expired`.
   */
  scan(query: ScanQuery): Promise<Page>

  /** The next page behind some positions as `scan` gives it, and all that is needed to know whether the actor may have it. */
  arrivals(query: ArrivalsQuery): Promise<Arrivals>

  /**
   * What a reference names: every place of the message with an id, the one place of a place, every place of the
   * messages whose ids have an end (of 10 of them, if it's more). Expired ones too, as long as they are stored.
   */
  find(ref: MessageRef): Promise<Message[]>

  /** The first stored seq of a channel whose message has a time at or after `time` (ms), undefined if there is none. */
  firstSince(channel: string, time: number): Promise<Seq | undefined>

  /** A root and everything that answers it, directly or not: every place, in the order they were stored. The root is missing if it was deleted. */
  thread(root: string): Promise<Message[]>

  /** The chain of parents of a message, the root first, itself last, as far as it is stored. Every place of each. */
  ancestors(id: string): Promise<Message[]>

  /** Direct answers to a message and messages that refer to it: places, in the order they were stored. */
  links(id: string): Promise<{replies: Message[]; referencedBy: Message[]}>

  /**
   * Removes content and headers of every place of a message, where it is delayed too, and of its dead letters with their
   * detail, leaving the rows. Returns its places, and it with seq 0 where it is delayed. Again: changes nothing.
   * @throws NOT_FOUND
   */
  redact(id: string, by: string): Promise<Message[]>

  /** Delayed messages that are not due yet, by (deliverAt, id); `message` names one by its id or the end of it. */
  scheduled(query: {channel?: string; message?: MessageRef}): Promise<ScheduledMessage[]>

  /** Takes a delayed message back from some channels before it is due. Returns what went; what is due already isn't there. */
  cancel(id: string, channels: readonly string[]): Promise<ScheduledMessage[]>
}

export interface Conversations {
  /** One that a send made is from then on its maker's, with this title and the rest. @throws EXISTS it was made by hand before */
  create(
    conversation: Pick<Conversation, 'name' | 'title' | 'description' | 'metadata'>,
    by: string,
  ): Promise<Conversation>
  /**
   * Counts only messages that the actor may see in channels of `readable` (`all` as in `Viewer`). One that a send made,
   * not a hand, is known only to its sender and to who sees a message of it.
   */
  list(query: {
    actor: string
    readable: readonly {name: string; all?: boolean}[]
    name?: string
  }): Promise<ConversationSummary[]>
}

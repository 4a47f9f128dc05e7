import type {Message} from './message.js'

/** A message that is on its way to a channel, but not before its time. */
export interface ScheduledMessage {
  /** As it will be. Its seq is 0: it has none until it is due; its time is when it is due. */
  message: Message
  /** ISO 8601. */
  deliverAt: string
}

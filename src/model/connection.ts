import type {Message} from './message.js'

/** A client that is connected to a door of `leat serve` and gets messages by it. */
export interface Connection {
  /**
   * Hands a message over. Resolves with true when the client has it (acknowledged, or written where nobody
   * acknowledges); with false, or rejects, when it went away before.
   * @param deliveryId the same each time that a message is handed to a subscription, to deduplicate on
   */
  deliver(message: Message, deliveryId: string): Promise<boolean>
}

/** Who is connected to one kind of door. */
export interface Connections {
  /**
   * From now on messages for the subscriber's subscriptions are handed to the connection.
   * @param channel the only one that it wants, undefined for all of them
   * @returns how to detach it
   */
  attach(subscriber: string, channel: string | undefined, connection: Connection): () => void
}

/** The doors that have connections, by the name of the transport. */
export const CONNECTED_TRANSPORTS = ['websocket', 'sse', 'socket'] as const
export type ConnectedTransport = (typeof CONNECTED_TRANSPORTS)[number]

/** Who is connected to a process that serves. */
export type Hub = Readonly<Record<ConnectedTransport, Connections>>

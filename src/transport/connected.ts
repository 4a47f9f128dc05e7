/** Delivery to who is connected to a door of `leat serve`; what the doors share. */
import type {ConnectedTransport, Connection, Connections} from '../model/connection.js'
import type {Message} from '../model/message.js'
import type {Subscription} from '../model/subscription.js'
import {toEach} from './each.js'
import {unlessStopped} from './stopping.js'
import {delivered, notDelivered, type Recipient, type Transport, type TransportResult} from './transport.js'

interface Attached {
  subscriber: string
  channel: string | undefined
  connection: Connection
}

/** Who is connected to one kind of door, as the transport needs to know it. */
export class ConnectedClients implements Connections {
  readonly #attached = new Set<Attached>()
  readonly #listeners = new Set<(subscriber: string) => void>()

  attach(subscriber: string, channel: string | undefined, connection: Connection): () => void {
    const attached = {subscriber, channel, connection}
    this.#attached.add(attached)
    for (const listener of this.#listeners) listener(subscriber)
    return () => {
      this.#attached.delete(attached)
    }
  }

  /** The connections of a subscriber that want a channel, the newest first: an old one may be dead without knowing. */
  of(subscriber: string, channel: string): Connection[] {
    return [...this.#attached]
      .filter((attached) => attached.subscriber === subscriber && (attached.channel ?? channel) === channel)
      .map(({connection}) => connection)
      .reverse()
  }

  onAttach(listener: (subscriber: string) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }
}

/** To one connection of the subscriber: the first that takes it. Nobody there: it waits until somebody is. */
export abstract class ConnectedDelivery implements Transport {
  abstract readonly name: ConnectedTransport
  readonly #clients: ConnectedClients | undefined

  /** @param clients absent: this process has no doors */
  constructor(clients: ConnectedClients | undefined) {
    this.#clients = clients
  }

  isAvailable(): boolean {
    return this.#clients !== undefined
  }

  unavailableBecause(): string {
    return 'needs leat serve, to which subscribers are connected'
  }

  /** An address is for another transport, unless the subscription says that it wants this one. */
  refuses({transport, endpoint}: Subscription): string | undefined {
    if (endpoint === undefined || transport === this.name) return undefined
    return `${this.name} delivers to who is connected, not to an endpoint`
  }

  readonly send: Transport['send'] = (message, _channel, recipients, {signal}) =>
    toEach(recipients, (recipient) => unlessStopped(signal, () => this.#deliver(message, recipient)))

  async #deliver(message: Message, {subscription, deliveryId}: Recipient): Promise<TransportResult> {
    const {subscriber} = subscription
    for (const connection of this.#clients?.of(subscriber, message.channel) ?? [])
      if (await takes(connection, message, deliveryId)) return delivered()
    return notDelivered(`${subscriber} is not connected`, {failure: 'unreached'})
  }

  onReachable(listener: (subscriber: string) => void): () => void {
    return this.#clients?.onAttach(listener) ?? (() => {})
  }
}

async function takes(connection: Connection, message: Message, deliveryId: string): Promise<boolean> {
  try {
    return await connection.deliver(message, deliveryId)
  } catch {
    return false // it went away
  }
}

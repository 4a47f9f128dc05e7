import type {Bus} from '../../bus/bus.js'
import type {Connections} from '../../model/connection.js'
import {LeatError} from '../../model/errors.js'
import type {Message} from '../../model/message.js'
import {jsonText} from '../json.js'
import {requireConnections} from '../pushing.js'
import type {Outbox} from './outbox.js'

export interface DeliveriesOptions {
  bus: Bus
  outbox: Outbox
  /** Absent: this server delivers nothing. */
  connections?: Connections
  /** Milliseconds that a client has to acknowledge. */
  patience: number
  /** The connection is over. */
  signal: AbortSignal
}

/** What is pushed to the actor over one connection: a message is delivered when the client says that it has it. */
export class Deliveries {
  readonly #options: DeliveriesOptions
  readonly #attached = new Map<string, () => void>()
  readonly #waiting = new Map<string, (has: boolean) => void>()

  constructor(options: DeliveriesOptions) {
    this.#options = options
    options.signal.addEventListener('abort', () => {
      for (const detach of this.#attached.values()) detach()
      for (const settle of [...this.#waiting.values()]) settle(false)
    })
  }

  /**
   * Subscribes the actor, or uses the subscription that is there, and takes part in its deliveries behind the answer.
   * @throws NOT_FOUND no such channel, or nothing is delivered here; FORBIDDEN; INVALID
   * @throws CONFLICT  it is delivered in another way
   */
  async subscribe(
    {channel, types, from}: {channel: string; types?: string[]; from?: string},
    answer: (result: object) => Promise<unknown>,
  ): Promise<void> {
    const {bus, signal} = this.#options
    const connections = requireConnections(this.#options.connections)
    const {actor} = bus.context
    const [there] = await bus.subscriptions({channel, subscriber: actor})
    const other = there?.transport ?? (there?.endpoint === undefined ? 'websocket' : 'its endpoint')
    if (other !== 'websocket')
      throw new LeatError('CONFLICT', `${actor}'s subscription to "${channel}" is delivered by ${other}`, {
        hint: 'subscription.put with "transport":"websocket" changes it',
      })
    const {subscription, created} = await bus.subscribe(channel, {transport: 'websocket', types, from})
    await answer({...subscription, created})
    if (signal.aborted) return
    this.#attached.get(channel)?.()
    this.#attached.set(channel, connections.attach(actor, channel, {deliver: (...given) => this.#deliver(...given)}))
  }

  /** Ends the subscription. Whoever only goes away finds what it missed when it comes again. @throws NOT_FOUND */
  async unsubscribe(channel: string): Promise<object> {
    const {bus} = this.#options
    this.#attached.get(channel)?.()
    this.#attached.delete(channel)
    const {actor} = bus.context
    if (!(await bus.unsubscribe(channel)))
      throw new LeatError('NOT_FOUND', `${actor} is not subscribed to "${channel}"`)
    return {channel, subscriber: actor}
  }

  /** The client has it. @throws NOT_FOUND nothing of this name waits for it (any more) */
  acknowledge({delivery}: {delivery: string}): object {
    const settle = this.#waiting.get(delivery)
    if (!settle)
      throw new LeatError('NOT_FOUND', `no delivery ${JSON.stringify(delivery)} waits to be acknowledged`, {
        hint: 'it comes again if it was too late',
      })
    settle(true)
    return {delivery}
  }

  #deliver(message: Message, deliveryId: string): Promise<boolean> {
    const {outbox, patience, signal} = this.#options
    if (signal.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      const late = setTimeout(() => settle(false), patience)
      const settle = (has: boolean): void => {
        clearTimeout(late)
        if (this.#waiting.get(deliveryId) === settle) this.#waiting.delete(deliveryId)
        resolve(has)
      }
      this.#waiting.set(deliveryId, settle)
      void outbox.write(`{"delivery":"${deliveryId}","message":${jsonText(message)}}`)
    })
  }
}

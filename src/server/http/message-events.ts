import type {Message} from '../../model/message.js'
import {jsonText} from '../json.js'
import {eventBytes} from './event-writer.js'

/** Messages as events, each written once for as long as it is in memory: many streams are given the same one. */
export class MessageEvents {
  readonly #events = new WeakMap<Message, {id: string; bytes: Buffer}>()

  /** @param id where the stream stands behind the message */
  of(message: Message, id: string): Buffer {
    const known = this.#events.get(message)
    if (known?.id === id) return known.bytes
    const bytes = eventBytes({id, type: message.type, data: jsonText(message)})
    this.#events.set(message, {id, bytes})
    return bytes
  }
}

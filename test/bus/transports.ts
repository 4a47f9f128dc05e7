import type {Message} from '../../src/model/message.js'
import type {Recipient, Transport, TransportResult, Transports} from '../../src/transport/transport.js'

/** One call of `send`. */
export interface Call {
  message: Message
  recipient: Recipient
  signal: AbortSignal
}

/** A transport of tests: it keeps what it was given, and answers as it is told. */
export interface Recorder extends Transport {
  readonly calls: Call[]
  /** `ops/1 pager 1`: place, subscriber and attempt of each call. */
  readonly sent: string[]
  /** Says that somebody may be reached now. */
  reach(subscriber: string): void
}

export const ok: TransportResult = {success: true, deliveredCount: 1, failedCount: 0, errors: []}

export const failing = (error: string, rest: Partial<TransportResult> = {}): TransportResult => ({
  success: false,
  deliveredCount: 0,
  failedCount: 1,
  errors: [error],
  ...rest,
})

/** @param answer to the nth call, from 1; default: it went well */
export function recorder(
  name: string,
  answer: (call: Call, count: number) => TransportResult | Promise<TransportResult> = () => ok,
  rest: Partial<Transport> = {},
): Recorder {
  const listeners = new Set<(subscriber: string) => void>()
  const calls: Call[] = []
  return {
    name,
    calls,
    get sent() {
      return calls.map(
        ({message: {channel, seq}, recipient: {subscription, attempt}}) =>
          `${channel}/${seq} ${subscription.subscriber} ${attempt}`,
      )
    },
    isAvailable: () => true,
    send: async (message, _channel, [recipient], {signal}) => {
      const call = {message, recipient: recipient!, signal}
      calls.push(call)
      return answer(call, calls.length)
    },
    onReachable: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reach: (subscriber) => {
      for (const listener of listeners) listener(subscriber)
    },
    ...rest,
  }
}

export const transportsOf = (...all: Transport[]): Transports => ({
  all,
  get: (name) => all.find((one) => one.name === name),
  close: async () => {},
})

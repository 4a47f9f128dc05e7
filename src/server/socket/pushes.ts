/** What is pushed to the actor by the `socket` transport, for as long as a client listens. */
import type {Bus} from '../../bus/bus.js'
import type {Connections} from '../../model/connection.js'
import type {Message} from '../../model/message.js'
import {jsonText, MessageWith} from '../json.js'
import {checkPushed, requireConnections} from '../pushing.js'

interface Pushed {
  text: string
  settle(taken: boolean): void
}

export interface PushesOptions {
  bus: Bus
  /** The only channel that is wanted; undefined: all. */
  channel: string | undefined
  connections: Connections | undefined
  /** Aborts when the client goes away, or the server stops. */
  signal: AbortSignal
}

/**
 * A line for each message, with its `deliveryId`: delivered when the next one is asked for.
 * @throws NOT_FOUND nothing is delivered here, or no such channel
 */
export async function* pushes({bus, channel, connections, signal}: PushesOptions): AsyncGenerator<string> {
  const connected = requireConnections(connections)
  const {actor} = bus.context
  await checkPushed(bus, channel)
  const waiting: Pushed[] = []
  let wake = (): void => {}
  const deliver = (message: Message, deliveryId: string): Promise<boolean> =>
    new Promise((settle) => {
      waiting.push({text: `${jsonText(new MessageWith(message, {deliveryId}))}\n`, settle})
      wake()
    })
  const stop = (): void => wake()
  signal.addEventListener('abort', stop)
  const leave = connected.attach(actor, channel, {deliver})
  let inHand: Pushed | undefined
  try {
    while (!signal.aborted) {
      inHand = waiting.shift()
      if (inHand === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      yield inHand.text
      inHand.settle(true)
      inHand = undefined
    }
  } finally {
    leave()
    signal.removeEventListener('abort', stop)
    for (const pushed of [inHand, ...waiting]) pushed?.settle(false)
  }
}

/** A world with an empty channel `ops`, and a look at what is stored that costs no process. */
import type {Bus} from '../../src/index.js'
import {type Message, messageJson} from '../../src/model/message.js'
import {filled} from './filled.js'

export async function withOps() {
  const made = await filled(0)
  return {
    ...made,
    /** The messages of a channel, as JSON has them. */
    // biome-ignore lint/suspicious/noExplicitAny: expectations look into it
    log: async (channel = 'ops'): Promise<any[]> =>
      (await stored(await made.bus(), channel)).map((message) => JSON.parse(messageJson(message))),
    /** The content of each, exactly. */
    bodies: async (channel = 'ops') => (await stored(await made.bus(), channel)).map(({body}) => body),
  }
}

async function stored(bus: Bus, channel: string): Promise<Message[]> {
  const messages = []
  for await (const message of bus.log([channel])) messages.push(message)
  return messages
}

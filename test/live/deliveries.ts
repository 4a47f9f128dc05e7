/** Deliverers that are killed at random moments, while an endpoint takes its time. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {setTimeout as pause} from 'node:timers/promises'
import {openTransports} from '../../src/index.js'
import {inRoom, lines, listOf, type Room, type Started} from './room.js'

const SUBSCRIBERS = ['p0', 'p1', 'p2', 'p3']
const DELIVERERS = 2
/** Milliseconds that the endpoint takes at most; half of it on average before it has the message, half after. */
const LONGEST = 40
/** Messages that wait at least, so that nobody is idle when one is killed. */
const BACKLOG = 40
const FEED = 100

/** One arrival of a message. */
interface Arrival {
  subscriber: string
  seq: number
  id: string
}

/**
 * Push delivery under SIGKILL: each message gets to each subscriber at least once, always with the same `webhook-id`, for the
 * first time in order; nothing is given up, nothing stays behind.
 */
export const deliveries = (wanted: number) =>
  inRoom(['hooks'], async (room) => {
    const endpoint = await Endpoint.open()
    try {
      for (const subscriber of SUBSCRIBERS)
        await room.bus.subscribe('hooks', {
          subscriber,
          transport: 'http',
          endpoint: `${endpoint.url}/${subscriber}`,
          allowPrivate: true,
        })
      const {kills, sent} = await killing(room, endpoint, wanted)
      // What is left is delivered here.
      const transports = await openTransports(room.bus, {env: {}})
      const report = await room.bus.deliver({transports, once: true})
      await transports.close()
      assert.deepEqual([report.failed, report.retried], [0, 0])

      const all = await listOf(room.bus.deliveries({channel: 'hooks'}))
      assert.equal(all.length, sent * SUBSCRIBERS.length)
      assert.deepEqual(
        all.filter(({state}) => state !== 'delivered'),
        [],
      )
      assert.equal((await listOf(room.bus.deadLetters())).length, 0)
      const again = compareArrivals(
        endpoint.arrivals,
        new Map(all.map((one) => [`${one.subscriber} ${one.seq}`, one.id])),
      )
      return {kills, messages: sent, deliveries: all.length, again}
    } finally {
      endpoint.close()
    }
  })

/** Kills as many deliverers, each while messages arrive. */
async function killing(room: Room, endpoint: Endpoint, wanted: number): Promise<{kills: number; sent: number}> {
  let deliverers: Started[] = []
  let hired = 0
  let sent = 0
  const fill = (): void => {
    deliverers = deliverers.filter(({isOver}) => !isOver)
    while (deliverers.length < DELIVERERS) deliverers.push(room.start('deliverer', {name: `deliverer-${hired++}`}))
  }
  fill()
  for (let kills = 0; kills < wanted; kills++) {
    sent += await feed(room, sent)
    const victim = deliverers[Math.floor(Math.random() * deliverers.length)]!
    await victim.heard('ready')
    await endpoint.arrival()
    await pause(Math.random() * LONGEST)
    await victim.kill()
    fill()
  }
  await Promise.all(deliverers.map((one) => one.kill()))
  return {kills: wanted, sent}
}

/** Sends more when one of the subscribers has less than the backlog left. Returns how many. */
async function feed({bus}: Room, sent: number): Promise<number> {
  const consumers = await bus.context.store.consumers.list({channel: 'hooks', kind: 'push'})
  if (sent - Math.max(...consumers.map(({cursor}) => cursor)) >= BACKLOG) return 0
  return (
    await bus.sendAll(
      'hooks',
      lines(FEED, (line) => `hook ${sent + line}`),
    )
  ).stored
}

/** @param ids of the deliveries: by subscriber and seq. Returns how many messages arrived again. @throws one is missing, or came as another or out of order */
export function compareArrivals(arrivals: readonly Arrival[], ids: ReadonlyMap<string, string>): number {
  const seen = new Set<string>()
  const last = new Map<string, number>()
  for (const {subscriber, seq, id} of arrivals) {
    const name = `${subscriber} ${seq}`
    assert.equal(id, ids.get(name), `${name} came as ${id}`)
    if (seen.has(name)) continue
    seen.add(name)
    assert.equal(seq, (last.get(subscriber) ?? 0) + 1, `${name} came out of order`)
    last.set(subscriber, seq)
  }
  for (const name of ids.keys()) assert.ok(seen.has(name), `${name} never came`)
  assert.equal(new Set(ids.values()).size, ids.size)
  return arrivals.length - seen.size
}

/** An HTTP endpoint that takes its time. */
export class Endpoint {
  readonly arrivals: Arrival[] = []
  readonly #server = createServer()

  static async open(): Promise<Endpoint> {
    const endpoint = new Endpoint()
    endpoint.#listen()
    endpoint.#server.listen(0, '127.0.0.1')
    await once(endpoint.#server, 'listening')
    return endpoint
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Resolves when the next message arrives. */
  async arrival(): Promise<void> {
    await once(this.#server, 'arrival')
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #listen(): void {
    this.#server.on('request', async (request, response) => {
      try {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk as Buffer)
        await pause((Math.random() * LONGEST) / 2)
        const {seq} = JSON.parse(Buffer.concat(chunks).toString()) as {seq: number}
        const subscriber = (request.url ?? '').slice(1)
        this.arrivals.push({subscriber, seq, id: String(request.headers['webhook-id'])})
        this.#server.emit('arrival')
        await pause((Math.random() * LONGEST) / 2)
        response.writeHead(204).end()
      } catch {
        response.destroy() // the deliverer died in the middle of it
      }
    })
  }
}

/** Delivery to who is connected. */
import {describe, expect, test} from 'vitest'
import {CONNECTED_TRANSPORTS, type Connection} from '../../src/model/connection.js'
import type {Message} from '../../src/model/message.js'
import {createHub} from '../../src/transport/open.js'
import {SocketTransport} from '../../src/transport/socket.js'
import {SseTransport} from '../../src/transport/sse.js'
import {WebSocketTransport} from '../../src/transport/websocket.js'
import {DELIVERED, DELIVERY, message, recipient, sendTo} from './given.js'

/** A connection that notes down what it was given, and answers like this. */
function connection(answer: boolean | Error | Promise<boolean> = true): Connection & {got: [string, string][]} {
  const got: [string, string][] = []
  return {
    got,
    deliver: async ({channel, seq}: Message, deliveryId) => {
      got.push([`${channel}/${seq}`, deliveryId])
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

const UNREACHED = {
  success: false,
  deliveredCount: 0,
  failedCount: 1,
  errors: ['bob is not connected'],
  failure: 'unreached',
}

describe.each(CONNECTED_TRANSPORTS)('%s', (name) => {
  const make = () => {
    const hub = createHub()
    const made = {
      websocket: new WebSocketTransport(hub.websocket),
      sse: new SseTransport(hub.sse),
      socket: new SocketTransport(hub.socket),
    }[name]
    return {hub, clients: hub[name], transport: made}
  }

  test('delivers to a connection of the subscriber, and to nobody else', async () => {
    const {clients, transport} = make()
    const bob = connection()
    const carol = connection()
    clients.attach('carol', undefined, carol)
    expect(await sendTo(transport, recipient())).toEqual(UNREACHED)
    clients.attach('bob', undefined, bob)
    expect(await sendTo(transport, recipient())).toEqual(DELIVERED)
    expect([bob.got, carol.got]).toEqual([[['ops/42', DELIVERY]], []])
  })

  test('a connection that wants one channel gets no other', async () => {
    const {clients, transport} = make()
    const other = connection()
    clients.attach('bob', 'dev', other)
    expect(await sendTo(transport, recipient())).toEqual(UNREACHED)
    const ops = connection()
    clients.attach('bob', 'ops', ops)
    expect(await sendTo(transport, recipient())).toEqual(DELIVERED)
    expect([other.got.length, ops.got.length]).toEqual([0, 1])
  })

  test('the newest connection is asked first, then those before it; one that has left no more', async () => {
    const {clients, transport} = make()
    const first = connection()
    const second = connection(false)
    const third = connection(new Error('reset'))
    const fourth = connection()
    clients.attach('bob', undefined, first)
    clients.attach('bob', undefined, second)
    const leave = clients.attach('bob', undefined, third)
    const detach = clients.attach('bob', undefined, fourth)
    detach()
    expect(await sendTo(transport, recipient())).toEqual(DELIVERED)
    expect([first, second, third, fourth].map(({got}) => got.length)).toEqual([1, 1, 1, 0])
    leave()
    leave()
    expect(await sendTo(transport, recipient())).toEqual(DELIVERED)
    expect(third.got).toHaveLength(1)
  })

  test('whoever attaches is reachable again', async () => {
    const {clients, transport} = make()
    const told: string[] = []
    const stop = transport.onReachable((subscriber) => told.push(subscriber))
    clients.attach('bob', undefined, connection())
    clients.attach('carol', 'ops', connection())
    stop()
    clients.attach('dave', undefined, connection())
    expect(told).toEqual(['bob', 'carol'])
  })

  test('a deliverer that stops waits for nobody', async () => {
    const {clients, transport} = make()
    clients.attach('bob', undefined, connection(new Promise(() => {})))
    const stopping = new AbortController()
    const sending = sendTo(transport, recipient(), {sent: message(), signal: stopping.signal})
    stopping.abort()
    expect(await sending).toMatchObject({failure: 'unreached'})
  })

  test('needs a process that serves, and takes no address', () => {
    const {transport} = make()
    expect(transport.isAvailable()).toBe(true)
    const alone = {websocket: WebSocketTransport, sse: SseTransport, socket: SocketTransport}[name]
    const none = new alone(undefined)
    expect(none.isAvailable()).toBe(false)
    expect(none.unavailableBecause()).toMatch(/^needs leat serve/)
    expect(none.onReachable(() => {})).toBeTypeOf('function')
    const refusal = (settings: object) => transport.refuses(recipient(settings).subscription)
    expect(refusal({})).toBeUndefined()
    expect(refusal({endpoint: 'https://example.org', transport: name})).toBeUndefined()
    expect(refusal({endpoint: 'https://example.org'})).toBe(`${name} delivers to who is connected, not to an endpoint`)
  })
})

test('the doors are apart', async () => {
  const hub = createHub()
  const browser = connection()
  hub.sse.attach('bob', undefined, browser)
  expect(await sendTo(new WebSocketTransport(hub.websocket), recipient())).toEqual(UNREACHED)
  expect(await sendTo(new SseTransport(hub.sse), recipient())).toEqual(DELIVERED)
})

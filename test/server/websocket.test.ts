import {expect, onTestFinished, test} from 'vitest'
import {createHub} from '../../src/transport/open.js'
import {SocketTransport} from '../../src/transport/socket.js'
import {WebSocketTransport} from '../../src/transport/websocket.js'
import {until} from '../cli/background.js'
import {type House, house} from './house.js'
import {raw} from './raw.js'
import {listen, say} from './unix.js'
import {connectTo, type Frame} from './websocket-client.js'

/** A house whose channel `ops` is alice's. */
async function withOps(options: Parameters<typeof house>[0] = {}): Promise<House> {
  const at = await house(options)
  await at.as('alice').createChannel('ops')
  return at
}

/** A house that delivers to who is connected. */
async function delivering(options: Parameters<typeof house>[0] = {}): Promise<House> {
  const hub = createHub()
  const at = await withOps({hub, ...options})
  const transports = [new WebSocketTransport(hub.websocket as never), new SocketTransport(hub.socket as never)]
  const stop = new AbortController()
  const over = at.as('alice').deliver({
    transports: {
      all: transports,
      get: (name) => transports.find((transport) => transport.name === name),
      close: async () => {},
    },
    signal: stop.signal,
  })
  onTestFinished(async () => {
    stop.abort()
    await over
  })
  return at
}

test('every operation, in leat.s own words, digit for digit', async () => {
  const {http} = await withOps()
  const client = await connectTo(http)
  expect((await client.ask({do: 'whoami'})).result).toEqual({actor: 'alice', door: 'websocket'})
  client.send('{"id":1.0,"do":"message.send","channel":"ops","content":{"n":12345678901234567890,"m":1.0,"m":2e400}}')
  await until(() => expect(client.texts.at(-1)).toMatch(/^\{"id":1\.0,"result":\{"id":"/))
  client.send('{"id":"x","do":"message.show","message":"ops/1"}')
  await until(() => expect(client.texts.at(-1)).toContain('"content":{"n":12345678901234567890,"m":1.0,"m":2e400}'))
  const id = '019aa3f0-0000-7000-8000-000000000001'
  expect((await client.ask({do: 'message.send', input: {channel: 'ops', content: 'hi', id}})).result.id).toBe(id)
  expect((await client.ask({do: 'message.send', channel: 'nope', content: 1})).error).toMatchObject({code: 'NOT_FOUND'})
  expect((await client.ask({do: 'nope'})).error).toMatchObject({code: 'NOT_FOUND'})
  expect((await client.ask({do: 'message.send', channel: 'ops', content: 1, nope: 1})).error).toMatchObject({
    code: 'INVALID',
  })
  expect(
    (
      await client.ask({
        do: 'subscription.put',
        channel: 'ops',
        subscriber: 'alice',
        transport: 'exec',
        endpoint: 'true',
      })
    ).error,
  ).toMatchObject({code: 'FORBIDDEN'})
  // Without an id only what went wrong is told; a frame that is none does no harm.
  const before = client.texts.length
  client.send({do: 'message.send', channel: 'ops', content: 'quiet'})
  client.send('{"do":')
  client.send('[]')
  client.send({id: {}, do: 'whoami'})
  await until(() => expect(client.texts).toHaveLength(before + 3))
  expect(client.frames.slice(before).map(({error}) => error.code)).toEqual(['INVALID', 'INVALID', 'INVALID'])
})

test('what one connection sends is stored in its order, however fast it comes', async () => {
  const {http, as} = await withOps()
  const client = await connectTo(http)
  for (let n = 0; n < 300; n++) client.send({id: n, do: 'message.send', channel: 'ops', content: n})
  await until(() => expect(client.texts).toHaveLength(300))
  const contents: unknown[] = []
  for await (const message of as('alice').log(['ops'])) contents.push(message.content)
  expect(contents).toEqual(Array.from({length: 300}, (_, n) => n))
})

test('follow: several streams, from where it is said, until unfollow, the end, or an error', async () => {
  const {http, as} = await withOps()
  const alice = as('alice')
  await alice.createChannel('dev')
  for (const body of ['1', '2', '3']) await alice.send('ops', {body})
  const client = await connectTo(http)
  const texts = (number: number) =>
    client.frames.filter(({follow, message}) => follow === number && message).map(({message}) => message.content)
  expect((await client.ask({do: 'follow', channels: ['ops'], from: 'start'})).result).toMatchObject({
    follow: 1,
    channels: ['ops'],
    positions: {ops: 0},
  })
  expect((await client.ask({do: 'follow', channels: ['ops'], behind: {ops: 2}})).result.follow).toBe(2)
  expect((await client.ask({do: 'follow', channels: ['dev', 'ops'], type: ['x']})).result.follow).toBe(3)
  await alice.send('dev', {body: 'd', type: 'x'})
  await alice.send('ops', {body: '4'})
  await until(() => expect([texts(1), texts(2), texts(3)]).toEqual([['1', '2', '3', '4'], ['3', '4'], ['d']]))
  expect((await client.ask({do: 'unfollow', follow: 1})).result).toEqual({follow: 1})
  expect((await client.ask({do: 'unfollow', follow: 9})).error).toMatchObject({code: 'NOT_FOUND'})
  await alice.send('ops', {body: '5'})
  await until(() => expect(texts(2)).toEqual(['3', '4', '5']))
  expect(texts(1)).toEqual(['1', '2', '3', '4'])
  await alice.setChannelState('ops', 'closed', {notifyEnd: true})
  await until(() => expect(client.frames).toContainEqual({follow: 2, end: true}))
  await alice.deleteChannel('dev')
  await until(() =>
    expect(client.frames).toContainEqual({follow: 3, error: expect.objectContaining({code: 'NOT_FOUND'})}),
  )
  expect((await client.ask({do: 'follow', channels: ['nope']})).error).toMatchObject({code: 'NOT_FOUND'})
  expect((await client.ask({do: 'follow', nope: 1})).error).toMatchObject({code: 'INVALID'})
})

test('subscribe: a message is delivered when it is acknowledged; who is away misses nothing', async () => {
  const {http, as} = await delivering()
  const bob = await connectTo(http, {as: 'bob'})
  expect((await bob.ask({do: 'subscribe', channel: 'ops'})).result).toMatchObject({
    subscriber: 'bob',
    transport: 'websocket',
    created: true,
  })
  await as('alice').send('ops', {body: '1'})
  await as('alice').send('ops', {body: '2'})
  const [first] = await bob.has(1, 'delivery')
  expect(first.message).toMatchObject({seq: 1, content: '1'})
  bob.socket.terminate()
  await bob.closed
  // It was not acknowledged, so it comes again, by the same name.
  const again = await connectTo(http, {as: 'bob'})
  await again.ask({do: 'subscribe', channel: 'ops'})
  const [same] = await again.has(1, 'delivery')
  expect(same).toEqual(first)
  expect(again.frames.filter((frame: Frame) => frame.delivery)).toHaveLength(1)
  expect((await again.ask({do: 'ack', delivery: same.delivery})).result).toEqual({delivery: same.delivery})
  const [, second] = await again.has(2, 'delivery')
  expect(second.message).toMatchObject({seq: 2})
  again.send({do: 'ack', delivery: second.delivery})
  expect((await again.ask({do: 'ack', delivery: second.delivery})).error).toMatchObject({code: 'NOT_FOUND'})
  expect((await again.ask({do: 'unsubscribe', channel: 'ops'})).result).toEqual({channel: 'ops', subscriber: 'bob'})
  expect((await again.ask({do: 'unsubscribe', channel: 'ops'})).error).toMatchObject({code: 'NOT_FOUND'})
  await as('alice').subscribe('ops', {transport: 'http', endpoint: 'https://example.org/'})
  expect((await (await connectTo(http)).ask({do: 'subscribe', channel: 'ops'})).error).toMatchObject({code: 'CONFLICT'})
})

test('what is not acknowledged in time counts as not delivered', async () => {
  const {http, as} = await delivering({limits: {acknowledgement: 200}})
  const bob = await connectTo(http, {as: 'bob'})
  await bob.ask({do: 'subscribe', channel: 'ops'})
  await as('alice').send('ops', {body: '1'})
  const [first] = await bob.has(1, 'delivery')
  await until(async () => {
    expect((await bob.ask({do: 'ack', delivery: first.delivery})).error ?? {code: 'early'}).toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

test('a server that delivers nothing says so', async () => {
  const client = await connectTo((await withOps()).http)
  expect((await client.ask({do: 'subscribe', channel: 'ops'})).error).toMatchObject({
    code: 'NOT_FOUND',
    hint: 'leat serve --deliver',
  })
})

test('the socket transport: pushed to who listens there', async () => {
  const {socket, as} = await delivering({socket: true})
  await as('bob').subscribe('ops', {transport: 'socket'})
  await as('alice').send('ops', {body: '1'})
  const stream = listen(socket as string, {v: 'subscription.stream', as: 'bob', channel: 'ops'})
  await as('alice').send('ops', {body: '2'})
  await until(() =>
    expect(stream.lines.map((line) => JSON.parse(line))).toMatchObject([
      {seq: 1, deliveryId: expect.any(String)},
      {seq: 2},
    ]),
  )
  expect(await say(socket as string, {v: 'subscription.stream', nope: 1})).toContain('"code":"INVALID"')
})

test('who may come in, before the upgrade', async () => {
  const {http, call, revoked} = await withOps({allowOrigins: ['https://app.example']})
  const refused = async (options: Parameters<typeof connectTo>[1]) => {
    await expect(connectTo(http, options)).rejects.toMatchObject({status: expect.any(Number)})
    return connectTo(http, options).catch(({status}) => status)
  }
  expect(await refused({as: null})).toBe(401)
  expect(await refused({as: 'nobody'})).toBe(401)
  expect(await refused({headers: {origin: 'https://evil.example'}})).toBe(403)
  expect(await refused({headers: {host: 'evil.example'}})).toBe(403)
  expect(await refused({as: null, query: '?ticket=nope'})).toBe(401)
  await connectTo(http, {headers: {origin: 'https://app.example'}})
  const {ticket} = (await call('POST', '/v1/tickets', {as: 'bob', json: {}})).json
  const client = await connectTo(http, {as: null, query: `?ticket=${ticket}`})
  expect((await client.ask({do: 'whoami'})).result.actor).toBe('bob')
  expect(await refused({as: null, query: `?ticket=${ticket}`})).toBe(401)
  const upgrade = (path: string, more: string) =>
    raw(
      http,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`,
    )
  expect((await upgrade('/v1/ws', 'Host: localhost\r\n')).status).toBe(400)
  expect((await upgrade('/v1/other', 'Authorization: Bearer token-of-alice\r\n')).status).toBe(404)
  const none = await upgrade('/v1/ws', '')
  expect(none.status).toBe(401)
  expect(none.head).toContain('WWW-Authenticate'.toLowerCase())
  expect(JSON.parse(none.body).error.code).toBe('UNAUTHENTICATED')
  expect(revoked.size).toBe(0)
})

test('frames that are too large (1009) or binary (1003), a token that is over (4401), a server that stops (1001)', async () => {
  const {http, revoked, close} = await withOps({limits: {heartbeat: 50, frame: 4096}})
  const large = await connectTo(http)
  large.send({do: 'message.send', channel: 'ops', content: 'x'.repeat(5000)})
  expect(await large.closed).toBe(1009)
  const binary = await connectTo(http)
  binary.socket.send(Buffer.from('{}'))
  expect(await binary.closed).toBe(1003)
  const zoe = await connectTo(http, {as: 'zoe'})
  revoked.add('zoe')
  expect(await zoe.closed).toBe(4401)
  const last = await connectTo(http)
  await last.ask({do: 'follow', channels: ['ops']})
  await close()
  expect(await last.closed).toBe(1001)
})

test('a client that does not answer pings is gone', async () => {
  const {http} = await withOps({limits: {heartbeat: 100}})
  const dead = await connectTo(http)
  // @ts-expect-error ws answers pings by itself unless it is told not to
  dead.socket._autoPong = false
  expect(await dead.closed).toBe(1006)
})

test('a client that takes nothing is cut off, and slows nobody', async () => {
  const {http, as} = await withOps({limits: {drainTimeout: 5000}})
  const slow = await connectTo(http)
  await slow.ask({do: 'follow', channels: ['ops']})
  slow.socket.pause()
  const quick = await connectTo(http)
  await quick.ask({do: 'follow', channels: ['ops']})
  for (let n = 0; n < 20; n++) await as('alice').send('ops', {body: 'x'.repeat(1_000_000)})
  expect(await quick.has(20, 'follow')).toHaveLength(20)
  // Who doesn't read learns by writing that it was cut off.
  await until(() => {
    slow.socket.ping(undefined, undefined, () => {})
    expect(slow.socket.readyState).not.toBe(slow.socket.OPEN)
  })
  slow.socket.resume()
  expect(await slow.closed).toBe(1006)
  expect(slow.frames.length).toBeLessThan(20)
})

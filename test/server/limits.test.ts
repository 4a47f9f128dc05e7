/** What one client can take of the server. */
import {connect, type Socket} from 'node:net'
import {expect, onTestFinished, test} from 'vitest'
import {until} from '../cli/background.js'
import {house, tokenOf} from './house.js'

/** A connection that says what it is told, and what became of it. */
async function dial(url: string, text: string) {
  const {port, hostname} = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  const heard = {text: '', bytes: 0, closed: false}
  socket.on('data', (chunk) => {
    heard.bytes += chunk.byteLength
    if (heard.text.length < 10_000) heard.text += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    heard.closed = true
  })
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve) => socket.write(text, resolve))
  return {socket, heard}
}

const TIMES = {headTimeout: 100, requestTimeout: 200, idleTimeout: 100, checkInterval: 20}

test.each([
  ['says nothing', ''],
  ['stops in the head', 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: 1'],
  [
    'stops in the body',
    `POST /v1/channels HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf('alice')}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"ch`,
  ],
])('a client that %s is not waited for', async (_what, text) => {
  const {http, call} = await house({limits: TIMES})
  const {heard} = await dial(http, text)
  await until(() => expect(heard.closed).toBe(true))
  if (text !== '') expect(heard.text).toMatch(/^HTTP\/1\.1 408 .*"code":"TIMEOUT"/s)
  expect((await call('GET', '/health')).status).toBe(200)
})

test('a client that dribbles a byte at a time is not waited for either', async () => {
  const {http} = await house({limits: TIMES})
  const {socket, heard} = await dial(http, 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
  const dribble = setInterval(() => socket.write('x'), 10)
  onTestFinished(() => clearInterval(dribble))
  await until(() => expect(heard.closed).toBe(true))
})

test('an idle connection is ended, a stream is not', async () => {
  const server = await house({limits: TIMES})
  await server.as('alice').createChannel('ops')
  const stream = await dial(
    server.http,
    `GET /v1/channels/ops/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf('alice')}\r\n\r\n`,
  )
  await until(() => expect(stream.heard.text).toContain('leat.open'))
  const idle = await dial(server.http, HEALTH)
  await until(() => expect(idle.heard.closed).toBe(true))
  expect(idle.heard.text).toMatch(/^HTTP\/1\.1 200/)
  await server.as('alice').send('ops', {body: 'still here'})
  await until(() => expect(stream.heard.text).toContain('still here'))
})

test('a body of 16 MiB is taken, one byte more is not', async () => {
  const {call, as} = await house()
  await as('alice').createChannel('ops')
  const post = (size: number) =>
    call('POST', '/v1/channels/ops/messages', {body: Buffer.alloc(size, 'x'), headers: {'content-type': 'text/plain'}})
  expect((await post(16 * 1024 * 1024)).status).toBe(201)
  const large = await post(16 * 1024 * 1024 + 1)
  expect([large.status, large.json.error.code]).toEqual([413, 'TOO_LARGE'])
})

const HEALTH = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** That a new connection is answered. */
async function answers(url: string): Promise<void> {
  const {heard, socket} = await dial(url, HEALTH)
  await until(() => expect(heard.closed || heard.text !== '').toBe(true))
  socket.destroy()
  expect(heard.text).toMatch(/^HTTP\/1\.1 200/)
}

test('one client has so many connections; when one ends, another may come', async () => {
  const {http} = await house({limits: {connectionsPerClient: 3}})
  const held = await Promise.all([1, 2, 3].map(() => dial(http, '')))
  await until(async () => {
    const {heard} = await dial(http, HEALTH)
    await until(() => expect(heard.closed || heard.text !== '').toBe(true))
    expect(heard.text).toBe('')
  })
  held[0]?.socket.destroy()
  await until(() => answers(http))
})

test('a reader of a stream that does not drain is cut off, and slows nobody', async () => {
  const server = await house({limits: {drainTimeout: 300, connectionsPerClient: 2}})
  const alice = server.as('alice')
  await alice.createChannel('ops')
  const {socket, heard} = await dial(
    server.http,
    `GET /v1/channels/ops/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf('alice')}\r\n\r\n`,
  )
  await until(() => expect(heard.text).toContain('leat.open'))
  socket.pause()
  const body = 'x'.repeat(1024 * 1024)
  for (let n = 0; n < 48; n++) await alice.send('ops', {body})
  const other = await dial(server.http, HEALTH)
  await until(() => expect(other.heard.text).toMatch(/^HTTP\/1\.1 200/))
  // There is room for a third when the first is gone.
  await until(() => answers(server.http))
  socket.resume()
  await until(() => expect(heard.closed).toBe(true))
  expect(heard.bytes).toBeLessThan(48 * body.length)
}, 60_000)

test('bodies of one actor have so much room, those of others have theirs', async () => {
  const {http, call, as} = await house({limits: {bodies: 3000}})
  await as('alice').createChannel('ops')
  const {hostname, port} = new URL(http)
  const begun = Array.from({length: 3}, () => {
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    socket.write(
      'POST /v1/channels/ops/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token-of-bob\r\nContent-Length: 1000\r\n\r\nx',
    )
    return socket
  })
  const post = (as: string) => call('POST', '/v1/channels/ops/messages', {as, json: {content: 'x'}})
  await until(async () => expect((await post('bob')).status).toBe(503))
  expect((await post('alice')).status).toBe(201)
  for (const socket of begun) socket.destroy()
  await until(async () => expect((await post('bob')).status).toBe(201))
})

/** Who is turned away while something goes on; and who asks for more than there is room for. */
import {once} from 'node:events'
import {connect} from 'node:net'
import {expect, test} from 'vitest'
import {until} from '../cli/background.js'
import {house, tokenOf} from './house.js'
import {say} from './unix.js'
import {connectTo} from './websocket-client.js'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const SOON = {limits: {heartbeat: 50}}

test('a call that waits ends with its token', async () => {
  const {call, as, revoked} = await house(SOON)
  await as('alice').createChannel('ops')
  const waiting = call('POST', '/v1/channels/ops/consumers/reader/bob/take', {as: 'bob', json: {wait: 3_600_000}})
  await until(async () => expect(await as('alice').cursors({reader: 'bob'})).toHaveLength(1))
  revoked.add('bob')
  expect(await waiting).toMatchObject({status: 401, json: {error: {code: 'UNAUTHENTICATED'}}})
  await as('alice').send('ops', {body: 'not for bob any more'})
  expect(await as('bob').unread('ops')).toBe(1)
})

test('a stream of the socket ends with its token', async () => {
  const {as, revoked, socket} = await house({...SOON, socket: true})
  await as('alice').createChannel('ops')
  const asked = say(socket!, {v: 'follow', channels: ['ops'], from: 'start', token: tokenOf('bob')})
  revoked.add('bob')
  expect(await asked).toContain('UNAUTHENTICATED')
})

/** Masked with zeros. */
const frame = (opcode: number, text = ''): Buffer =>
  Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
const [TEXT, CLOSE, PONG] = [1, 8, 10]
/** Of the server, which masks nothing. */
const PING = 0x89

test('who is told to leave the WebSocket and stays is not listened to', async () => {
  const {http, as, revoked} = await house(SOON)
  await as('alice').createChannel('ops')
  const socket = connect(Number(new URL(http).port), '127.0.0.1')
  const got: Buffer[] = []
  socket.on('data', (bytes) => {
    got.push(bytes)
    // Else it would be ended for its silence, before its token is.
    if (bytes.includes(PING)) socket.write(frame(PONG))
  })
  const head = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${KEY}`]
  const authorization = `Authorization: Bearer ${tokenOf('bob')}`
  socket.write(['GET /v1/ws HTTP/1.1', 'Host: localhost', authorization, ...head, '', ''].join('\r\n'))
  const send = (): void => void socket.write(frame(TEXT, '{"do":"message.send","channel":"ops","content":"x"}'))
  await until(() => expect(Buffer.concat(got).toString('latin1')).toMatch(/^HTTP\/1.1 101/))
  send()
  await until(async () => expect((await as('alice').channel('ops')).lastSeq).toBe(1))
  revoked.add('bob')
  await until(() => expect(Buffer.concat(got).includes(Buffer.from([0x88]))).toBe(true))
  // This client knows of no goodbye, until it says one itself.
  for (let n = 0; n < 20; n++) send()
  socket.write(frame(CLOSE))
  await once(socket, 'close')
  expect((await as('alice').channel('ops')).lastSeq).toBe(1)
})

test('a ticket is worth no more than the token it was taken with, and is used once however many try', async () => {
  const {call, as, http, revoked} = await house()
  await as('alice').createChannel('ops')
  const ticket = async (): Promise<string> => (await call('POST', '/v1/tickets', {as: 'bob'})).json.ticket
  const one = await ticket()
  const tries = await Promise.all(
    Array.from({length: 10}, () =>
      connectTo(http, {as: null, query: `?ticket=${one}`}).then(
        () => 101,
        ({status}) => status,
      ),
    ),
  )
  expect(tries.sort()).toEqual([101, ...new Array(9).fill(401)])
  const another = await ticket()
  revoked.add('bob')
  expect((await call('GET', `/v1/channels/ops/stream?ticket=${another}`, {as: null})).status).toBe(401)
  await expect(connectTo(http, {as: null, query: `?ticket=${another}`})).rejects.toMatchObject({status: 401})
})

test('tickets of one actor leave room for those of others', async () => {
  const {call} = await house()
  for (let n = 0; n < 20; n++)
    await Promise.all(Array.from({length: 30}, () => call('POST', '/v1/tickets', {as: 'bob'})))
  expect((await call('POST', '/v1/tickets')).status).toBe(201)
})

test('a client that asks and asks and takes no answer is not asked for more', async () => {
  const {http, as, call} = await house()
  await as('alice').createChannel('ops')
  await as('alice').send('ops', {body: 'x'.repeat(4_000_000)})
  const client = await connectTo(http)
  client.socket.pause()
  const taken = (): number => process.memoryUsage().external + process.memoryUsage().heapUsed
  const before = taken()
  for (let id = 0; id < 400; id++) client.send({id, do: 'message.list', channel: 'ops'})
  for (let n = 0; n < 20; n++) expect((await call('GET', '/v1/whoami')).status).toBe(200)
  // 64 answers at most, not 400 of them.
  expect(taken() - before).toBeLessThan(900_000_000)
})

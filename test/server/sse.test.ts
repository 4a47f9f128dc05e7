/** Streams of server-sent events, with the npm EventSource and as bytes. */
import {setTimeout as pause} from 'node:timers/promises'
import {EventSource} from 'eventsource'
import {expect, onTestFinished, test} from 'vitest'
import {until} from '../cli/background.js'
import {type House, house, tokenOf} from './house.js'
import {proxyTo} from './proxy.js'

interface Event {
  id?: string
  event?: string
  data: string
}

/** Reads a stream as it comes; it is dropped when the test ends. */
async function open(server: House, path: string, {as = 'alice', headers = {}} = {}) {
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const answer = await fetch(server.http + path, {
    headers: {...(as && {authorization: `Bearer ${tokenOf(as)}`}), ...headers},
    signal: over.signal,
  })
  const stream = {status: answer.status, headers: answer.headers, text: '', ended: false, drop: () => over.abort()}
  const read = async (): Promise<void> => {
    for await (const chunk of answer.body ?? []) stream.text += Buffer.from(chunk).toString()
    stream.ended = true
  }
  void read().catch(() => {
    stream.ended = true
  })
  return stream
}

/** What a parser of the specification makes of a text. */
const eventsOf = (text: string): Event[] =>
  text
    .split(/\r\n\r\n|\n\n|\r\r/)
    .slice(0, -1)
    .map((block) => {
      const event: Event = {data: ''}
      for (const line of block.split(/\r\n|\n|\r/)) {
        const [, name, value] = /^([^:]*): ?(.*)$/s.exec(line) ?? []
        if (name === 'data') event.data += value
        else if (name === 'id' || name === 'event') event[name] = value
      }
      return event
    })
    .filter(({data}) => data !== '')

const messagesOf = (text: string) =>
  eventsOf(text)
    .filter(({event}) => !event?.startsWith('leat.'))
    .map(({data}) => JSON.parse(data))

test('what arrives, as it arrives: id, type and message', async () => {
  const server = await house()
  const alice = server.as('alice')
  await alice.createChannel('ops')
  await alice.send('ops', {body: 'before'})
  const stream = await open(server, '/v1/channels/ops/stream?retry=50')
  expect(stream.status).toBe(200)
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  await until(() => expect(stream.text).toBe('id: 1\nevent: leat.open\nretry: 50\ndata: {"positions":{"ops":1}}\n\n'))
  await alice.send('ops', {body: '{"n":12345678901234567890}', contentType: 'application/json', type: 'alert'})
  await until(() => expect(eventsOf(stream.text)).toHaveLength(2))
  expect(eventsOf(stream.text)[1]).toEqual({
    id: '2',
    event: 'alert',
    data: expect.stringContaining('"content":{"n":12345678901234567890}'),
  })
})

test('a stream begins where it is told to, and takes up where it was', async () => {
  const server = await house()
  const alice = server.as('alice')
  await alice.createChannel('ops')
  for (let n = 1; n <= 5; n++) await alice.send('ops', {body: `m${n}`, type: n % 2 ? 'odd' : 'even'})
  const contents = async (query: string, count: number, headers: Record<string, string> = {}) => {
    const stream = await open(server, `/v1/channels/ops/stream${query}`, {headers})
    await until(() => expect(messagesOf(stream.text).length).toBeGreaterThanOrEqual(count))
    stream.drop()
    return messagesOf(stream.text).map(({content}) => content)
  }
  expect(await contents('?from=start', 5)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5'])
  expect(await contents('?after=3', 2)).toEqual(['m4', 'm5'])
  expect(await contents('', 1, {'last-event-id': '4'})).toEqual(['m5'])
  expect(await contents('?lastEventId=4', 1)).toEqual(['m5'])
  expect(await contents('?lastEventId=1', 1, {'last-event-id': '4'})).toEqual(['m5'])
  expect(await contents('?from=start&type=odd', 3)).toEqual(['m1', 'm3', 'm5'])
  for (const [query, headers] of [
    ['?lastEventId=6', {}],
    ['?lastEventId=x', {}],
    ['', {'last-event-id': 'a:1'}],
    ['?from=start&after=1', {}],
    ['?colour=red', {}],
  ] as const)
    expect((await server.call('GET', `/v1/channels/ops/stream${query}`, {headers})).status).toBe(400)
  expect((await server.call('GET', '/v1/channels/nope/stream')).status).toBe(404)
})

test('several channels have one id with a place in each; a new channel that matches is taken up from its start', async () => {
  const server = await house()
  const alice = server.as('alice')
  await alice.createChannel('build.a')
  await alice.createChannel('build.b')
  await alice.send('build.a', {body: 'before'})
  const stream = await open(server, '/v1/stream?channels=build.*')
  await until(() => expect(eventsOf(stream.text)).toMatchObject([{id: 'build.a:1,build.b:0', event: 'leat.open'}]))
  await alice.send('build.b', {body: 'one'})
  await until(() => expect(eventsOf(stream.text).at(-1)).toMatchObject({id: 'build.a:1,build.b:1'}))
  stream.drop()
  const {id = ''} = eventsOf(stream.text).at(-1) as Event
  await alice.createChannel('build.c')
  await alice.send('build.c', {body: 'two'})
  await alice.send('build.a', {body: 'three'})
  const again = await open(server, '/v1/stream?channels=build.*', {headers: {'last-event-id': id}})
  await until(() => expect(messagesOf(again.text).map(({content}) => content)).toEqual(['two', 'three']))
  expect(eventsOf(again.text).at(-1)?.id).toBe('build.a:2,build.b:1,build.c:1')
  const named = await open(server, '/v1/stream?channels=build.a,build.b&from=start')
  await until(() => expect(messagesOf(named.text)).toHaveLength(3))
})

test('a stream ends with leat.end, and who comes again is sent away', async () => {
  const server = await house()
  const alice = server.as('alice')
  await alice.createChannel('ops')
  const source = new EventSource(`${server.http}/v1/channels/ops/stream?retry=20`, {fetch: withToken('alice')})
  onTestFinished(() => source.close())
  const heard: string[] = []
  source.addEventListener('leat.end', ({lastEventId}) => heard.push(`end ${lastEventId}`))
  source.onmessage = ({data}) => heard.push(JSON.parse(data).content)
  await until(() => expect(source.readyState).toBe(source.OPEN))
  await alice.send('ops', {body: 'last'})
  await until(() => expect(heard).toEqual(['last']))
  await alice.setChannelState('ops', 'closed', {notifyEnd: true})
  await until(() => expect(source.readyState).toBe(source.CLOSED))
  expect(heard).toEqual(['last', 'end 2'])
  expect((await server.call('GET', '/v1/channels/ops/stream?lastEventId=2')).status).toBe(204)
})

const withToken =
  (actor: string) =>
  (url: string | URL, init: {headers: Record<string, string>}): Promise<Response> =>
    fetch(url, {...init, headers: {...init.headers, authorization: `Bearer ${tokenOf(actor)}`}})

test('500 forced disconnects: nothing is lost, nothing comes twice', async () => {
  const server = await house()
  const alice = server.as('alice')
  await alice.createChannel('ops')
  const proxy = await proxyTo(server.http)
  const source = new EventSource(`${proxy.url}/v1/channels/ops/stream?retry=0`, {fetch: withToken('alice')})
  onTestFinished(() => source.close())
  const got: number[] = []
  let opened = 0
  source.onopen = () => opened++
  source.onmessage = ({data, lastEventId}) => {
    const {seq} = JSON.parse(data)
    expect(lastEventId).toBe(String(seq))
    got.push(seq)
  }
  source.addEventListener('leat.open', ({lastEventId}) => got.length === 0 || expect(lastEventId).toBe(`${got.at(-1)}`))
  await until(() => expect(source.readyState).toBe(source.OPEN))
  let sent = 0
  let random = 7
  const next = (below: number): number => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
    return random % below
  }
  for (let cuts = 0; cuts < 500; ) {
    for (let n = next(4); n > 0; n--) await alice.send('ops', {body: `m${++sent}`})
    // Sometimes at once, sometimes when some of it has come.
    if (next(3) > 0) await pause(next(4))
    if (source.readyState !== source.OPEN) continue
    cuts += proxy.cut()
    while (source.readyState === source.OPEN) await pause(1)
  }
  await alice.send('ops', {body: 'the last'})
  await until(() => expect(got.at(-1)).toBe(sent + 1))
  expect(opened).toBeGreaterThan(500)
  expect(got).toEqual(Array.from({length: sent + 1}, (_, index) => index + 1))
}, 120_000)

test.each([
  'a\n\ndata: {"forged":1}\n\n',
  'a\r\rid: 99\revent: forged\rdata: x\r\r',
  'a\r\n\r\nretry: 1\r\n\r\n: x',
  '\u2028\u2029\u0085data: x\n\n',
  '\ufeffdata: x',
])('text forges nothing: %j', async (body) => {
  const server = await house()
  const alice = server.as('alice')
  await alice.createChannel('ops')
  const stream = await open(server, '/v1/channels/ops/stream')
  await alice.send('ops', {
    body,
    headers: {'x-a': body.replaceAll(/[\p{C}\u2028\u2029]/gu, ' ')},
    correlationId: 'data:x',
  })
  await alice.send('ops', {body: JSON.stringify({[body]: body}), contentType: 'application/json'})
  await alice.send('ops', {body: Buffer.from(`\0${body}`), contentType: 'application/octet-stream'})
  await until(() => expect(messagesOf(stream.text)).toHaveLength(3))
  const [text, json, bytes] = messagesOf(stream.text)
  expect(text.content).toBe(body)
  expect(json.content).toEqual({[body]: body})
  expect(Buffer.from(bytes.contentBase64, 'base64').toString()).toBe(`\0${body}`)
  expect(eventsOf(stream.text).map(({id}) => id)).toEqual(['0', '1', '2', '3'])
  expect(stream.text).not.toMatch(/\r/)
})

test('a type that would forge an event is none', async () => {
  const server = await house()
  await server.as('alice').createChannel('ops')
  for (const type of ['a\ndata: x', 'a b', 'a\rb', 'leat.open'])
    expect((await server.call('POST', '/v1/channels/ops/messages', {json: {content: 1, type}, as: 'bob'})).status).toBe(
      type === 'leat.open' ? 403 : 400,
    )
})

test('a ticket opens one stream within a minute', async () => {
  const server = await house()
  await server.as('alice').createChannel('ops')
  const ticket = async (): Promise<string> => (await server.call('POST', '/v1/tickets', {as: 'bob'})).json.ticket
  const made = await server.call('POST', '/v1/tickets', {as: 'bob'})
  expect([made.status, Date.parse(made.json.expiresAt) - Date.now()]).toEqual([201, expect.closeTo(60_000, -4)])
  const good = await ticket()
  const stream = await open(server, `/v1/channels/ops/stream?ticket=${good}`, {as: ''})
  expect(stream.status).toBe(200)
  const refused = async (path: string) => (await server.call('GET', path, {as: null})).status
  expect(await refused(`/v1/channels/ops/stream?ticket=${good}`)).toBe(401)
  expect(await refused(`/v1/stream?ticket=${'x'.repeat(43)}`)).toBe(401)
  expect(await refused(`/v1/channels?ticket=${await ticket()}`)).toBe(401)
  const late = await ticket()
  server.clock.ahead = 60_001
  expect(await refused(`/v1/channels/ops/stream?ticket=${late}`)).toBe(401)
  expect((await server.call('POST', '/v1/tickets', {as: null})).status).toBe(401)
})

test('silence has a heartbeat, which ends the stream of a token that holds no more', async () => {
  const server = await house({limits: {heartbeat: 20}})
  await server.as('alice').createChannel('ops')
  const stream = await open(server, '/v1/channels/ops/stream', {as: 'bob'})
  await until(() => expect(stream.text).toMatch(/\n\n:\n\n/))
  expect(stream.ended).toBe(false)
  server.revoked.add('bob')
  await until(() => expect(stream.ended).toBe(true))
  expect(eventsOf(stream.text).at(-1)).toMatchObject({
    event: 'leat.error',
    data: expect.stringContaining('UNAUTHENTICATED'),
  })
})

test('who may not read a channel any more gets nothing more of it', async () => {
  const server = await house()
  const alice = server.as('alice')
  await alice.createChannel('ops')
  const stream = await open(server, '/v1/channels/ops/stream', {as: 'bob'})
  await until(() => expect(stream.text).toContain('leat.open'))
  await alice.updateChannel('ops', {restricted: true})
  await alice.send('ops', {body: 'among us'})
  await until(() => expect(stream.ended).toBe(true))
  expect(stream.text).not.toContain('among us')
  expect(stream.text).toContain('FORBIDDEN')
})

test('a server that stops ends its streams', async () => {
  const server = await house()
  await server.as('alice').createChannel('ops')
  const stream = await open(server, '/v1/channels/ops/stream')
  await until(() => expect(stream.text).toContain('leat.open'))
  await server.close()
  await until(() => expect(stream.ended).toBe(true))
})

test('without a deliverer nothing is pushed', async () => {
  const server = await house()
  expect((await server.call('GET', '/v1/subscriptions/stream')).status).toBe(404)
})

/** Webhooks, to real servers on this machine. */
import {createHmac} from 'node:crypto'
import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http'
import {type AddressInfo, createServer as createTcpServer} from 'node:net'
import {Webhook} from 'standardwebhooks'
import {describe, expect, onTestFinished, test} from 'vitest'
import {messageJson} from '../../src/model/message.js'
import {type HttpOptions, HttpTransport} from '../../src/transport/http.js'
import {retryAfterOf} from '../../src/transport/http-answer.js'
import {channel, DELIVERED, DELIVERY, message, OLDER_SECRET, recipient, SECRET, sendTo} from './given.js'

interface Posted {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

type Answer = (posted: Posted, response: ServerResponse, request: IncomingMessage) => void

/** A server that answers as it is told, and what it was sent. */
async function hook(answer: Answer = (_posted, response) => response.end()) {
  const posts: Posted[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const {method = '', url = '', headers} = request
    const posted = {method, url, headers, body: Buffer.concat(chunks)}
    posts.push(posted)
    answer(posted, response, request)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const {port} = server.address() as AddressInfo
  return {posts, port, url: `http://127.0.0.1:${port}/hook`}
}

function transport(options: HttpOptions = {}): HttpTransport {
  const made = new HttpTransport({version: '1.2.3', ...options})
  onTestFinished(() => made.close())
  return made
}

const answers =
  (status: number, text = '', headers: Record<string, string> = {}): Answer =>
  (_posted, response) => {
    response.writeHead(status, headers)
    response.end(text)
  }

const here = (endpoint: string, more = {}) => recipient({endpoint, allowPrivate: true}, more)

describe('a post', () => {
  test('has the message as JSON, every digit of it, and verifies as Standard Webhooks', async () => {
    const {posts, url} = await hook()
    const sent = message({body: '{"n":12345678901234567890,"x":1.0,"t":"ß→😀"}', contentType: 'application/json'})
    expect(await sendTo(transport(), here(`${url}?a=b%20c`), {sent})).toEqual({...DELIVERED, status: 200})
    const [{method, url: path, headers, body}] = posts as [Posted]
    expect(`${method} ${path}`).toBe('POST /hook?a=b%20c')
    expect(body.toString()).toBe(messageJson(sent))
    expect(body.toString()).toContain('"content":{"n":12345678901234567890,"x":1.0,')
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(body.byteLength),
      'user-agent': 'leat/1.2.3',
      'webhook-id': DELIVERY,
    })
    expect(headers.authorization).toBeUndefined()
    expect(() => new Webhook(SECRET).verify(body, headers as Record<string, string>)).not.toThrow()
    expect(() => new Webhook(OLDER_SECRET).verify(body, headers as Record<string, string>)).toThrow()
    body[10] = (body[10] as number) ^ 1
    expect(() => new Webhook(SECRET).verify(body, headers as Record<string, string>)).toThrow()
  })

  test('is signed as the specification has it, whoever checks it', async () => {
    const {posts, url} = await hook()
    await sendTo(transport(), here(url))
    const [{headers, body}] = posts as [Posted]
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
  })

  test('keeps its id over attempts, and has a fresh timestamp each time', async () => {
    const {posts, url} = await hook()
    let now = Date.parse('2026-06-01T12:00:00.900Z')
    const http = transport({clock: () => now})
    await sendTo(http, here(url, {attempt: 1}))
    now += 300_000
    await sendTo(http, here(url, {attempt: 2}))
    expect(posts.map(({headers}) => headers['webhook-id'])).toEqual([DELIVERY, DELIVERY])
    expect(posts.map(({headers}) => headers['webhook-timestamp'])).toEqual(['1780315200', '1780315500'])
  })

  test('is signed with both secrets while they are being changed', async () => {
    const {posts, url} = await hook()
    await sendTo(transport(), here(url, {secrets: async () => [SECRET, OLDER_SECRET]}))
    const [{headers, body}] = posts as [Posted]
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2)
    for (const secret of [SECRET, OLDER_SECRET])
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow()
  })

  test('has what stands before the @ of the URL as Basic authorization, and never in an error', async () => {
    const {posts, port} = await hook(answers(500))
    const {errors} = await sendTo(transport(), here(`http://us%3Aer:pass%20word@127.0.0.1:${port}/`))
    expect(posts[0]?.headers.authorization).toBe(`Basic ${Buffer.from('us:er:pass word').toString('base64')}`)
    expect(errors).toEqual([`127.0.0.1:${port} answered 500`])
  })

  test('several recipients at once', async () => {
    const good = await hook()
    const bad = await hook(answers(404))
    const to = [here(good.url), here(bad.url)]
    const {signal} = new AbortController()
    expect(await transport().send(message(), channel, to, {signal})).toEqual({
      success: false,
      deliveredCount: 1,
      failedCount: 1,
      errors: [`127.0.0.1:${bad.port} answered 404`],
      failure: 'final',
      status: 404,
    })
  })
})

describe('answers', () => {
  test.each([
    [200, undefined],
    [201, undefined],
    [204, undefined],
    [299, undefined],
    [300, 'final'],
    [301, 'final'],
    [302, 'final'],
    [304, 'final'],
    [307, 'final'],
    [308, 'final'],
    [400, 'final'],
    [401, 'final'],
    [403, 'final'],
    [404, 'final'],
    [408, 'retry'],
    [409, 'final'],
    [410, 'gone'],
    [413, 'final'],
    [422, 'final'],
    [425, 'retry'],
    [429, 'retry'],
    [451, 'final'],
    [500, 'retry'],
    [501, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry'],
    [599, 'retry'],
  ])('%i', async (status, failure) => {
    const {posts, url} = await hook(answers(status, '', {location: 'http://127.0.0.1/elsewhere'}))
    const {errors: _, ...result} = await sendTo(transport(), here(url))
    expect(result).toEqual(
      failure
        ? {success: false, deliveredCount: 0, failedCount: 1, status, failure}
        : {success: true, deliveredCount: 1, failedCount: 0, status},
    )
    expect(posts).toHaveLength(1)
  })

  test('what an endpoint says about its error is told in one line, and no control character of it', async () => {
    const said = `no\r\nsuch \x1b[31muser\x00\u202e${'x'.repeat(100_000)}`
    const {url, port} = await hook(answers(400, said))
    const {errors} = await sendTo(transport(), here(url))
    expect(errors[0]).toMatch(/^127\.0\.0\.1:\d+ answered 400: no such \\u001b\[31muser\\u0000\\u202exxx.*x…$/)
    expect(errors[0]?.length).toBeLessThanOrEqual(200)
    expect(errors[0]).toContain(String(port))
  })

  test('Retry-After: seconds or a date, a day at most', () => {
    const now = Date.parse('2026-06-01T12:00:00Z')
    const cases = [
      ['120', 120_000],
      [' 7 ', 7000],
      ['Mon, 01 Jun 2026 12:01:30 GMT', 90_000],
      ['99999999999', 86_400_000],
      ['Tue, 01 Jun 2027 12:00:00 GMT', 86_400_000],
      ['0', undefined],
      ['Mon, 01 Jun 2026 11:00:00 GMT', undefined],
      ['soon', undefined],
      ['-5', undefined],
      ['', undefined],
      [undefined, undefined],
    ] as const
    for (const [header, wait] of cases) expect([header, retryAfterOf(header, now)]).toEqual([header, wait])
  })

  test('Retry-After is obeyed where it is tried again, and nowhere else', async () => {
    const busy = await hook(answers(503, '', {'retry-after': '30'}))
    expect(await sendTo(transport(), here(busy.url))).toMatchObject({failure: 'retry', retryAfter: 30_000})
    const broken = await hook(answers(400, '', {'retry-after': '30'}))
    expect(await sendTo(transport(), here(broken.url))).not.toHaveProperty('retryAfter')
  })

  test('an error that breaks off keeps its status', async () => {
    const {url} = await hook((_posted, response) => {
      response.writeHead(410, {'content-length': '100'})
      response.write('half', () => response.destroy())
    })
    expect(await sendTo(transport(), here(url))).toMatchObject({failure: 'gone', status: 410})
  })
})

describe('no answer', () => {
  test('nobody listens: tried again', async () => {
    const server = createTcpServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const {port} = server.address() as AddressInfo
    await new Promise((done) => server.close(done))
    const result = await sendTo(transport(), here(`http://127.0.0.1:${port}/`))
    expect(result).toMatchObject({success: false, failedCount: 1, errors: [expect.stringContaining('ECONNREFUSED')]})
    expect(result.failure ?? 'retry').toBe('retry')
  })

  test('a server that says nothing is given up on in time', async () => {
    const {url, port} = await hook(() => {})
    const result = await sendTo(transport({timeout: 300}), here(url))
    expect(result).toMatchObject({errors: [`127.0.0.1:${port} has not answered within 0.3 s`]})
    expect(result.failure ?? 'retry').toBe('retry')
  })

  test('a status counts though the rest of the answer never ends', async () => {
    const {url} = await hook((_posted, response) => {
      response.writeHead(404)
      response.write('no')
    })
    expect(await sendTo(transport({timeout: 500}), here(url))).toMatchObject({failure: 'final', status: 404})
  })

  test('something that is no HTTP server', async () => {
    const server = createTcpServer((socket) => socket.on('error', () => {}).end('220 mail ready\r\n'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const {port} = server.address() as AddressInfo
    const result = await sendTo(transport(), here(`http://127.0.0.1:${port}/`))
    expect(result.failure ?? 'retry').toBe('retry')
    expect(result.errors[0]).toMatch(new RegExp(`^127\\.0\\.0\\.1:${port}: .+`))
  })

  test('a deliverer that stops: that was no attempt', async () => {
    const stopping = new AbortController()
    const {url} = await hook(() => stopping.abort())
    expect(await sendTo(transport(), here(url), {signal: stopping.signal})).toMatchObject({failure: 'unreached'})
    expect(await sendTo(transport(), here(url), {signal: stopping.signal})).toMatchObject({failure: 'unreached'})
  })
})

describe('private addresses', () => {
  test('are refused for good without being connected to', async () => {
    const {posts, port} = await hook()
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '127.0.0.1.',
      'localhost',
      'LocalHost',
      '[::ffff:127.0.0.1]',
    ]) {
      const result = await sendTo(transport(), recipient({endpoint: `http://${host}:${port}/`}))
      expect(result).toMatchObject({failure: 'final', failedCount: 1})
      expect(result.errors[0]).toMatch(/not an address of the public internet.*--allow-private/)
    }
    expect(posts).toEqual([])
  })

  test('a name that was public a moment ago is not trusted: the address that is connected to was looked at', async () => {
    const {posts, port} = await hook()
    let looked = 0
    const http = transport({
      resolve: (_name, _options, done) => {
        looked++
        done(null, [{address: '127.0.0.1', family: 4}])
      },
    })
    const result = await sendTo(http, recipient({endpoint: `http://rebound.example:${port}/`}))
    expect(result).toMatchObject({
      failure: 'final',
      errors: [expect.stringMatching(/^rebound.example: not an address/)],
    })
    expect([looked, posts.length]).toEqual([1, 0])
  })

  test('a connection of who is allowed is not lent to who is not', async () => {
    const {posts, url} = await hook()
    const http = transport()
    expect(await sendTo(http, here(url))).toMatchObject({success: true})
    expect(await sendTo(http, recipient({endpoint: url}))).toMatchObject({failure: 'final'})
    expect(posts).toHaveLength(1)
  })
})

test('what it can deliver to', () => {
  const http = new HttpTransport()
  const refusal = (endpoint?: string) => http.refuses(recipient({endpoint}).subscription)
  for (const endpoint of ['http://example.org', 'https://user:pw@example.org:8443/a?b#c', 'HTTPS://EXAMPLE.ORG'])
    expect(refusal(endpoint)).toBeUndefined()
  expect(refusal()).toMatch(/needs an endpoint/)
  for (const endpoint of ['ftp://example.org', 'example.org', 'mailto:a@b.org', 'http://', 'http://%@example.org/', ''])
    expect(refusal(endpoint)).toMatch(/^http delivers to an http or https URL, not to "/)
  expect(refusal('ftp://user:secret@example.org/?token=secret')).not.toContain('secret')
})

test('what it can not deliver to is a dead letter, and nothing is sent', async () => {
  expect(await sendTo(transport(), here('file:///etc/passwd'))).toMatchObject({failure: 'final'})
})

/** Who gets in: method × host × origin × token, as bytes on a socket. */
import {expect, test} from 'vitest'
import {LeatError} from '../../src/model/errors.js'
import {type GuardOptions, guard, guardRules, isLoopback} from '../../src/server/guard.js'
import {house, tokenOf} from './house.js'
import {raw} from './raw.js'

const ALLOWED = 'http://app.test:8080'

/** A request line, and what it gets when nothing is wrong with who sends it. */
const METHODS = [
  ['GET /v1/channels', 200],
  ['POST /v1/channels', 400],
  ['PUT /v1/channels/ops/state', 400],
  ['PATCH /v1/channels/ops', 200],
  ['DELETE /v1/channels/gone', 404],
  ['GET /v1/channels/ops/stream', 200],
  ['GET /v1/stream', 200],
] as const

/** `Host` lines, and what is wrong with them. */
const HOSTS: readonly (readonly [lines: string[], status?: number])[] = [
  [['localhost:PORT']],
  [['127.0.0.1:PORT']],
  [['[::1]:PORT']],
  [['bus.test']],
  [['evil.test'], 403],
  [['127.0.0.1.evil.test:PORT'], 403],
  [['localhost.:PORT'], 400],
  [['user@localhost'], 400],
  [[''], 400],
  [[], 400],
  [['localhost', 'localhost'], 400],
  [['localhost', 'evil.test'], 400],
]

const ORIGINS: readonly (readonly [lines: string[], status?: number])[] = [
  [[]],
  [[ALLOWED]],
  [['http://app.test'], 403],
  [['https://app.test:8080'], 403],
  [['http://app.test:8080.evil.test'], 403],
  [['null'], 403],
  [[ALLOWED, 'http://evil.test'], 400],
]

const TOKENS: readonly (readonly [line: string | undefined, status?: number])[] = [
  [`Bearer ${tokenOf('alice')}`],
  [undefined, 401],
  [`Bearer ${tokenOf('nobody')}`, 401],
  ['Basic YWxpY2U6', 401],
  ['Bearer', 401],
]

const CODES: Readonly<Record<number, string>> = {400: 'INVALID', 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN'}

test('the matrix: the host counts before the origin, the origin before the token', async () => {
  const {http, as} = await house({allowHosts: ['bus.test'], allowOrigins: [ALLOWED]})
  await as('alice').createChannel('ops')
  const {port} = new URL(http)
  let cells = 0
  for (const [line, fine] of METHODS)
    for (const [hosts, hostStatus] of HOSTS)
      for (const [origins, originStatus] of ORIGINS)
        for (const [token, tokenStatus] of TOKENS) {
          // Every pair of faults, and every single one; not each of three.
          if ([hostStatus, originStatus, tokenStatus].filter(Boolean).length > 2) continue
          cells++
          const head = [
            `${line} HTTP/1.1`,
            ...hosts.map((host) => `Host: ${host.replace('PORT', port)}`),
            ...origins.map((origin) => `Origin: ${origin}`),
            ...(token === undefined ? [] : [`Authorization: ${token}`]),
            'Content-Length: 0',
          ]
          const answer = await raw(http, `${head.join('\r\n')}\r\n\r\n`)
          const refused = hostStatus ?? originStatus ?? tokenStatus
          expect([...head, answer.status]).toEqual([...head, refused ?? fine])
          if (refused !== undefined) expect(JSON.parse(answer.body).error.code).toBe(CODES[refused])
          if (tokenStatus !== undefined && refused === 401) expect(answer.head).toMatch(/^www-authenticate: Bearer/im)
        }
  expect(cells).toBeGreaterThan(1000)
}, 120_000)

test('a preflight needs no token, but a host and an origin that are allowed', async () => {
  const {http} = await house({allowOrigins: [ALLOWED]})
  const preflight = (host: string, origin: string) =>
    raw(
      http,
      `OPTIONS /v1/channels HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,content-type\r\n\r\n`,
    )
  const allowed = await preflight('localhost', ALLOWED)
  expect(allowed.status).toBe(204)
  expect(allowed.head).toMatch(new RegExp(`^access-control-allow-origin: ${ALLOWED}$`, 'im'))
  expect(allowed.head).toMatch(/^access-control-allow-headers: .*Authorization/im)
  expect(allowed.head).not.toMatch(/access-control-allow-credentials/i)
  expect((await preflight('localhost', 'http://evil.test')).status).toBe(403)
  expect((await preflight('evil.test', ALLOWED)).status).toBe(403)
})

test('only an allowed origin is told that its page may read the answer', async () => {
  const {call} = await house({allowOrigins: [ALLOWED]})
  const answer = await call('GET', '/v1/whoami', {headers: {origin: ALLOWED}})
  expect(answer.headers.get('access-control-allow-origin')).toBe(ALLOWED)
  expect((await call('GET', '/v1/whoami')).headers.get('access-control-allow-origin')).toBeNull()
})

test('what a page of another site embeds is refused, though it has no Origin', async () => {
  const {http} = await house({admission: {everybody: 'web'}})
  const embedded = (site: string) =>
    raw(http, `GET /v1/whoami HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: ${site}\r\n\r\n`)
  expect((await embedded('cross-site')).status).toBe(403)
  expect((await embedded('same-site')).status).toBe(403)
  expect((await embedded('none')).status).toBe(200)
})

test('a target that is no path is refused', async () => {
  const {http} = await house({admission: {everybody: 'web'}})
  for (const target of ['http://evil.test/v1/whoami', '*', 'evil.test:80']) {
    const answer = await raw(http, `OPTIONS ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    expect([target, answer.status]).toEqual([target, 400])
  }
})

test('--allow-host and --allow-origin take what browsers would send, and nothing else', () => {
  const rules = (options: Partial<GuardOptions>) => () => guardRules({host: '127.0.0.1', ...options})
  for (const host of ['http://bus.test', 'a b', '', 'bus.test/x'])
    expect(rules({allowHosts: [host]})).toThrow(expect.objectContaining({code: 'USAGE'}))
  for (const origin of ['app.test', 'http://app.test/', 'HTTP://app.test', 'http://app.test:80', 'null', '*'])
    expect(rules({allowOrigins: [origin]})).toThrow(expect.objectContaining({code: 'USAGE'}))
  expect(guardRules({host: '::1', allowHosts: ['fe80::1', 'BUS.test:99']}).hosts).toEqual(
    new Set(['localhost', '127.0.0.1', '[::1]', '[fe80::1]', 'bus.test']),
  )
})

test('the host that the server is bound to is its own name', () => {
  const rules = guardRules({host: '192.168.7.1'})
  expect(() => guard(rules, '/', ['Host', '192.168.7.1:7428'])).not.toThrow()
  expect(() => guard(rules, '/', ['Host', '192.168.7.2:7428'])).toThrow(LeatError)
})

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.0.1', false],
  ['127.0.0.1.evil.test', false],
])('%s is loopback: %s', (host, is) => expect(isLoopback(host)).toBe(is))

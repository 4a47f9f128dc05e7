/**
 * Who may talk to the server at all, looked at in front of everything else: on requests, streams and upgrades. A page
 * that a browser has open must not reach it under a name that was bent to this machine (`Host`, DNS rebinding), nor
 * from another site (`Origin`).
 */
import {isIPv6} from 'node:net'
import {LeatError} from '../model/errors.js'

export interface GuardRules {
  /** Names of this server, lower case, without port. */
  hosts: ReadonlySet<string>
  /** `scheme://host:port`, as browsers write it. */
  origins: ReadonlySet<string>
}

export interface GuardOptions {
  /** What the server is bound to. */
  host: string
  /** Further names under which it may be spoken to. */
  allowHosts?: readonly string[]
  /** Origins of pages that may speak to it. */
  allowOrigins?: readonly string[]
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'] as const

/** @throws USAGE not a host, not an origin */
export function guardRules({host, allowHosts = [], allowOrigins = []}: GuardOptions): GuardRules {
  return {
    hosts: new Set([...LOOPBACK, bracketed(host).toLowerCase(), ...allowHosts.map(checkHost)]),
    origins: new Set(allowOrigins.map(checkOrigin)),
  }
}

/** An IPv6 address as it stands in URLs. */
export const bracketed = (host: string): string => (isIPv6(host) ? `[${host}]` : host)

/** The host of a `Host` header, its port left out. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::\d{1,5})?$/i

const hostOf = (value: string): string | undefined => HOST.exec(value)?.[1]?.toLowerCase()

function checkHost(text: string): string {
  const host = hostOf(bracketed(text))
  if (host !== undefined) return host
  throw new LeatError('USAGE', `--allow-host ${JSON.stringify(text)} is not a host`, {hint: 'like bus.example.org'})
}

function checkOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Anything that a browser would write otherwise would never match.
  if (url && url.origin === text && url.origin !== 'null') return text
  throw new LeatError('USAGE', `--allow-origin ${JSON.stringify(text)} is not an origin`, {
    hint: url && url.origin !== 'null' ? `as browsers write it: ${url.origin}` : 'like https://app.example.org:8443',
  })
}

/**
 * @param target     the request's target: a path
 * @param rawHeaders names and values in turn, as they came (`IncomingMessage.rawHeaders`)
 * @throws INVALID   no `Host`, several of them, or none that is one; several `Origin`s; a target that isn't a path
 * @throws FORBIDDEN a host or an origin that is not allowed; a browser's request from another site
 */
export function guard({hosts, origins}: GuardRules, target: string, rawHeaders: readonly string[]): void {
  if (!target.startsWith('/')) throw new LeatError('INVALID', 'the target of a request is a path')
  const [host, otherHost] = valuesOf(rawHeaders, 'host')
  if (host === undefined) throw new LeatError('INVALID', 'no Host header')
  if (otherHost !== undefined) throw new LeatError('INVALID', 'several Host headers')
  const name = hostOf(host)
  if (name === undefined) throw new LeatError('INVALID', `the Host header ${JSON.stringify(host)} is not a host`)
  if (!hosts.has(name))
    throw new LeatError('FORBIDDEN', `this server is not ${JSON.stringify(name)}`, {
      hint: `leat serve --allow-host ${name}`,
    })
  guardOrigin(origins, rawHeaders)
}

function guardOrigin(origins: ReadonlySet<string>, rawHeaders: readonly string[]): void {
  const [origin, otherOrigin] = valuesOf(rawHeaders, 'origin')
  if (otherOrigin !== undefined) throw new LeatError('INVALID', 'several Origin headers')
  if (origin !== undefined && !origins.has(origin))
    throw new LeatError('FORBIDDEN', `pages of ${JSON.stringify(origin)} may not use this server`, {
      hint: origin === 'null' ? undefined : `leat serve --allow-origin ${origin}`,
    })
  // Browsers send no Origin where a page only embeds something (an image, a frame); this they do send.
  const [site] = valuesOf(rawHeaders, 'sec-fetch-site')
  if (origin === undefined && (site === 'cross-site' || site === 'same-site'))
    throw new LeatError('FORBIDDEN', 'pages of other sites may not use this server')
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
}

/** Whether an address to listen on can be reached from this machine only. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)

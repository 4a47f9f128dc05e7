/** Where transports deliver to: what an endpoint may be, and what it may never be without somebody at this machine saying so. */
import {CONNECTED_TRANSPORTS} from './connection.js'
import {LeatError} from './errors.js'
import {isName} from './names.js'
import {ADDRESSED_TRANSPORTS, type Subscription} from './subscription.js'

type Target = Pick<Subscription, 'transport' | 'endpoint' | 'allowPrivate'>

/** Whether the endpoint of the transport `channel` is in another store: `STORE#CHANNEL`, or anything but a channel's name. */
const isForeignChannel = (endpoint: string): boolean => !isName(endpoint)

/**
 * Whether a transport may deliver to an endpoint only when the subscription itself names that transport: it would run the
 * endpoint as a command, open another store, or do with it what only a plug-in knows. An endpoint that came in through a door
 * must not become one by what a channel or the order of transports say.
 */
export function needsOwnChoice(transport: string, endpoint: string | undefined): boolean {
  if (transport === 'exec') return true
  if (endpoint === undefined) return false
  return transport === 'channel' ? isForeignChannel(endpoint) : !OF_LEAT.includes(transport)
}

const OF_LEAT: readonly string[] = [...ADDRESSED_TRANSPORTS, ...CONNECTED_TRANSPORTS]

/** Whether a subscription reaches what no network door may reach: commands, other stores, plug-ins, private addresses. */
export const reachesInside = ({transport, endpoint, allowPrivate = false}: Target): boolean =>
  allowPrivate || (transport !== undefined && needsOwnChoice(transport, endpoint))

const HINTS: Readonly<Record<string, string>> = {
  http: '--endpoint https://example.org/hook',
  email: '--endpoint name@example.org',
  exec: "--endpoint './handle.sh'",
  channel: '--endpoint CHANNEL, or STORE#CHANNEL',
}

/**
 * Checks what a subscription is delivered by and to, as far as that can be told from the text alone. Transports that leat
 * doesn't know take any endpoint.
 * @throws INVALID
 */
export function checkTarget({transport, endpoint, allowPrivate = false}: Target): void {
  const why = transport === undefined ? undefined : unfit(transport, endpoint)
  if (why !== undefined) throw new LeatError('INVALID', why, {hint: HINTS[transport ?? '']})
  if (allowPrivate || !isPrivateTarget({endpoint})) return
  throw new LeatError('INVALID', `${JSON.stringify(endpoint)} is a private address`, {
    hint: '--allow-private if messages may go there',
  })
}

/** Whether an endpoint is a URL whose host is, by its text alone, no public one. */
export function isPrivateTarget({endpoint}: Pick<Target, 'endpoint'>): boolean {
  const host = endpoint === undefined ? undefined : hostOf(endpoint)
  return host !== undefined && isPrivateHost(host)
}

/** Why an endpoint isn't one of a transport. */
function unfit(transport: string, endpoint: string | undefined): string | undefined {
  if (!Object.hasOwn(HINTS, transport)) return undefined
  if (endpoint === undefined || endpoint.trim() === '') return `${transport} needs an endpoint`
  const quoted = JSON.stringify(endpoint)
  switch (transport) {
    case 'http':
      return hostOf(endpoint) === undefined ? `${quoted} is not an http or https URL` : undefined
    case 'email':
      return isAddress(endpoint) ? undefined : `${quoted} is not a mail address`
    case 'channel':
      return isChannelTarget(endpoint) ? undefined : `${quoted} is neither a channel nor STORE#CHANNEL`
    default:
      return endpoint.includes('\n') ? `${quoted} has more than one line` : undefined
  }
}

/** One address, alone: no name beside it, no list, nothing that could begin another header. */
const isAddress = (text: string): boolean =>
  /^[^\s@,;<>()[\]"\\\u0000-\u001f\u007f-\u009f]+@[^\s@,;<>()"\\\u0000-\u001f\u007f-\u009f]+$/.test(text)

function isChannelTarget(text: string): boolean {
  const at = text.lastIndexOf('#')
  return at < 0 ? isName(text) : at > 0 && isName(text.slice(at + 1))
}

/** The host of an http or https URL, as every client will understand it; undefined when it is none. */
function hostOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url && /^https?:$/.test(url.protocol) ? url.hostname : undefined
}

/**
 * Whether a host, as a URL has it, is by its text alone private, loopback, link-local, or otherwise not of the public
 * internet. What a name resolves to is for whoever connects to look at.
 */
export function isPrivateHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  if (name.startsWith('[')) return isPrivateV6(name.slice(1, -1))
  return /^\d+(\.\d+){3}$/.test(name) && isPrivateV4(name.split('.').map(Number))
}

function isPrivateV4([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)))) ||
    (a === 198 && (b === 18 || b === 19))
  )
}

/** @param text as a URL has it: eight groups, the longest run of zeros as `::` */
function isPrivateV6(text: string): boolean {
  const [head = '', tail] = text.split('::')
  const groupsOf = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const [front, back] = [groupsOf(head), groupsOf(tail ?? '')]
  const groups =
    tail === undefined ? front : [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back]
  const [first = 0, second = 0] = groups
  const v4 = (at: number): boolean => isPrivateV4([groups[at]! >> 8, groups[at]! & 0xff, groups[at + 1]! >> 8])
  const zeros = (count: number): boolean => groups.slice(0, count).every((group) => group === 0)
  if (zeros(6) || (zeros(5) && groups[5] === 0xffff)) return zeros(6) ? groups[6] === 0 || v4(6) : v4(6)
  if (first === 0x64 && second === 0xff9b) return v4(6)
  if (first === 0x2002) return v4(1)
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || (first & 0xff00) === 0xff00
}

/** Which addresses of the network may be delivered to: those of the public internet, unless a subscription allows more. */
import type {LookupAddress, LookupOptions} from 'node:dns'
import {lookup} from 'node:dns'
import {isIP, type LookupFunction} from 'node:net'
import ipaddr from 'ipaddr.js'

/** Global unicast (RFC 4291): what is outside is private, reserved, or has an IPv4 address inside (`::7f00:1`). */
const GLOBAL_IPV6 = '2000::/3'
/** Azure's metadata, at an address that looks public. */
const METADATA = '168.63.129.16'

/** Whether an address is one of the public internet, in whatever way it is written. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv6 ? parsed.match(ipaddr.IPv6.parseCIDR(GLOBAL_IPV6)) : address !== METADATA
}

/** An address that a subscription may not be delivered to. */
export class PrivateAddressError extends Error {
  /** @param host as it was named: what a name of the inside stands for is nobody's business outside */
  constructor(host: string) {
    super(`${host}: not an address of the public internet; subscribe with --allow-private to deliver there`)
    this.name = 'PrivateAddressError'
  }
}

/** @throws PrivateAddressError an IP address as a host, which is connected to without a look-up */
export function checkLiteralHost(hostname: string): void {
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw new PrivateAddressError(address)
}

/**
 * Looks a name up for a connection that is being made, and refuses it if any of its addresses is not public: what was
 * checked is what is connected to, so that a name can't change its mind in between.
 * @param resolve the system's, unless a test brings its own
 */
export const publicLookup =
  (resolve: Resolve = resolveAll): LookupFunction =>
  (hostname, options, done) => {
    resolve(hostname, {...options, all: true}, (error, addresses) => {
      const [first] = addresses ?? []
      const isInside = addresses?.some(({address}) => !isPublicAddress(address))
      if (error || !first) done(error ?? new Error(`${hostname} has no address`), '')
      else if (isInside) done(new PrivateAddressError(hostname), '')
      else if (options.all) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }

export type Resolve = (
  hostname: string,
  options: LookupOptions & {all: true},
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

const resolveAll: Resolve = (hostname, options, done) => lookup(hostname, options, done)

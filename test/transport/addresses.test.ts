import {lookup} from 'node:dns/promises'
import {describe, expect, test} from 'vitest'
import {checkLiteralHost, isPublicAddress, PrivateAddressError, publicLookup} from '../../src/transport/addresses.js'

/** Each as it may stand in a URL; none of them is an address of the public internet. */
const REFUSED = [
  // loopback, in every spelling
  'http://127.0.0.1/',
  'http://127.0.0.1./',
  'http://127.1/',
  'http://127.0.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.0.0.1/',
  'http://0X7F.0X0.0X0.0X1/',
  'http://017700000001/',
  'http://0177.0.0.01/',
  'http://127.255.255.254/',
  'http://①②⑦.0.0.1/',
  'http://127。0。0。1/',
  'http://%31%32%37.0.0.1/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[0000::0001]/',
  // unspecified and "this network"
  'http://0/',
  'http://0.0.0.0/',
  'http://0.1.2.3/',
  'http://[::]/',
  // private
  'http://10.0.0.1/',
  'http://10.1/',
  'http://0xa000001/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.0.1/',
  'http://192.168.1/',
  'http://3232235521/',
  'http://[fc00::1]/',
  'http://[fd12:3456::1]/',
  'http://[fec0::1]/',
  // link-local, and the metadata of clouds
  'http://169.254.169.254/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://169.254.43518/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://100.100.100.200/',
  'http://192.0.0.192/',
  'http://168.63.129.16/',
  // shared (CGNAT), benchmarks, documentation, multicast, reserved, broadcast
  'http://100.64.0.1/',
  'http://198.18.0.1/',
  'http://192.0.2.1/',
  'http://198.51.100.1/',
  'http://203.0.113.1/',
  'http://224.0.0.1/',
  'http://239.255.255.250/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://192.88.99.1/',
  'http://[ff02::1]/',
  'http://[2001:db8::1]/',
  'http://[3fff::1]/',
  'http://[100::1]/',
  // IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[::ffff:8.8.8.8]/',
  'http://[::7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[::ffff:0:127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[64:ff9b::10.0.0.1]/',
  'http://[64:ff9b:1::1]/',
  'http://[2002:7f00:1::]/',
  'http://[2002:a9fe:a9fe::1]/',
  'http://[2001::1]/',
  'http://[2001:0:7f00:1::]/',
  'http://[5f00::1]/',
]

const ALLOWED = [
  'http://8.8.8.8/',
  'http://1.1.1.1./',
  'http://134744072/',
  'http://100.128.0.1/',
  'http://172.32.0.1/',
  'http://[2606:4700:4700::1111]/',
  'http://[2a00:1450:4001:82a::200e]/',
]

describe('an address in a URL', () => {
  test.each(REFUSED)('%s is refused', (url) => {
    expect(() => checkLiteralHost(new URL(url).hostname)).toThrow(PrivateAddressError)
  })
  test.each(ALLOWED)('%s is allowed', (url) => {
    expect(() => checkLiteralHost(new URL(url).hostname)).not.toThrow()
  })
  test('a name is left to the look-up', () => {
    for (const name of ['example.org', 'localhost', 'localhost.', '127.0.0.1.nip.io'])
      expect(() => checkLiteralHost(name)).not.toThrow()
  })
  test('what is no address is not public', () => {
    for (const text of ['', 'example.org', '1.2.3', '::ffff:1', '08.8.8.8']) expect(isPublicAddress(text)).toBe(false)
  })
})

/** The answer to a look-up of `there.example` that resolves to these addresses. */
const lookedUp = (addresses: string[], options: {all?: boolean} = {}): Promise<unknown> =>
  new Promise((resolve) => {
    const system = publicLookup((_name, _options, done) =>
      done(
        null,
        addresses.map((address) => ({address, family: address.includes(':') ? 6 : 4})),
      ),
    )
    system('there.example', options, (error, address) => resolve(error?.message ?? address))
  })

describe('a name', () => {
  test('goes to its address, or to all of them', async () => {
    expect(await lookedUp(['8.8.8.8', '1.1.1.1'])).toBe('8.8.8.8')
    expect(await lookedUp(['8.8.8.8', '2606:4700::1'], {all: true})).toEqual([
      {address: '8.8.8.8', family: 4},
      {address: '2606:4700::1', family: 6},
    ])
  })
  test('is refused if one of its addresses is private', async () => {
    const refused = /^there\.example: not an address of the public internet; .*--allow-private/
    expect(await lookedUp(['8.8.8.8', '169.254.169.254'], {all: true})).toMatch(refused)
    expect(await lookedUp(['169.254.169.254', '8.8.8.8'])).toMatch(refused)
    expect(await lookedUp(['::ffff:10.0.0.1'])).toMatch(refused)
  })
  test('without addresses is an error', async () => {
    expect(await lookedUp([], {all: true})).toBe('there.example has no address')
  })
  test('that the system knows', async () => {
    const {address} = await lookup('localhost')
    const answer = await new Promise((resolve) =>
      publicLookup()('localhost', {all: true}, (error) => resolve(error?.message)),
    )
    expect(answer).toMatch(/^localhost: not an address of the public internet/)
    expect(isPublicAddress(address)).toBe(false)
  })
})

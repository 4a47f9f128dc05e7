import {expect, test} from 'vitest'
import {checkTarget, isPrivateHost, isPrivateTarget, reachesInside} from '../../src/model/endpoint.js'
import {refusal} from './refusal.js'

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://0x7f.1/',
  'http://2130706433/',
  'http://0177.0.0.1/',
  'http://127.0.0.1.:80/',
  'http://１２７.0.0.1/',
  'http://user@10.1.2.3/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/',
  'http://0.0.0.0/',
  'http://255.255.255.255/',
  'http://198.18.0.1/',
  'http://[::1]/',
  'http://[::]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[fe80::1]/',
  'http://[fd00::1]/',
  'http://[ff02::1]/',
  'http://[64:ff9b::10.0.0.1]/',
  'http://[2002:7f00:1::]/',
  'https://localhost/',
  'https://LOCALHOST./',
  'https://db.localhost:8080/x',
])('%s is private', (endpoint) => {
  expect(isPrivateTarget({endpoint})).toBe(true)
  const error = refusal(() => checkTarget({transport: 'http', endpoint}))
  expect(error.code).toBe('INVALID')
  expect(error.hint).toMatch('--allow-private')
  expect(() => checkTarget({transport: 'http', endpoint, allowPrivate: true})).not.toThrow()
})

test.each([
  'https://example.org/hook',
  'http://93.184.216.34/',
  'http://172.32.0.1/',
  'http://100.128.0.1/',
  'http://[2606:2800:220:1::1]/',
  'http://[64:ff9b::93.184.216.34]/',
  'https://10.example.org/',
  'https://localhost.example.org/',
])('%s is not', (endpoint) => {
  expect(isPrivateTarget({endpoint})).toBe(false)
  expect(() => checkTarget({transport: 'http', endpoint})).not.toThrow()
})

test('what is no URL has no private host', () => {
  for (const endpoint of ['a@b.example', '127.0.0.1', './x', undefined]) expect(isPrivateTarget({endpoint})).toBe(false)
  expect(isPrivateHost('example.org')).toBe(false)
})

test.each([
  [{transport: 'http'}, /http needs an endpoint/],
  [{transport: 'http', endpoint: 'ftp://x.example/'}, /not an http or https URL/],
  [{transport: 'http', endpoint: 'x.example'}, /not an http or https URL/],
  [{transport: 'email'}, /email needs an endpoint/],
  [{transport: 'email', endpoint: 'nobody'}, /not a mail address/],
  [{transport: 'email', endpoint: 'a@b.example\r\nBcc: c@d.example'}, /not a mail address/],
  [{transport: 'email', endpoint: 'A <a@b.example>'}, /not a mail address/],
  [{transport: 'email', endpoint: 'a@b.example,c@d.example'}, /not a mail address/],
  [{transport: 'exec', endpoint: '  '}, /exec needs an endpoint/],
  [{transport: 'exec', endpoint: 'a\nb'}, /more than one line/],
  [{transport: 'channel', endpoint: '#ops'}, /neither a channel/],
  [{transport: 'channel', endpoint: 'a b'}, /neither a channel/],
  [{transport: 'channel', endpoint: './x.db#a b'}, /neither a channel/],
])('%o is refused', (target, message) => {
  expect(refusal(() => checkTarget(target)).message).toMatch(message)
})

test.each([
  {},
  {endpoint: 'anything'},
  {transport: 'sms'},
  {transport: 'websocket'},
  {transport: 'email', endpoint: 'a.b+c@d.example'},
  {transport: 'exec', endpoint: './handle.sh --fast'},
  {transport: 'channel', endpoint: 'audit'},
  {transport: 'channel', endpoint: '/var/lib/other.db#ops'},
])('%o is fine', (target) => {
  expect(() => checkTarget(target)).not.toThrow()
})

test.each([
  [{}, false],
  [{transport: 'http', endpoint: 'https://x.example/'}, false],
  [{transport: 'channel', endpoint: 'audit'}, false],
  [{endpoint: './other.db#ops'}, false],
  [{transport: 'exec', endpoint: 'x'}, true],
  [{transport: 'exec'}, true],
  [{transport: 'channel', endpoint: './other.db#ops'}, true],
  [{transport: 'channel', endpoint: '../ops'}, true],
  [{transport: 'http', endpoint: 'https://x.example/', allowPrivate: true}, true],
])('%o reaches inside: %o', (target, inside) => {
  expect(reachesInside(target)).toBe(inside)
})

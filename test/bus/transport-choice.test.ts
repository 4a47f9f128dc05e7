import {expect, test} from 'vitest'
import {chooseTransport} from '../../src/bus/transport-choice.js'
import type {Channel} from '../../src/model/channel.js'
import type {Subscription} from '../../src/model/subscription.js'
import type {Transport} from '../../src/transport/transport.js'
import {recorder, transportsOf} from './transports.js'

const absent: Partial<Transport> = {isAvailable: async () => false, unavailableBecause: () => 'no server'}
const wants = (pattern: RegExp): Partial<Transport> => ({
  refuses: ({endpoint = ''}) => (pattern.test(endpoint) ? undefined : `${JSON.stringify(endpoint)} is nothing for it`),
})

const ALL = transportsOf(
  recorder('exec'),
  recorder('door', undefined, {direction: 'in'}),
  recorder('channel', undefined, wants(/./)),
  recorder('http', undefined, wants(/^http/)),
  recorder('websocket', undefined, absent),
  recorder('broken', undefined, {isAvailable: () => Promise.reject(new Error('no'))}),
  recorder('email', undefined, wants(/^(x|http)/)),
  recorder('plug', undefined, {refuses: ({endpoint = ''}) => (endpoint.startsWith('/') ? undefined : 'no path')}),
)

const cases: [string, Partial<Subscription>, string | undefined, string | undefined, string?][] = [
  ['its own', {transport: 'email', endpoint: 'x'}, 'http', 'email'],
  ["its own, a plug-in's", {transport: 'plug', endpoint: '/x'}, 'http', 'plug'],
  ['its own, exec', {transport: 'exec', endpoint: 'rm -rf /'}, undefined, 'exec'],
  ['its own, another store', {transport: 'channel', endpoint: '/tmp/other.db#ops'}, undefined, 'channel'],
  ['the egress of the channel', {endpoint: 'http://x'}, 'email', 'email'],
  ['the first that takes it', {endpoint: 'http://x'}, undefined, 'http'],
  ['a channel of this store', {endpoint: 'audit'}, undefined, 'channel'],
  [
    "the next, when it isn't available",
    {transport: 'websocket', endpoint: 'http://x'},
    undefined,
    'http',
    'websocket is not available: no server',
  ],
  ["the egress, when it isn't known", {transport: 'sms', endpoint: 'x'}, 'email', 'email', 'there is no transport sms'],
  ["the next, when the egress can't", {endpoint: 'x!'}, 'websocket', 'email', 'websocket is not available: no server'],
  [
    "the next, when that can't say",
    {transport: 'broken', endpoint: 'http://x'},
    undefined,
    'http',
    "broken can't say whether it is available: no",
  ],
  [
    'the next, when it only takes in',
    {transport: 'door', endpoint: 'http://x'},
    undefined,
    'http',
    'door only takes messages in',
  ],
  ['never exec for want of another', {transport: 'websocket', endpoint: 'rm -rf /'}, undefined, undefined],
  ['never exec by egress', {endpoint: 'rm -rf /'}, 'exec', undefined],
  ['never another store for want of another', {endpoint: '/tmp/other.db#ops'}, undefined, undefined],
  ['never another store by egress', {transport: 'sms', endpoint: '/tmp/other.db#ops'}, 'channel', undefined],
  [
    'never a plug-in for want of another: only it knows what an endpoint is',
    {endpoint: '/etc/x'},
    undefined,
    undefined,
  ],
  ['never a plug-in by egress', {endpoint: '/etc/x'}, 'plug', undefined],
  ['never exec or a store without an endpoint', {}, 'websocket', undefined],
]

test.each(cases)('%s', async (_, settings, egress, wanted, fallback) => {
  const subscription = {
    channel: 'ops',
    subscriber: 'bob',
    id: '',
    kind: 'user',
    paused: false,
    ...settings,
  } as Subscription
  const choice = await chooseTransport(subscription, {name: 'ops', egress} as Channel, ALL)
  const chosen = typeof choice === 'string' ? [] : [choice.transport.name, choice.fallback]
  expect(chosen).toEqual(wanted === undefined ? [] : [wanted, fallback])
  if (typeof choice === 'string') expect(choice).not.toBe('')
})

import {expect, test} from 'vitest'
import {
  BUILT_IN_TRANSPORTS,
  createHub,
  openTransports,
  type Transport,
  type TransportOptions,
} from '../../src/transport/open.js'
import {delivered} from '../../src/transport/transport.js'

const nothing = async (): Promise<never> => {
  throw new Error('nothing is delivered here')
}

const open = (options: Partial<TransportOptions> = {}) =>
  openTransports({env: {}, runCommand: nothing, forward: nothing, ...options})

const plugin = (name: string, more: Partial<Transport> = {}): Transport => ({
  name,
  isAvailable: () => true,
  send: async () => delivered(),
  ...more,
})

test('all of them, in the order in which they are tried, plug-ins last', async () => {
  const {all, get} = await open({plugins: [plugin('zulip'), plugin('matrix')]})
  expect(all.map(({name}) => name)).toEqual([...BUILT_IN_TRANSPORTS, 'zulip', 'matrix'])
  expect(BUILT_IN_TRANSPORTS).toEqual(['http', 'email', 'websocket', 'sse', 'socket', 'channel', 'exec'])
  expect(all.map(({direction = 'out'}) => direction)).toEqual([
    'both',
    'out',
    'both',
    'out',
    'both',
    'out',
    'out',
    'out',
    'out',
  ])
  expect(get('matrix')).toBe(all.at(-1))
  expect(get('no-such')).toBeUndefined()
})

test('what is available depends on the process and its environment', async () => {
  const available = async (options: Partial<TransportOptions>) => {
    const {all} = await open(options)
    return all.filter((transport) => transport.isAvailable()).map(({name}) => name)
  }
  expect(await available({})).toEqual(['http', 'channel', 'exec'])
  expect(await available({env: {LEAT_SMTP_URL: 'smtp://localhost'}})).toContain('email')
  expect(await available({hub: createHub()})).toEqual(['http', 'websocket', 'sse', 'socket', 'channel', 'exec'])
})

test('a name is one transport', async () => {
  await expect(open({plugins: [plugin('http')]})).rejects.toMatchObject({
    code: 'EXISTS',
    message: 'there are two transports called "http"',
  })
  await expect(open({plugins: [plugin('a'), plugin('a')]})).rejects.toMatchObject({code: 'EXISTS'})
})

test('closing closes them all', async () => {
  const closed: string[] = []
  const {close} = await open({
    plugins: ['a', 'b'].map((name) => plugin(name, {close: async () => void closed.push(name)})),
  })
  await close()
  expect(closed).toEqual(['a', 'b'])
})

import {beforeEach, describe, expect, test} from 'vitest'
import {type Bus, createBus} from '../../src/bus/bus.js'
import {numbered, refusal, sendEach, take, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
})

describe('subscriptions', () => {
  beforeEach(async () => {
    await alice.createChannel('ops')
    await sendEach(alice, 'ops', numbered(3))
  })

  test('begin now, once for each channel and subscriber', async () => {
    const {subscription, created} = await bob.subscribe('ops')
    expect([created, subscription.kind, subscription.paused]).toEqual([true, 'user', false])
    expect((await bob.subscribe('ops', {kind: 'bot'})).created).toBe(false)
    expect(await bob.subscriptions()).toMatchObject([{subscriber: 'bob', kind: 'bot'}])
    expect(await bob.unread('ops')).toBe(0)
  })

  test('a cursor that is there moves only by from', async () => {
    await take(bob.read('ops', {limit: 1}))
    await bob.subscribe('ops', {types: ['a']})
    expect((await bob.cursor('ops')).cursor).toBe(1)
    await bob.subscribe('ops', {from: 'ops/3'})
    expect(await bob.subscriptions()).toMatchObject([{types: ['a']}])
    expect(await take(bob.read('ops'))).toEqual(['m3'])
    await bob.subscribe('ops', {types: [], from: 'start'})
    expect((await bob.subscriptions())[0]?.types).toBeUndefined()
    expect(await bob.unread('ops')).toBe(3)
  })

  test('of someone else need manage, and that the other may read', async () => {
    await alice.subscribe('ops', {subscriber: 'bob', kind: 'service'})
    expect(await alice.subscriptions({subscriber: 'bob'})).toMatchObject([{createdBy: 'alice'}])
    await alice.createChannel('hr', {restricted: true})
    await expect(alice.subscribe('hr', {subscriber: 'bob'})).rejects.toMatchObject(
      refusal('FORBIDDEN', /bob may not read "hr"/),
    )
  })

  test.each([{kind: 'robot'}, {types: ['a b']}, {subscriber: 'a b'}, {transport: '../x'}])(
    '%o is refused',
    async (options) => {
      await expect(alice.subscribe('ops', options as object)).rejects.toMatchObject(refusal('INVALID'))
      expect(await alice.subscriptions()).toEqual([])
    },
  )

  test('existing: changes only what is there', async () => {
    await expect(bob.subscribe('ops', {paused: true, existing: true})).rejects.toMatchObject(
      refusal('NOT_FOUND', 'bob is not subscribed to "ops"', 'leat subscribe ops'),
    )
    await bob.subscribe('ops')
    expect((await bob.subscribe('ops', {paused: true, existing: true})).subscription.paused).toBe(true)
  })

  test('end; the cursor stays unless it is to be forgotten', async () => {
    await bob.subscribe('ops', {from: 'ops/3'})
    expect(await bob.unsubscribe('ops')).toBe(true)
    expect(await bob.unsubscribe('ops')).toBe(false)
    expect((await bob.cursor('ops')).cursor).toBe(2)
    await bob.subscribe('ops')
    await bob.unsubscribe('ops', {forget: true})
    await expect(bob.cursor('ops')).rejects.toMatchObject(
      refusal('NOT_FOUND', '"bob" has no cursor in ops', 'leat read ops'),
    )
    await expect(bob.unsubscribe('tea')).rejects.toMatchObject(refusal('NOT_FOUND'))
  })

  test('can be ended by who may not read any more', async () => {
    await bob.subscribe('ops')
    await alice.updateChannel('ops', {restricted: true})
    expect(await bob.subscriptions()).toMatchObject([{channel: 'ops'}])
    expect(await w.as('eve').subscriptions()).toEqual([])
    expect(await bob.unsubscribe('ops')).toBe(true)
  })
})

describe('delivery', () => {
  const door = (actor: string) => createBus({...w.as(actor).context, door: 'http'})
  const exec = {transport: 'exec', endpoint: './handle.sh'}

  beforeEach(async () => {
    await alice.createChannel('ops')
  })

  test.each([
    {transport: 'http'},
    {transport: 'http', endpoint: 'x.example'},
    {transport: 'http', endpoint: 'http://127.0.0.1/'},
    {endpoint: 'http://10.0.0.1/'},
    {transport: 'email', endpoint: 'a@b.example\nBcc: c@d.example'},
    {transport: 'exec'},
    {transport: 'channel', endpoint: 'a b'},
  ])('%o is refused', async (settings) => {
    await expect(bob.subscribe('ops', settings)).rejects.toMatchObject(refusal('INVALID'))
    expect(await bob.subscriptions()).toEqual([])
  })

  test('is checked with what is there already', async () => {
    await bob.subscribe('ops', {transport: 'http', endpoint: 'https://x.example/'})
    await expect(bob.subscribe('ops', {transport: 'email'})).rejects.toMatchObject(
      refusal('INVALID', /not a mail address/),
    )
    await expect(bob.subscribe('ops', {endpoint: null})).rejects.toMatchObject(refusal('INVALID', /needs an endpoint/))
    await expect(bob.subscribe('ops', {endpoint: 'http://[::1]/'})).rejects.toMatchObject(
      refusal('INVALID', /private address/, /--allow-private/),
    )
    await bob.subscribe('ops', {endpoint: 'http://[::1]/', allowPrivate: true})
    await bob.subscribe('ops', {paused: true})
    await expect(bob.subscribe('ops', {allowPrivate: false})).rejects.toMatchObject(refusal('INVALID'))
    await bob.subscribe('ops', {transport: null, endpoint: null, allowPrivate: false})
    expect(await bob.subscriptions()).toEqual([expect.not.objectContaining({allowPrivate: true})])
  })

  test.each([
    exec,
    {transport: 'http', endpoint: 'https://x.example/', allowPrivate: true},
    {transport: 'http', endpoint: 'http://127.0.0.1/'},
    {endpoint: 'http://169.254.169.254/'},
    {transport: 'channel', endpoint: './other.db#ops'},
    {transport: 'channel', endpoint: '../ops'},
  ])('%o is for this machine, not for a door', async (settings) => {
    await expect(door('bob').subscribe('ops', settings)).rejects.toMatchObject(refusal('FORBIDDEN', /through http/))
    expect(await bob.subscriptions()).toEqual([])
  })

  test('a door changes nothing of what runs commands', async () => {
    await bob.subscribe('ops', exec)
    for (const change of [
      {endpoint: 'rm -rf /'},
      {transport: 'http', endpoint: 'https://x.example/'},
      {transport: null},
    ])
      await expect(door('bob').subscribe('ops', change)).rejects.toMatchObject(refusal('FORBIDDEN'))
    await door('bob').subscribe('ops', {types: ['a'], paused: true})
    expect(await bob.subscriptions()).toMatchObject([{...exec, types: ['a'], paused: true}])
  })

  test('a door takes what goes out into the world, or on to a channel', async () => {
    await door('bob').subscribe('ops', {transport: 'http', endpoint: 'https://x.example/'})
    await door('bob').subscribe('ops', {transport: 'channel', endpoint: 'audit'})
    await door('bob').subscribe('ops', {transport: 'websocket', endpoint: null})
  })

  test('a channel has no command as its egress', async () => {
    await expect(alice.createChannel('dev', {egress: 'exec'})).rejects.toMatchObject(refusal('INVALID'))
    await expect(alice.updateChannel('ops', {egress: 'exec'})).rejects.toMatchObject(refusal('INVALID'))
    await alice.updateChannel('ops', {egress: 'websocket'})
  })
})

describe('where it goes to', () => {
  beforeEach(() => alice.createChannel('ops'))

  test('is for the subscriber and who manages the channel', async () => {
    const endpoint = 'https://user:s3cret@example.org/hook/t0ken'
    await bob.subscribe('ops', {endpoint})
    const seenBy = async (bus: Bus) => [await bus.subscriptions(), (await bus.channel('ops')).subscriptions]
    for (const list of await seenBy(bob)) expect(list).toMatchObject([{subscriber: 'bob', endpoint}])
    for (const list of await seenBy(alice)) expect(list).toMatchObject([{endpoint}])
    expect(JSON.stringify(await seenBy(w.as('carol')))).not.toMatch(/s3cret|t0ken/)
  })

  test('what was given for something else becomes no command', async () => {
    const door = createBus({...bob.context, door: 'http'})
    await door.subscribe('ops', {endpoint: 'touch /tmp/x'})
    await expect(bob.subscribe('ops', {transport: 'exec'})).rejects.toMatchObject(
      refusal('INVALID', /"touch \/tmp\/x" was not given for exec/),
    )
    await bob.subscribe('ops', {transport: 'exec', endpoint: './handle.sh'})
    await bob.subscribe('ops', {transport: 'exec', types: ['a']})
  })

  test('an address that only a plug-in knows is not for doors', async () => {
    const door = createBus({...bob.context, door: 'http'})
    const refused = refusal('FORBIDDEN', /can't be subscribed through http/)
    await expect(door.subscribe('ops', {transport: 'file', endpoint: '/etc/passwd'})).rejects.toMatchObject(refused)
    await door.subscribe('ops', {endpoint: '/etc/passwd'})
    await expect(door.subscribe('ops', {transport: 'file'})).rejects.toMatchObject(refused)
    await door.subscribe('ops', {endpoint: null, transport: 'file'})
    await bob.subscribe('ops', {transport: 'file', endpoint: '/var/log/x'})
    await expect(door.subscribe('ops', {endpoint: '/etc/passwd'})).rejects.toMatchObject(refused)
  })
})

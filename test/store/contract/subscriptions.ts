import {expect} from 'vitest'
import {cursor, reader, readOn, refused, type Suite, seqs, take, texts} from './bench.js'
import {HOUR, START} from './harness.js'

const bob = reader('ops', 'bob')

export function subscriptionTests({law, promise}: Suite): void {
  promise('a subscription comes back as it was put', async ({store}) => {
    await store.channels.create('ops', {}, 'alice')
    const settings = {
      kind: 'bot',
      transport: 'http',
      endpoint: 'https://x.example/',
      types: ['a', 'b.c'],
      paused: true,
    } as const
    const put = await store.subscriptions.put('ops', 'bob', {...settings, types: [...settings.types]}, 'alice')
    const subscription = {
      id: put.subscription.id,
      channel: 'ops',
      subscriber: 'bob',
      ...settings,
      createdAt: new Date(START).toISOString(),
      createdBy: 'alice',
    }
    expect(put).toEqual({subscription, created: true})
    expect(await store.subscriptions.list({})).toEqual([subscription])
  })

  promise('putting again changes what is given and takes away what is null', async ({store, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const settings = {kind: 'bot', transport: 'http', endpoint: 'e', types: ['a']} as const
    const {subscription: before} = await store.subscriptions.put(
      'ops',
      'bob',
      {...settings, types: [...settings.types], allowPrivate: true},
      'alice',
    )
    expect(before.allowPrivate).toBe(true)
    clock.advance(HOUR)
    const {subscription, created} = await store.subscriptions.put(
      'ops',
      'bob',
      {endpoint: null, types: null, paused: true, allowPrivate: false},
      'zoe',
    )
    expect(created).toBe(false)
    expect(subscription).toEqual({
      id: before.id,
      channel: 'ops',
      subscriber: 'bob',
      kind: 'bot',
      transport: 'http',
      paused: true,
      createdAt: new Date(START).toISOString(),
      createdBy: 'alice',
    })
    expect(await store.subscriptions.list({channel: 'ops'})).toEqual([subscription])
  })

  promise('a new subscriber begins at the last seq, or where it is told', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    await store.subscriptions.put('ops', 'bob', {}, 'bob')
    await store.subscriptions.put('ops', 'zoe', {}, 'zoe', 2)
    expect([await cursor(store, bob), await cursor(store, reader('ops', 'zoe'))]).toEqual([5, 2])
    const batch = await take(store, reader('ops', 'zoe'))
    expect([seqs(batch), batch.created]).toEqual([[3, 4, 5], false])
  })

  promise('a subscriber that has a cursor keeps it unless one is given', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    await readOn(store, bob, {limit: 2})
    await store.subscriptions.put('ops', 'bob', {}, 'bob')
    expect(await cursor(store, bob)).toBe(2)
    await store.subscriptions.put('ops', 'bob', {paused: true}, 'bob')
    expect(await cursor(store, bob)).toBe(2)
    await store.subscriptions.put('ops', 'bob', {}, 'bob', 4)
    expect(await cursor(store, bob)).toBe(4)
  })

  promise('list limits to a channel, a subscriber, or both', async ({store}) => {
    for (const channel of ['a', 'b']) {
      await store.channels.create(channel, {}, 'alice')
      for (const subscriber of ['bob', 'zoe']) await store.subscriptions.put(channel, subscriber, {}, subscriber)
    }
    const listed = async (query: {channel?: string; subscriber?: string}) =>
      (await store.subscriptions.list(query)).map(({channel, subscriber}) => `${channel} ${subscriber}`).sort()
    expect(await listed({})).toEqual(['a bob', 'a zoe', 'b bob', 'b zoe'])
    expect(await listed({channel: 'a'})).toEqual(['a bob', 'a zoe'])
    expect(await listed({subscriber: 'zoe'})).toEqual(['a zoe', 'b zoe'])
    expect(await listed({channel: 'b', subscriber: 'zoe'})).toEqual(['b zoe'])
    expect(await listed({channel: 'none'})).toEqual([])
  })

  promise('remove keeps the cursor, and takes it away with forget', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    await store.subscriptions.put('ops', 'bob', {}, 'bob', 3)
    expect(await store.subscriptions.remove('ops', 'bob')).toBe(true)
    expect(await store.subscriptions.remove('ops', 'bob')).toBe(false)
    expect(await store.subscriptions.list({channel: 'ops'})).toEqual([])
    expect(await cursor(store, bob)).toBe(3)
    await store.subscriptions.put('ops', 'bob', {}, 'bob')
    expect(await cursor(store, bob)).toBe(3)
    expect(await store.subscriptions.remove('ops', 'bob', {forget: true})).toBe(true)
    expect(await cursor(store, bob)).toBeUndefined()
    expect(await store.subscriptions.remove('none', 'bob')).toBe(false)
  })

  promise('an unknown channel is NOT_FOUND', async ({store}) => {
    await refused('NOT_FOUND', store.subscriptions.put('none', 'bob', {}, 'bob'))
  })

  law(1, 'raced subscribing makes one subscription', async ({store, handles}) => {
    await store.channels.create('ops', {}, 'alice')
    const puts = await Promise.all((await handles(12)).map((one) => one.subscriptions.put('ops', 'bob', {}, 'bob')))
    expect(puts.filter(({created}) => created)).toHaveLength(1)
    expect(await store.subscriptions.list({})).toHaveLength(1)
  })
}

import {expect} from 'vitest'
import {only, reader, readOn, type Suite, texts} from './bench.js'
import {HOUR, SECOND} from './harness.js'

export function summaryTests({promise}: Suite): void {
  promise('a summary has the channel, its counts and its last message', async ({store, sendAll}) => {
    const channel = await store.channels.create('ops', {title: 'T', metadata: {a: 'b'}}, 'alice')
    const query = {channels: [{name: 'ops'}], actor: 'bob'}
    expect(only(await store.channels.summaries(query))).toEqual({...channel, messages: 0, unread: 0, subscribers: 0})
    await sendAll('ops', texts(5))
    await readOn(store, reader('ops', 'bob'), {limit: 2})
    await store.subscriptions.put('ops', 'bob', {}, 'bob')
    await store.subscriptions.put('ops', 'zoe', {}, 'zoe')
    const summary = only(await store.channels.summaries(query))
    expect(summary).toMatchObject({...channel, lastSeq: 5, messages: 5, unread: 3, subscribers: 2})
    expect(summary.last).toMatchObject({channel: 'ops', seq: 5, body: 'one 5'})
  })

  promise('each name that exists has one summary', async ({store, send}) => {
    for (const name of ['a', 'b', 'c']) await store.channels.create(name, {}, 'alice')
    await send('b')
    const channels = ['c', 'none', 'b'].map((name) => ({name}))
    const summaries = await store.channels.summaries({channels, actor: 'bob'})
    expect(summaries.map(({name, messages}) => `${name} ${messages}`).sort()).toEqual(['b 1', 'c 0'])
    expect(await store.channels.summaries({channels: [], actor: 'bob'})).toEqual([])
  })

  promise('`all` shows direct messages of others, but they are not unread', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {sender: 'bob', body: 'to all'})
    await send('ops', {sender: 'bob', recipient: 'zoe', body: 'for zoe'})
    const asked = async (actor: string, all: boolean) => {
      const {messages, unread, last} = only(await store.channels.summaries({channels: [{name: 'ops', all}], actor}))
      return [messages, unread, last?.body]
    }
    expect(await asked('alice', true)).toEqual([2, 1, 'for zoe'])
    expect(await asked('alice', false)).toEqual([1, 1, 'to all'])
    expect(await asked('zoe', false)).toEqual([2, 2, 'for zoe'])
  })

  promise('unread counts from the cursor of the reader that is named', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    await readOn(store, reader('ops', 'desk'), {actor: 'bob', limit: 4})
    const unread = async (name?: string) =>
      only(
        await store.channels.summaries({
          channels: [{name: 'ops'}],
          actor: 'bob',
          ...(name !== undefined && {reader: name}),
        }),
      ).unread
    expect([await unread('desk'), await unread(), await unread('other')]).toEqual([1, 5, 5])
  })

  promise('deleted and expired messages are not counted', async ({store, sendAll, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    await readOn(store, reader('ops', 'bob'), {limit: 1})
    await store.channels.prune('ops', {keep: 2})
    await send('ops', {expiresAt: clock.now() + SECOND})
    clock.advance(HOUR)
    const {messages, unread, last} = only(await store.channels.summaries({channels: [{name: 'ops'}], actor: 'bob'}))
    expect([messages, unread, last?.seq]).toEqual([2, 2, 5])
  })

  promise('unread is the same number as what take gives and `unread` says', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    for (let count = 0; count < 30; count++) {
      const recipient = count % 3 ? {} : {recipient: count % 2 ? 'bob' : 'zoe'}
      await send('ops', {...recipient, ...(count % 7 ? {} : {expiresAt: clock.now() + SECOND})})
    }
    clock.advance(HOUR)
    const bob = reader('ops', 'bob')
    await readOn(store, bob, {limit: 5})
    await store.channels.prune('ops', {keep: 15})
    const {unread} = only(await store.channels.summaries({channels: [{name: 'ops'}], actor: 'bob'}))
    expect(await store.consumers.unread(bob, {actor: 'bob'})).toBe(unread)
    expect((await readOn(store, bob)).messages).toHaveLength(unread)
  })
}

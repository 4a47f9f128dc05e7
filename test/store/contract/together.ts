import {expect} from 'vitest'
import {LeatError} from '../../../src/model/errors.js'
import type {Receipt} from '../../../src/model/message.js'
import {bodies, type Suite, scanAll, sentTo, texts, upTo} from './bench.js'
import {claim, inFlight, workers} from './claiming.js'

/** Those that were refused, by the code of the error. */
function codes(results: readonly PromiseSettledResult<unknown>[]): string[] {
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return []
    expect(result.reason).toBeInstanceOf(LeatError)
    return [(result.reason as LeatError).code]
  })
}

const kept = <T>(results: readonly PromiseSettledResult<T>[]): T[] =>
  results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))

const placesOf = (receipts: readonly Receipt[]): string[] => receipts.flatMap(sentTo)

/** Many calls of one handle at the same time: an engine may do them together, and nobody may notice. */
export function togetherTests({law, promise}: Suite): void {
  law(1, 'of a hundred that append at once only those fail that conflict', async ({store, send, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {key: 'taken', body: 'first'})
    const results = await Promise.allSettled(
      upTo(100).map((index) => {
        if (index % 10 === 0) return store.messages.append([outgoing('nowhere')])
        if (index % 5 === 0) return store.messages.append([outgoing('ops', {key: 'taken', body: `${index}`})])
        return store.messages.append([outgoing('ops', {body: `${index}`})])
      }),
    )
    const wanted = upTo(100).filter((index) => index % 5 !== 0)
    expect(codes(results)).toEqual(
      upTo(100).flatMap((index) => (index % 10 === 0 ? 'NOT_FOUND' : index % 5 === 0 ? 'CONFLICT' : [])),
    )
    const stored = bodies({messages: await scanAll(store, ['ops'])})
    expect(stored.slice(1).toSorted()).toEqual(wanted.map(String).toSorted())
    expect(new Set(placesOf(kept(results).flat())).size).toBe(wanted.length)
  })

  law(6, 'each of many batches at once is stored whole or not at all', async ({store, outgoing}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    await store.channels.create('shut', {}, 'alice')
    await store.channels.setState('shut', 'closed')
    const results = await Promise.allSettled(
      upTo(40).map((index) =>
        store.messages.append([
          outgoing(['a', 'b'], {body: `${index} first`}),
          outgoing(index % 4 === 0 ? ['a', 'shut'] : 'a', {body: `${index} second`}),
        ]),
      ),
    )
    expect(codes(results)).toEqual(Array.from({length: 10}, () => 'CHANNEL_CLOSED'))
    const [a, b] = [await scanAll(store, ['a']), await scanAll(store, ['b'])]
    expect([a.length, b.length]).toEqual([60, 30])
    expect(a.filter(({body}) => String(body).endsWith('first'))).toHaveLength(30)
    expect(placesOf(kept(results).flat()).toSorted()).toEqual(
      [...a, ...b].map(({channel, seq}) => `${channel}/${seq}`).toSorted(),
    )
  })

  law(4, 'a key that many give at once is one message, and so is an id', async ({store, outgoing, ids}) => {
    await store.channels.create('ops', {}, 'alice')
    const given = upTo(5).flatMap((index) => [
      {key: `k${index}`, body: `key ${index}`},
      {id: ids(), body: `id ${index}`},
    ])
    const receipts = await Promise.all(
      upTo(10).flatMap(() => given.map((fields) => store.messages.append([outgoing('ops', fields)]))),
    )
    expect(receipts.flat().filter(({duplicate}) => !duplicate)).toHaveLength(given.length)
    const messages = await scanAll(store, ['ops'])
    expect(bodies({messages}).toSorted()).toEqual(given.map(({body}) => body).toSorted())
    for (const {id, sent} of receipts.flat())
      expect(messages.find((message) => message.id === id)?.seq).toBe(sent[0] && 'seq' in sent[0] ? sent[0].seq : 0)
  })

  law(4, 'of many with one key and other contents at once one is stored', async ({store, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const results = await Promise.allSettled(
      upTo(30).map((index) => store.messages.append([outgoing('ops', {key: 'k', body: `${index}`})])),
    )
    expect(codes(results)).toEqual(Array.from({length: 29}, () => 'CONFLICT'))
    const won = results.findIndex(({status}) => status === 'fulfilled') + 1
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual([`${won}`])
  })

  law(5, 'what was acknowledged among many is there for everybody at that moment', async ({store, open, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const other = await open()
    const found = await Promise.all(
      upTo(60).map(async (index) => {
        const [receipt] = await store.messages.append([outgoing('ops', {body: `${index}`})])
        return (await other.messages.find({by: 'id', id: receipt?.id ?? ''})).map(({body}) => body)
      }),
    )
    expect(found).toEqual(upTo(60).map((index) => [`${index}`]))
  })

  law(7, 'claims that are settled at once are each settled once', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(50))
    const {claims} = await claim(store, workers, {limit: 50})
    const settled = await Promise.all(
      [...claims, ...claims].map(async ({token}) => (await store.claims.settle([{token, as: 'done'}]))[0]),
    )
    for (const index of claims.keys())
      expect([settled[index], settled[index + 50]].toSorted()).toEqual(['settled', 'stale'])
    expect(await inFlight(store)).toEqual([])
  })

  promise("a name that came with what was refused is nobody else's afterwards", async ({store, send, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {key: 'taken'})
    const append = (sender: string, fields: object = {}) =>
      store.messages.append([outgoing('ops', {sender, body: sender, ...fields})])
    await Promise.allSettled([
      append('anna'),
      append('bert', {key: 'taken'}),
      append('carl'),
      append('bert', {recipient: 'dora', key: 'taken'}),
      append('dora'),
      append('bert'),
      append('emil', {recipient: 'bert'}),
    ])
    const messages = (await scanAll(store, ['ops'], {actor: 'bert'})).slice(1)
    expect(messages.map(({sender, body, recipient}) => [sender, body, recipient]).toSorted()).toEqual([
      ['anna', 'anna', undefined],
      ['bert', 'bert', undefined],
      ['carl', 'carl', undefined],
      ['dora', 'dora', undefined],
      ['emil', 'emil', 'bert'],
    ])
  })

  promise('writes of every kind at once stand each for itself', async ({store, sendAll, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await store.roles.create('crew', {}, 'alice')
    const results = await Promise.allSettled([
      store.channels.create('new', {}, 'alice'),
      store.channels.create('ops', {}, 'alice'),
      store.roles.create('crew', {}, 'alice'),
      store.roles.change('crew', {add: ['bob']}),
      store.grants.change('ops', {actor: 'zoe'}, {add: ['manage']}),
      store.subscriptions.put('nowhere', 'bob', {}, 'bob'),
      store.subscriptions.put('ops', 'bob', {}, 'bob'),
      store.messages.append([outgoing('ops', {conversation: 'c'})]),
      store.messages.append([outgoing('ops', {conversation: 'lost'}), outgoing('nowhere')]),
      store.claims.join({channel: 'ops', group: 'workers'}, 'w1'),
      store.claims.settle([{token: 'no token', as: 'done'}]),
    ])
    expect(codes(results).toSorted()).toEqual(['EXISTS', 'EXISTS', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'])
    expect((await store.channels.all()).map(({name}) => name)).toEqual(['new', 'ops'])
    expect(await store.roles.list({})).toMatchObject([{name: 'crew', members: ['bob']}])
    expect(await store.grants.held('zoe', 'ops')).toMatchObject([{permission: 'manage'}])
    expect(await store.subscriptions.list({})).toHaveLength(1)
    expect(await scanAll(store, ['ops'])).toHaveLength(4)
    const readable = [{name: 'ops'}]
    expect((await store.conversations.list({actor: 'alice', readable})).map(({name}) => name)).toEqual(['c'])
  })

  promise(
    'what waits when the handle is closed is stored and acknowledged, or refused',
    async ({store, open, outgoing}) => {
      await store.channels.create('ops', {}, 'alice')
      const other = await open()
      const sending = Promise.allSettled(
        upTo(40).map((index) => other.messages.append([outgoing('ops', {body: `${index}`})])),
      )
      await other.close()
      const results = await sending
      expect(codes(results).every((code) => code === 'STORAGE')).toBe(true)
      expect(bodies({messages: await scanAll(store, ['ops'])}).toSorted()).toEqual(
        upTo(40)
          .filter((index) => results[index - 1]?.status === 'fulfilled')
          .map(String)
          .toSorted(),
      )
    },
  )
}

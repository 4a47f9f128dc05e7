import {expect} from 'vitest'
import {bodies, only, places, reader, readOn, type Suite, scanAll, sentTo, seqs} from './bench.js'
import {HOUR, SECOND, START} from './harness.js'

export function delayedTests({law, promise}: Suite): void {
  promise('a delayed message has an id and no place until it falls due', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const deliverAt = clock.now() + HOUR
    const receipt = await send('ops', {deliverAt, body: 'later'})
    expect(receipt.sent).toEqual([{channel: 'ops', deliverAt: new Date(deliverAt).toISOString()}])
    expect(receipt.thread).toBe(receipt.id)
    expect(await scanAll(store, ['ops'])).toEqual([])
    expect(await store.messages.find({by: 'id', id: receipt.id})).toEqual([])
    expect(await store.consumers.unread(reader('ops', 'bob'), {actor: 'bob'})).toBe(0)
    expect((await store.channels.get('ops'))?.lastSeq).toBe(0)
    clock.advance(HOUR - 1)
    expect(await scanAll(store, ['ops'])).toEqual([])
    clock.advance(SECOND)
    const stored = only(await scanAll(store, ['ops']))
    expect(stored).toMatchObject({id: receipt.id, seq: 1, body: 'later'})
    expect([stored.time, stored.sentAt]).toEqual([deliverAt, START].map((time) => new Date(time).toISOString()))
  })

  law(2, 'no reader can miss a delayed message', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const bob = reader('ops', 'bob')
    await send('ops', {body: 'late', deliverAt: clock.now() + HOUR})
    await send('ops', {body: 'at once'})
    expect(bodies(await readOn(store, bob))).toEqual(['at once'])
    clock.advance(HOUR)
    const batch = await readOn(store, bob)
    expect([bodies(batch), seqs(batch)]).toEqual([['late'], [2]])
  })

  promise('what is due is stored first, by (deliverAt, id)', async ({store, send, clock}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const id = (digit: string) => `${digit.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`
    await send('a', {id: id('2'), deliverAt: START + 2 * SECOND})
    await send('a', {id: id('9'), deliverAt: START + SECOND})
    await send(['b', 'a'], {id: id('3'), deliverAt: START + SECOND})
    await send('a', {id: id('1'), deliverAt: START + HOUR})
    clock.advance(3 * SECOND)
    expect(sentTo(await send('a', {id: id('0')}))).toEqual(['a/4'])
    expect((await scanAll(store, ['a'])).map((message) => message.id.charAt(0))).toEqual(['3', '9', '2', '0'])
    expect(places(await scanAll(store, ['a', 'b']))).toEqual(['b/1', 'a/1', 'a/2', 'a/3', 'a/4'])
  })

  promise('a time that has passed delays nothing', async ({send, store, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    expect(sentTo(await send('ops', {deliverAt: clock.now()}))).toEqual(['ops/1'])
    expect(sentTo(await send('ops', {deliverAt: clock.now() - HOUR}))).toEqual(['ops/2'])
    const times = (await scanAll(store, ['ops'])).map(({time, sentAt}) => [time, sentAt])
    expect(times).toEqual([
      [new Date(START).toISOString(), undefined],
      [new Date(START).toISOString(), undefined],
    ])
  })

  promise('what falls due in a channel that was closed or deleted does not appear', async ({store, send, clock}) => {
    for (const name of ['shut', 'gone', 'ops']) await store.channels.create(name, {}, 'alice')
    await send(['shut', 'gone', 'ops'], {deliverAt: clock.now() + SECOND})
    await store.channels.setState('shut', 'closed')
    await store.channels.delete('gone')
    await store.channels.create('gone', {}, 'alice')
    clock.advance(HOUR)
    expect(places(await scanAll(store, ['shut', 'gone', 'ops']))).toEqual(['ops/1'])
  })

  law(
    1,
    'raced by many that touch the store, what is due is stored once',
    async ({store, handles, outgoing, clock}) => {
      await store.channels.create('ops', {}, 'alice')
      const texts = ['a', 'b', 'c', 'd']
      await store.messages.append(
        texts.map((body, index) => outgoing('ops', {body, deliverAt: START + SECOND + index})),
      )
      clock.advance(HOUR)
      const stores = await handles(10)
      const seen = await Promise.all(stores.map((one) => scanAll(one, ['ops'])))
      for (const messages of seen) expect(bodies({messages})).toEqual(texts)
      expect((await store.channels.get('ops'))?.lastSeq).toBe(4)
    },
  )

  promise('a reader sees what fell due after it expired no more', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {deliverAt: clock.now() + SECOND, expiresAt: clock.now() + 2 * SECOND})
    clock.advance(HOUR)
    expect(bodies(await readOn(store, reader('ops', 'bob')))).toEqual([])
    expect(await scanAll(store, ['ops'])).toEqual([])
  })
}

import {expect} from 'vitest'
import {places, type Suite, upTo} from './bench.js'
import {HOUR} from './harness.js'

const idEndingIn = (end: string, number: number): string =>
  `${String(number).padStart(8, '0')}-0000-7000-8000-${end.padStart(12, '0')}`

export function referenceTests({promise}: Suite): void {
  promise('an id finds all its places', async ({store, send, ids}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    await send('b')
    const {id} = await send(['b', 'a'])
    expect(places(await store.messages.find({by: 'id', id})).sort()).toEqual(['a/1', 'b/2'])
    expect(await store.messages.find({by: 'id', id: ids()})).toEqual([])
  })

  promise('a place finds its message, there alone', async ({store, send}) => {
    for (const name of ['ops', 'dev']) await store.channels.create(name, {}, 'alice')
    const {id} = await send(['ops', 'dev'])
    const found = await store.messages.find({by: 'place', channel: 'ops', seq: 1})
    expect(found.map((message) => [message.id, message.channel, message.seq])).toEqual([[id, 'ops', 1]])
    expect(await store.messages.find({by: 'place', channel: 'ops', seq: 2})).toEqual([])
    expect(await store.messages.find({by: 'place', channel: 'none', seq: 1})).toEqual([])
  })

  promise('the end of an id finds all that end so, dashes or not', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    for (const [index, end] of ['0abcdef', '1abcdef', '0abcdee', '8000abcdef01'].entries())
      await send('ops', {id: idEndingIn(end, index)})
    const found = async (end: string) => places(await store.messages.find({by: 'end', end})).sort()
    expect(await found('0abcdef')).toEqual(['ops/1'])
    expect(await found('abcdef')).toEqual(['ops/1', 'ops/2'])
    expect(await found('80008000abcdef01')).toEqual(['ops/4'])
    expect(await found('ffffff')).toEqual([])
    expect(await found('%abcdef')).toEqual([])
    expect(await found(idEndingIn('0abcdef', 0).replaceAll('-', ''))).toEqual(['ops/1'])
  })

  promise('the end of an id finds ten messages at most', async ({store, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    await store.messages.append(upTo(12).map((number) => outgoing('ops', {id: idEndingIn('abcdef', number)})))
    const found = await store.messages.find({by: 'end', end: 'abcdef'})
    expect(found.length).toBeGreaterThan(1)
    expect(found.length).toBeLessThanOrEqual(10)
  })

  promise('expired messages are found too', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const {id} = await send('ops', {expiresAt: clock.now() + 1})
    clock.advance(HOUR)
    expect(places(await store.messages.find({by: 'id', id}))).toEqual(['ops/1'])
    expect(places(await store.messages.find({by: 'place', channel: 'ops', seq: 1}))).toEqual(['ops/1'])
    expect(places(await store.messages.find({by: 'end', end: id.slice(-8)}))).toEqual(['ops/1'])
  })
}

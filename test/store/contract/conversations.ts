import {expect} from 'vitest'
import {only, refused, type Suite} from './bench.js'
import {HOUR, SECOND, START} from './harness.js'

const made = {createdAt: new Date(START).toISOString()}

export function conversationTests({promise}: Suite): void {
  promise('a conversation is made by hand once', async ({store}) => {
    const given = {name: 'release', title: 'Release 1', description: 'ü', metadata: {k: 'v'}}
    expect(await store.conversations.create(given, 'alice')).toEqual({...given, ...made, createdBy: 'alice'})
    await refused('EXISTS', store.conversations.create({name: 'release', metadata: {}}, 'bob'))
    expect(await store.conversations.list({actor: 'eve', readable: []})).toEqual([
      {...given, ...made, createdBy: 'alice', messages: 0, channels: []},
    ])
  })

  promise(
    'a send makes a conversation that is not there; made by hand later it gets the rest',
    async ({store, send, clock}) => {
      await store.channels.create('ops', {}, 'alice')
      await send('ops', {sender: 'bob', conversation: 'release'})
      const query = {actor: 'bob', readable: [{name: 'ops'}]}
      expect(only(await store.conversations.list(query))).toMatchObject({
        name: 'release',
        ...made,
        createdBy: 'bob',
        messages: 1,
      })
      clock.advance(HOUR)
      const conversation = await store.conversations.create({name: 'release', title: 'T', metadata: {a: 'b'}}, 'alice')
      // Not by bob and an hour ago: a maker learns nothing of messages that it may not see.
      expect(conversation).toEqual({
        name: 'release',
        title: 'T',
        metadata: {a: 'b'},
        createdAt: new Date(START + HOUR).toISOString(),
        createdBy: 'alice',
      })
      expect(only(await store.conversations.list(query))).toMatchObject({title: 'T', messages: 1})
      await refused('EXISTS', store.conversations.create({name: 'release', metadata: {}}, 'alice'))
      await send('ops', {conversation: 'release'})
      expect(only(await store.conversations.list(query))).toMatchObject({title: 'T', messages: 2})
    },
  )

  promise(
    'a conversation that a direct message made is nothing to others, until it is made by hand',
    async ({store, send}) => {
      await store.channels.create('a', {}, 'alice')
      await send('a', {sender: 'zoe', recipient: 'yan', conversation: 'affair'})
      const known = async (actor: string) =>
        (await store.conversations.list({actor, readable: [{name: 'a'}]})).map(({name, messages}) => [name, messages])
      expect(await known('zoe')).toEqual([['affair', 1]])
      expect(await known('yan')).toEqual([['affair', 1]])
      expect(await known('bob')).toEqual([])
      await store.conversations.create({name: 'affair', metadata: {}}, 'zoe')
      expect(await known('bob')).toEqual([['affair', 0]])
    },
  )

  promise('counts are of what the actor may see in readable channels', async ({store, send, clock}) => {
    for (const name of ['a', 'b', 'secret']) await store.channels.create(name, {}, 'alice')
    await send('b', {sender: 'zoe', conversation: 'c'})
    clock.advance(SECOND)
    await send('a', {sender: 'zoe', conversation: 'c'})
    await send('a', {sender: 'zoe', conversation: 'other'})
    clock.advance(SECOND)
    await send('a', {sender: 'zoe', recipient: 'yan', conversation: 'c'})
    await send('secret', {sender: 'zoe', conversation: 'c'})
    const count = async (actor: string, readable: {name: string; all?: boolean}[]) => {
      const summary = only(await store.conversations.list({actor, readable, name: 'c'}))
      return [summary.messages, [...summary.channels].sort(), summary.lastTime]
    }
    const at = (seconds: number) => new Date(START + seconds * SECOND).toISOString()
    expect(await count('bob', [{name: 'a'}, {name: 'b'}])).toEqual([2, ['a', 'b'], at(1)])
    expect(await count('yan', [{name: 'a'}])).toEqual([2, ['a'], at(2)])
    expect(await count('bob', [{name: 'a', all: true}])).toEqual([2, ['a'], at(2)])
    expect(await count('bob', [{name: 'b'}, {name: 'none'}])).toEqual([1, ['b'], at(0)])
    const names = (await store.conversations.list({actor: 'bob', readable: [{name: 'a'}]})).map(({name}) => name)
    expect(names.sort()).toEqual(['c', 'other'])
    expect(await store.conversations.list({actor: 'bob', readable: [], name: 'none'})).toEqual([])
  })
}

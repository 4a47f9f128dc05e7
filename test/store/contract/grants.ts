import {expect} from 'vitest'
import type {Store} from '../../../src/store/store.js'
import {members, refused, type Suite} from './bench.js'

const listed = async (store: Store, query: {channel?: string; actor?: string} = {}): Promise<string[]> =>
  (await store.grants.list(query)).map(({channel, actor, permission}) => `${channel} ${actor} ${permission}`).sort()

export function grantTests({promise}: Suite): void {
  promise('set replaces the permissions of one actor, an empty list takes all away', async ({store}) => {
    await store.channels.create('ops', {}, 'alice', members('zoe'))
    await store.grants.set('ops', 'bob', ['submit', 'manage'])
    expect(await listed(store)).toEqual(['ops bob manage', 'ops bob submit', 'ops zoe submit', 'ops zoe subscribe'])
    await store.grants.set('ops', 'bob', ['subscribe'])
    expect(await listed(store, {actor: 'bob'})).toEqual(['ops bob subscribe'])
    await store.grants.set('ops', 'bob', [])
    await store.grants.set('ops', 'nobody', [])
    expect(await listed(store)).toEqual(['ops zoe submit', 'ops zoe subscribe'])
  })

  promise('list limits to a channel, an actor, or both', async ({store}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    for (const name of ['a', 'b']) for (const actor of ['bob', 'zoe']) await store.grants.set(name, actor, ['submit'])
    expect(await listed(store, {channel: 'a'})).toEqual(['a bob submit', 'a zoe submit'])
    expect(await listed(store, {actor: 'zoe'})).toEqual(['a zoe submit', 'b zoe submit'])
    expect(await listed(store, {channel: 'b', actor: 'bob'})).toEqual(['b bob submit'])
    expect(await listed(store, {channel: 'none'})).toEqual([])
  })

  promise('an unknown channel is NOT_FOUND', async ({store}) => {
    await refused('NOT_FOUND', store.grants.set('none', 'bob', ['submit']))
  })
}

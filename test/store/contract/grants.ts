import {expect} from 'vitest'
import type {Grant, HeldGrant, Permission} from '../../../src/model/permission.js'
import type {Store} from '../../../src/store/store.js'
import {members, refused, type Suite, upTo} from './bench.js'

type Query = Parameters<Store['grants']['list']>[0]

/** `ops bob submit`, `all @crew manage`: in the order of the store. */
const listed = async (store: Store, query: Query = {}): Promise<string[]> =>
  (await store.grants.list(query)).map(
    ({channel = 'all', actor, role, permission}: Grant) => `${channel} ${actor ?? `@${role}`} ${permission}`,
  )

/** `ops submit`, `all manage @crew`, sorted. */
const held = async (store: Store, actor: string, channel?: string): Promise<string[]> =>
  (await store.grants.held(actor, channel))
    .map(({channel = 'all', permission, role}: HeldGrant) => `${channel} ${permission}${role ? ` @${role}` : ''}`)
    .sort()

const submit: {add: Permission[]} = {add: ['submit']}

export function grantTests({law, promise}: Suite): void {
  promise('change adds and takes away, what is in both is taken away, and says what is there then', async ({store}) => {
    await store.channels.create('ops', {}, 'alice', members('zoe'))
    const bob = {actor: 'bob'}
    expect(await store.grants.change('ops', bob, {add: ['submit', 'manage']})).toEqual(['manage', 'submit'])
    expect(await store.grants.change('ops', bob, {add: ['submit']})).toEqual(['manage', 'submit'])
    expect(await listed(store)).toEqual(['ops bob manage', 'ops bob submit', 'ops zoe submit', 'ops zoe subscribe'])
    expect(await store.grants.change('ops', bob, {add: ['subscribe'], remove: ['manage', 'submit', 'manage']})).toEqual(
      ['subscribe'],
    )
    expect(await store.grants.change('ops', bob, {add: ['submit'], remove: ['submit']})).toEqual(['subscribe'])
    expect(await store.grants.change('ops', bob, {remove: ['subscribe']})).toEqual([])
    expect(await store.grants.change('ops', {actor: 'nobody'}, {remove: ['submit']})).toEqual([])
    expect(await listed(store)).toEqual(['ops zoe submit', 'ops zoe subscribe'])
  })

  promise('list limits to a channel, to all channels, to an actor, a role, or both', async ({store}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    await store.roles.create('crew', {}, 'alice')
    for (const channel of ['b', null, 'a'])
      for (const to of [{actor: 'zoe'}, {role: 'crew'}, {actor: 'bob'}]) await store.grants.change(channel, to, submit)
    const on = (name: string) => [`${name} @crew submit`, `${name} bob submit`, `${name} zoe submit`]
    expect(await listed(store)).toEqual([...on('all'), ...on('a'), ...on('b')])
    expect(await listed(store, {channel: 'a'})).toEqual(on('a'))
    expect(await listed(store, {channel: null})).toEqual(on('all'))
    expect(await listed(store, {actor: 'zoe'})).toEqual(['all zoe submit', 'a zoe submit', 'b zoe submit'])
    expect(await listed(store, {role: 'crew'})).toEqual(['all @crew submit', 'a @crew submit', 'b @crew submit'])
    expect(await listed(store, {channel: 'b', actor: 'bob'})).toEqual(['b bob submit'])
    expect(await listed(store, {channel: null, role: 'crew'})).toEqual(['all @crew submit'])
    for (const nothing of [{channel: 'none'}, {actor: 'none'}, {role: 'none'}, {channel: 'a', role: 'none'}])
      expect([nothing, await listed(store, nothing)]).toEqual([nothing, []])
  })

  promise('held is what an actor has itself and through roles, on a channel and on all', async ({store}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    for (const role of ['crew', 'staff']) await store.roles.create(role, {}, 'alice')
    await store.roles.change('crew', {add: ['bob', 'zoe']})
    await store.grants.change('a', {actor: 'bob'}, {add: ['submit']})
    await store.grants.change('a', {role: 'crew'}, {add: ['submit', 'subscribe']})
    await store.grants.change('b', {role: 'crew'}, {add: ['manage']})
    await store.grants.change(null, {actor: 'bob'}, {add: ['subscribe']})
    await store.grants.change(null, {role: 'staff'}, {add: ['manage']})
    const all = ['a submit', 'a submit @crew', 'a subscribe @crew', 'all subscribe', 'b manage @crew']
    expect(await held(store, 'bob')).toEqual(all)
    expect(await held(store, 'bob', 'a')).toEqual(all.slice(0, 4))
    expect(await held(store, 'bob', 'none')).toEqual(['all subscribe'])
    expect(await held(store, 'zoe')).toEqual(['a submit @crew', 'a subscribe @crew', 'b manage @crew'])
    expect(await held(store, 'eve')).toEqual([])
    await store.roles.change('crew', {remove: ['bob']})
    expect(await held(store, 'bob')).toEqual(['a submit', 'all subscribe'])
  })

  promise('grants go along with a channel that is renamed, and go with one that is deleted', async ({store}) => {
    await store.channels.create('a', {}, 'alice', members('bob'))
    await store.grants.change(null, {actor: 'bob'}, {add: ['submit']})
    await store.channels.rename('a', 'b')
    expect(await held(store, 'bob')).toEqual(['all submit', 'b submit', 'b subscribe'])
    await store.channels.delete('b')
    expect(await held(store, 'bob')).toEqual(['all submit'])
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    expect(await held(store, 'bob')).toEqual(['all submit'])
  })

  promise('a new channel may have grants to roles from the beginning, or is not made', async ({store}) => {
    await store.roles.create('crew', {}, 'alice')
    await store.channels.create('a', {}, 'alice', [{role: 'crew', permission: 'submit'}, ...members('bob')])
    expect(await listed(store)).toEqual(['a @crew submit', 'a bob submit', 'a bob subscribe'])
    await refused('NOT_FOUND', store.channels.create('b', {}, 'alice', [{role: 'none', permission: 'submit'}]))
    expect(await store.channels.get('b')).toBeUndefined()
  })

  promise('somebody administers the store if an actor or a member of a role manages all channels', async ({store}) => {
    const {grants, roles} = store
    await store.channels.create('ops', {}, 'alice')
    await roles.create('crew', {}, 'alice')
    await grants.change('ops', {actor: 'bob'}, {add: ['manage']})
    await grants.change(null, {actor: 'bob'}, {add: ['submit', 'subscribe']})
    await grants.change(null, {role: 'crew'}, {add: ['manage']})
    expect(await grants.administered()).toBe(false)
    await roles.change('crew', {add: ['zoe']})
    expect(await grants.administered()).toBe(true)
    await roles.delete('crew')
    expect(await grants.administered()).toBe(false)
    await grants.change(null, {actor: 'bob'}, {add: ['manage']})
    expect(await grants.administered()).toBe(true)
    await grants.change(null, {actor: 'bob'}, {remove: ['manage']})
    expect(await grants.administered()).toBe(false)
  })

  promise('an unknown channel or role is NOT_FOUND', async ({store}) => {
    await store.channels.create('ops', {}, 'alice')
    await refused('NOT_FOUND', store.grants.change('none', {actor: 'bob'}, submit))
    await refused('NOT_FOUND', store.grants.change('ops', {role: 'none'}, submit))
    await refused('NOT_FOUND', store.grants.change(null, {role: 'none'}, {remove: ['submit']}))
    expect(await listed(store)).toEqual([])
  })

  law(1, 'changes of the same actor by many at once lose nothing', async ({store, handles}) => {
    await store.channels.create('ops', {}, 'alice', members('bob'))
    const changes = (
      [{add: ['manage']}, {remove: ['submit']}, {add: ['subscribe']}, {remove: ['submit']}] as const
    ).flatMap((change) => upTo(4).map(() => change))
    const stores = await handles(changes.length)
    await Promise.all(stores.map((one, index) => one.grants.change('ops', {actor: 'bob'}, changes[index] ?? {})))
    expect(await listed(store, {actor: 'bob'})).toEqual(['ops bob manage', 'ops bob subscribe'])
  })
}

import {expect} from 'vitest'
import {only, refused, type Suite, texts} from './bench.js'
import {START} from './harness.js'

const made = {createdAt: new Date(START).toISOString(), createdBy: 'alice'}

export function roleTests({law, promise}: Suite): void {
  promise('a role is made once, and begins without members', async ({store}) => {
    const crew = {name: 'crew', description: 'ü', members: [], ...made}
    expect(await store.roles.create('crew', {description: 'ü'}, 'alice')).toEqual(crew)
    await refused('EXISTS', store.roles.create('crew', {}, 'bob'))
    expect(await store.roles.create('bare', {}, 'alice')).toEqual({name: 'bare', members: [], ...made})
    expect(await store.roles.list({name: 'crew'})).toEqual([crew])
  })

  promise('change adds and takes away members, who is in both goes', async ({store}) => {
    await store.roles.create('crew', {}, 'alice')
    const changed = async (change: {add?: string[]; remove?: string[]}) =>
      (await store.roles.change('crew', change)).members
    expect(await changed({add: ['zoe', 'bob', 'zoe']})).toEqual(['bob', 'zoe'])
    expect(await changed({add: ['bob', 'yan', 'eve'], remove: ['eve', 'zoe', 'nobody']})).toEqual(['bob', 'yan'])
    expect(await changed({})).toEqual(['bob', 'yan'])
    await refused('NOT_FOUND', store.roles.change('none', {add: ['bob']}))
  })

  promise('list limits to a name, to the roles of an actor, or both', async ({store}) => {
    for (const name of ['b', 'a', 'c']) await store.roles.create(name, {}, 'alice')
    for (const name of ['c', 'a']) await store.roles.change(name, {add: ['bob']})
    const listed = async (query: {name?: string; actor?: string}) =>
      (await store.roles.list(query)).map(({name, members}) => `${name} ${members}`)
    expect(await listed({})).toEqual(['a bob', 'b ', 'c bob'])
    expect(await listed({actor: 'bob'})).toEqual(['a bob', 'c bob'])
    expect(await listed({actor: 'bob', name: 'b'})).toEqual([])
    expect(await listed({name: 'B'})).toEqual([])
    expect(await listed({actor: 'nobody'})).toEqual([])
  })

  promise('a role is deleted with its members and what was granted to it', async ({store}) => {
    await store.channels.create('ops', {}, 'alice')
    for (const name of ['crew', 'staff']) {
      await store.roles.create(name, {}, 'alice')
      await store.roles.change(name, {add: ['bob']})
      for (const channel of ['ops', null]) await store.grants.change(channel, {role: name}, {add: ['submit']})
    }
    expect([await store.roles.delete('crew'), await store.roles.delete('crew')]).toEqual([true, false])
    expect((await store.grants.list({})).map(({role}) => role)).toEqual(['staff', 'staff'])
    await store.roles.create('crew', {}, 'alice')
    expect(only(await store.roles.list({name: 'crew'})).members).toEqual([])
    expect((await store.grants.held('bob')).map(({role}) => role)).toEqual(['staff', 'staff'])
  })

  law(1, 'a role raced by many is made once, and no member is lost', async ({store, handles}) => {
    const actors = texts(8, 'actor').map((text) => text.replace(' ', '-'))
    const stores = await handles(actors.length)
    const won = await Promise.allSettled(stores.map((one) => one.roles.create('crew', {}, 'alice')))
    expect(won.filter(({status}) => status === 'fulfilled')).toHaveLength(1)
    await Promise.all(stores.map((one, index) => one.roles.change('crew', {add: [actors[index] ?? '']})))
    expect(only(await store.roles.list({})).members).toEqual(actors)
  })
}

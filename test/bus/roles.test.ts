import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {refusal, START, type World, world} from './world.js'

let w: World
let amy: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[amy, bob] = [w.as('amy'), w.as('bob')]
  await amy.grant({permissions: ['manage'], to: [{actor: 'amy'}]})
})

test('a role is made, filled, shown and deleted', async () => {
  const made = {name: 'crew', description: 'All hands', createdAt: new Date(START).toISOString(), createdBy: 'amy'}
  expect(await amy.createRole('crew', {description: 'All hands'})).toEqual({...made, members: []})
  await expect(amy.createRole('crew')).rejects.toMatchObject(refusal('EXISTS'))
  expect(await amy.changeRole('crew', {add: ['zoe', 'bob', 'eve'], remove: ['eve']})).toEqual({
    ...made,
    members: ['bob', 'zoe'],
  })
  await amy.createChannel('hr', {restricted: true})
  await amy.grant({channel: 'hr', permissions: ['submit'], to: [{role: 'crew'}]})
  await amy.grant({permissions: ['subscribe'], to: [{role: 'crew'}]})
  expect(await amy.role('crew')).toEqual({
    ...made,
    members: ['bob', 'zoe'],
    grants: [
      {role: 'crew', permission: 'subscribe'},
      {role: 'crew', channel: 'hr', permission: 'submit'},
    ],
  })
  await amy.deleteRole('crew')
  await expect(bob.send('hr', {body: 'x'})).rejects.toMatchObject(refusal('FORBIDDEN'))
  await expect(amy.deleteRole('crew')).rejects.toMatchObject(
    refusal('NOT_FOUND', /^no role "crew" in /, 'leat role create crew'),
  )
  await amy.createRole('admins')
  await expect(amy.changeRole('admin', {add: ['bob']})).rejects.toMatchObject(
    refusal('NOT_FOUND', /^no role "admin" in /, 'did you mean admins? else: leat role create admin'),
  )
})

describe('who sees roles', () => {
  beforeEach(async () => {
    for (const [name, members] of Object.entries({crew: ['bob', 'zoe'], staff: ['zoe'], empty: []})) {
      await amy.createRole(name)
      await amy.changeRole(name, {add: members})
    }
  })
  const names = async (bus: Bus, query = {}) => (await bus.roles(query)).map(({name}) => name)

  test('administration sees all, others those that they are in', async () => {
    expect(await names(amy)).toEqual(['crew', 'empty', 'staff'])
    expect(await names(amy, {actor: 'zoe'})).toEqual(['crew', 'staff'])
    expect(await names(bob)).toEqual(['crew'])
    expect(await names(bob, {actor: 'zoe'})).toEqual(['crew'])
    expect(await names(w.as('eve'))).toEqual([])
    expect((await bob.role('crew')).members).toEqual(['bob', 'zoe'])
  })

  test('of others one doesn’t learn whether they are there', async () => {
    for (const name of ['staff', 'none'])
      await expect(bob.role(name)).rejects.toMatchObject(
        refusal('FORBIDDEN', `bob may not see role "${name}": that is for who manages all channels`),
      )
    await expect(amy.role('none')).rejects.toMatchObject(refusal('NOT_FOUND'))
  })

  test('what a role was granted on channels that one may not read is left out', async () => {
    await w.as('alice').createChannel('hr', {restricted: true})
    await w.as('alice').grant({channel: 'hr', permissions: ['submit'], to: [{role: 'crew'}]})
    expect((await bob.role('crew')).grants).toEqual([])
    await w.as('alice').grant({channel: 'hr', permissions: ['subscribe'], to: [{role: 'crew'}]})
    expect((await bob.role('crew')).grants).toHaveLength(2)
  })
})

test.each<[string, (bus: Bus) => Promise<unknown>]>([
  ['createRole', (bus) => bus.createRole('a b')],
  ['role', (bus) => bus.role('')],
  ['deleteRole', (bus) => bus.deleteRole('../x')],
  ['changeRole', (bus) => bus.changeRole('crew', {add: ['a b']})],
  ['roles', (bus) => bus.roles({actor: 'a b'})],
  ['a description', (bus) => bus.createRole('x', {description: 'a\0b'})],
])('%s refuses what is no name or text', async (_, act) => {
  await amy.createRole('crew')
  await expect(act(amy)).rejects.toMatchObject(refusal('INVALID'))
  expect(await amy.roles()).toMatchObject([{name: 'crew', members: []}])
})

test('changing a role that is not there is NOT_FOUND', async () => {
  await expect(amy.changeRole('none', {add: ['bob']})).rejects.toMatchObject(refusal('NOT_FOUND'))
})

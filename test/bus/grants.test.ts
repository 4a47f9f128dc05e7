import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {Permission} from '../../src/model/permission.js'
import {bodies, refusal, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('hr', {restricted: true})
})

test('grant adds, revoke takes away, and both say what is there then', async () => {
  const to = [{actor: 'bob'}, {actor: 'zoe'}, {actor: 'bob'}]
  expect(await alice.grant({channel: 'hr', permissions: ['subscribe', 'submit', 'submit'], to})).toEqual([
    {actor: 'bob', channel: 'hr', permissions: ['submit', 'subscribe']},
    {actor: 'zoe', channel: 'hr', permissions: ['submit', 'subscribe']},
  ])
  await bob.send('hr', {body: 'hi'})
  expect(await bodies(w.as('zoe').log(['hr']))).toEqual(['hi'])
  expect((await alice.channel('hr')).members).toEqual(['bob', 'zoe'])
  expect(await alice.revoke({channel: 'hr', permissions: ['submit'], to})).toMatchObject([
    {actor: 'bob', permissions: ['subscribe']},
    {actor: 'zoe', permissions: ['subscribe']},
  ])
  await expect(bob.send('hr', {body: 'x'})).rejects.toMatchObject(
    refusal('FORBIDDEN', 'bob may not send to "hr": hr is restricted and bob was not granted submit'),
  )
  expect(await bodies(bob.log(['hr']))).toEqual(['hi'])
})

test('a role has what its members have, as long as they are in it', async () => {
  await alice.createRole('crew')
  await alice.changeRole('crew', {add: ['bob']})
  expect(await alice.grant({channel: 'hr', permissions: ['subscribe'], to: [{role: 'crew'}]})).toEqual([
    {role: 'crew', channel: 'hr', permissions: ['subscribe']},
  ])
  expect(await bob.can('subscribe', 'hr')).toEqual({
    allowed: true,
    reason: 'bob was granted subscribe on hr through role crew',
  })
  expect(await alice.revoke({channel: 'hr', permissions: ['subscribe'], to: [{actor: 'bob'}]})).toMatchObject([
    {actor: 'bob', permissions: []},
  ])
  expect((await bob.can('subscribe', 'hr')).allowed).toBe(true)
  await alice.changeRole('crew', {remove: ['bob']})
  expect((await bob.can('subscribe', 'hr')).allowed).toBe(false)
  expect((await alice.channel('hr')).members).toEqual([])
})

test('what is granted on all channels holds on those that come later, and channel show tells of it', async () => {
  await alice.grant({permissions: ['subscribe'], to: [{actor: 'bob'}]})
  await alice.createChannel('later', {restricted: true, members: ['zoe']})
  expect(await bodies(bob.log(['later']))).toEqual([])
  await expect(bob.send('later', {body: 'x'})).rejects.toMatchObject(refusal('FORBIDDEN'))
  expect(await bob.channel('later')).toMatchObject({
    members: ['zoe'],
    grants: [
      {channel: 'later', actor: 'zoe', permission: 'submit'},
      {channel: 'later', actor: 'zoe', permission: 'subscribe'},
      {actor: 'bob', permission: 'subscribe'},
    ],
  })
  expect((await bob.channels()).map(({name}) => name)).toEqual(['hr', 'later'])
})

test('who was granted manage grants, and may take it from others', async () => {
  await expect(bob.grant({channel: 'hr', permissions: ['submit'], to: [{actor: 'bob'}]})).rejects.toMatchObject(
    refusal('FORBIDDEN', 'bob may not manage "hr": alice made hr, and bob was not granted manage'),
  )
  await alice.grant({channel: 'hr', permissions: ['manage'], to: [{actor: 'bob'}]})
  await bob.grant({channel: 'hr', permissions: ['manage'], to: [{actor: 'zoe'}]})
  await w.as('zoe').revoke({channel: 'hr', permissions: ['manage'], to: [{actor: 'bob'}, {actor: 'alice'}]})
  await expect(bob.deleteChannel('hr')).rejects.toMatchObject(refusal('FORBIDDEN'))
  expect(await alice.can('manage', 'hr')).toEqual({allowed: true, reason: 'alice made hr'})
})

describe('what is refused changes nothing', () => {
  const to = [{actor: 'bob'}]
  const permissions: Permission[] = ['submit']
  test.each<[string, () => Promise<unknown>, object]>([
    [
      'a role that is not there',
      () => alice.grant({channel: 'hr', permissions, to: [...to, {role: 'none'}]}),
      refusal('NOT_FOUND', /^no role "none" in /, 'leat role create none'),
    ],
    [
      'a role that is not there, to revoke',
      () => alice.revoke({channel: 'hr', permissions, to: [{role: 'none'}]}),
      refusal('NOT_FOUND'),
    ],
    ['a channel that is not there', () => alice.grant({channel: 'none', permissions, to}), refusal('NOT_FOUND')],
    [
      'an actor that is no name',
      () => alice.grant({channel: 'hr', permissions, to: [...to, {actor: 'a b'}]}),
      refusal('INVALID', /not an actor name/),
    ],
    [
      'a role that is no name',
      () => alice.grant({channel: 'hr', permissions, to: [...to, {role: 'a b'}]}),
      refusal('INVALID', /not a role name/),
    ],
    ['nobody', () => alice.grant({channel: 'hr', permissions, to: []}), refusal('USAGE')],
    ['nothing', () => alice.grant({channel: 'hr', permissions: [], to}), refusal('USAGE')],
    [
      'no permission',
      () => alice.grant({channel: 'hr', permissions: ['write' as Permission], to}),
      refusal('INVALID', '"write" is not a permission'),
    ],
  ])('%s', async (_, act, expected) => {
    await expect(act()).rejects.toMatchObject(expected)
    expect(await w.store.grants.list({})).toEqual([])
  })
})

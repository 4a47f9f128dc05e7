import {expect, test} from 'vitest'
import {world} from './leat.js'

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

test('a role is made, filled, listed, shown and deleted', async () => {
  const {leat} = world()
  expect(await leat`role create crew --description 'All hands'`).toMatchObject({code: 0, stdout: 'crew\n', stderr: ''})
  const made = await leat`role create staff --json`
  expect(made.json()).toEqual({name: 'staff', members: [], createdAt: ISO, createdBy: 'alice'})
  expect(await leat`role add crew zoe bob`).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect((await leat`role add staff zoe --json`).json()).toMatchObject({name: 'staff', members: ['zoe']})
  expect((await leat`role list`).stdout).toBe('crew\tbob, zoe\tAll hands\nstaff\tzoe\t\n')
  expect((await leat`role list --actor bob --json`).jsonLines()).toMatchObject([{name: 'crew'}])
  await leat`channel create ops`
  await leat`grant send,read ops --role crew`
  expect((await leat`role show crew --json`).json()).toEqual({
    name: 'crew',
    description: 'All hands',
    members: ['bob', 'zoe'],
    createdAt: ISO,
    createdBy: 'alice',
    grants: [
      {channel: 'ops', role: 'crew', permission: 'submit'},
      {channel: 'ops', role: 'crew', permission: 'subscribe'},
    ],
  })
  expect((await leat`role show crew`).lines()).toContain('GRANTS\tops: submit, subscribe')
  expect((await leat`role remove crew bob nobody --json`).json().members).toEqual(['zoe'])
  const unasked = await leat`role delete crew --json`
  expect([unasked.code, unasked.error()]).toMatchObject([
    2,
    {code: 'USAGE', message: 'delete role crew (1 member, 2 grants) needs --yes when nobody can be asked'},
  ])
  expect((await leat`role delete crew --yes --json`).json()).toEqual({role: 'crew', deleted: true})
  expect((await leat`role list --json`).jsonLines()).toMatchObject([{name: 'staff'}])
})

test('what is wrong is said, with the way out', async () => {
  const {leat} = world()
  await leat`role create crew`
  const again = await leat`role create crew --json`
  expect([again.code, again.error()]).toMatchObject([6, {code: 'EXISTS', hint: 'leat role show crew'}])
  for (const words of [['show'], ['add', 'bob'], ['remove', 'bob'], ['delete', '--yes']]) {
    const [verb, ...more] = words
    const missing = await leat`role ${verb} none ${more} --json`
    expect([words, missing.code, missing.error()]).toMatchObject([
      words,
      3,
      {code: 'NOT_FOUND', hint: 'leat role create none'},
    ])
  }
  const bad = await leat`role create ${'All hands'} --json`
  expect([bad.code, bad.error()]).toMatchObject([
    2,
    {code: 'INVALID', message: '"All hands" is not a role name', hint: expect.stringMatching(/^try all-hands/)},
  ])
  expect((await leat`role add crew`).code).toBe(2)
  expect((await leat`role add crew ${'a b'}`).code).toBe(2)
})

test('once somebody manages all channels, roles are theirs', async () => {
  const {leat} = world()
  await leat`role create admins`
  expect((await leat`grant manage --all --role admins`).stderr).toBe('')
  const filled = await leat`role add admins amy`
  expect(filled.stderr).toBe('from now on roles, tokens and grants on all channels are for who manages all channels\n')
  const refused = await leat`role add admins alice --json`
  expect([refused.code, refused.error()]).toMatchObject([
    5,
    {
      code: 'FORBIDDEN',
      message: 'alice may not change who is in role "admins": that is for who manages all channels',
    },
  ])
  expect((await leat`role list`).stdout).toBe('')
  expect((await leat({as: 'amy'})`role list`).stdout).toBe('admins\tamy\t\n')
  const left = await leat({as: 'amy'})`role remove admins amy`
  expect(left).toMatchObject({
    code: 0,
    stderr: 'nobody manages all channels any more: whoever works on this machine administers the store\n',
  })
  expect((await leat`role add admins alice -q`).stderr).toBe('')
})

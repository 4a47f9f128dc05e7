import {expect, test} from 'vitest'
import {world} from './leat.js'

test('grant lets actors and roles in, revoke shuts them out', async () => {
  const {leat} = world()
  await leat`channel create hr --restricted`
  await leat`role create crew`
  await leat`role add crew dan`
  expect(await leat`grant send,read hr --to bob,carol --role crew`).toMatchObject({code: 0, stdout: '', stderr: ''})
  for (const as of ['bob', 'carol', 'dan']) expect((await leat({as})`send hr hi`).code).toBe(0)
  expect((await leat({as: 'eve'})`send hr hi`).code).toBe(5)
  expect((await leat`revoke submit hr --to bob --to carol --json`).jsonLines()).toEqual([
    {actor: 'bob', channel: 'hr', permissions: ['subscribe']},
    {actor: 'carol', channel: 'hr', permissions: ['subscribe']},
  ])
  expect((await leat({as: 'bob'})`send hr hi`).code).toBe(5)
  expect((await leat({as: 'bob'})`log hr --raw`).lines()).toHaveLength(3)
  expect((await leat`grant channel.manage hr --role crew --json`).json()).toEqual({
    role: 'crew',
    channel: 'hr',
    permissions: ['manage', 'submit', 'subscribe'],
  })
  expect((await leat({as: 'dan'})`channel update hr --title Ours`).code).toBe(0)
  expect((await leat`channel show hr`).lines()).toContain(
    'GRANTS\trole crew: manage, submit, subscribe; bob: subscribe; carol: subscribe',
  )
})

test('on all channels, those that come later too', async () => {
  const {leat} = world()
  await leat`channel create before --restricted`
  const granted = await leat`grant read --all --to bob --json`
  expect([granted.json(), granted.stderr]).toEqual([{actor: 'bob', permissions: ['subscribe']}, ''])
  await leat`channel create later --restricted`
  for (const channel of ['before', 'later']) expect((await leat({as: 'bob'})`log ${channel}`).code).toBe(0)
  expect((await leat`channel show later --json`).json().grants).toEqual([{actor: 'bob', permission: 'subscribe'}])
  expect((await leat`channel show later`).lines()).toContain('GRANTS\tbob: subscribe (all channels)')
  const first = await leat`grant manage --all --to amy`
  expect(first.stderr).toBe('from now on roles, tokens and grants on all channels are for who manages all channels\n')
  expect((await leat({as: 'amy'})`channel update later --title Mine`).code).toBe(0)
  const late = await leat`grant manage --all --to alice --json`
  expect([late.code, late.error()]).toMatchObject([
    5,
    {code: 'FORBIDDEN', message: 'alice may not change grants on all channels: that is for who manages all channels'},
  ])
  expect((await leat`grant submit later --to eve`).code).toBe(0)
  const last = await leat({as: 'amy'})`revoke manage --all --to amy --json`
  expect(last.json()).toEqual({actor: 'amy', permissions: []})
  expect(last.stderr).toContain('nobody manages all channels any more')
  expect((await leat`grant submit --all --to eve`).code).toBe(0)
})

test('what is wrong is said, and nothing is granted', async () => {
  const {leat} = world()
  await leat`channel create ops`
  const cases: [string[], number, object][] = [
    [['write', 'ops', '--to', 'bob'], 2, {code: 'INVALID', message: '"write" is not a permission'}],
    [['submit,', 'ops', '--to', ','], 2, {code: 'USAGE', hint: '--to NAME,… or --role NAME'}],
    [[',', 'ops', '--to', 'bob'], 2, {code: 'USAGE', message: 'no permission is named'}],
    [['submit', 'ops'], 2, {code: 'USAGE', message: 'no actor and no role is named'}],
    [['submit', '--to', 'bob'], 2, {code: 'USAGE', hint: 'name one, or --all for all channels'}],
    [['submit', 'ops', '--all', '--to', 'bob'], 2, {code: 'USAGE'}],
    [['submit', 'none', '--to', 'bob'], 3, {code: 'NOT_FOUND', hint: 'leat channel create none'}],
    [['submit', 'ops', '--to', 'bob', '--role', 'none'], 3, {code: 'NOT_FOUND', hint: 'leat role create none'}],
    [['submit', 'ops', '--to', 'bob,a b'], 2, {code: 'INVALID'}],
  ]
  for (const command of ['grant', 'revoke'])
    for (const [words, code, error] of cases) {
      const refused = await leat`${command} ${words} --json`
      expect([words, refused.code, refused.error()]).toMatchObject([words, code, error])
    }
  expect((await leat`channel show ops --json`).json().grants).toEqual([])
  const bob = await leat({as: 'bob'})`grant submit ops --to bob --json`
  expect([bob.code, bob.error()]).toMatchObject([
    5,
    {code: 'FORBIDDEN', message: 'bob may not manage "ops": alice made ops, and bob was not granted manage'},
  ])
})

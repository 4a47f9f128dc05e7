import {expect, test} from 'vitest'
import {world} from './leat.js'

test('can answers with the reason, and exit 0 or 5', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat`channel create hr --restricted`
  await leat`role create crew`
  await leat`role add crew dan`
  await leat`grant read hr --role crew`
  await leat`grant manage --all --to amy`
  const cases: [string[], number, string][] = [
    [['alice', 'manage', 'ops'], 0, 'yes: alice made ops'],
    [['eve', 'send', 'ops'], 0, 'yes: ops is open to all'],
    [['eve', 'manage', 'ops'], 5, 'no: alice made ops, and eve was not granted manage'],
    [['eve', 'read', 'hr'], 5, 'no: hr is restricted and eve is not a member'],
    [['dan', 'channel.subscribe', 'hr'], 0, 'yes: dan was granted subscribe on hr through role crew'],
    [['dan', 'submit', 'hr'], 5, 'no: hr is restricted and dan was not granted submit'],
    [['amy', 'submit', 'hr'], 0, 'yes: amy manages all channels'],
  ]
  for (const [words, code, line] of cases)
    expect(await leat`can ${words}`).toMatchObject({code, stdout: `${line}\n`, stderr: ''})
  const json = await leat`can eve read hr --json`
  expect([json.code, json.json(), json.stderr]).toEqual([
    5,
    {
      actor: 'eve',
      permission: 'subscribe',
      channel: 'hr',
      allowed: false,
      reason: 'hr is restricted and eve is not a member',
    },
    '',
  ])
  expect(await leat`can eve read hr -q`).toMatchObject({code: 5, stdout: '', stderr: ''})
})

test('who may not read a channel asks about itself alone', async () => {
  const {leat} = world()
  await leat`channel create hr --restricted --members bob`
  await leat`grant manage --all --to amy`
  expect((await leat({as: 'eve'})`can eve read hr`).stdout).toBe('no: hr is restricted and eve is not a member\n')
  const other = await leat({as: 'eve'})`can bob read hr --json`
  expect([other.code, other.stdout, other.error()]).toMatchObject([
    5,
    '',
    {code: 'FORBIDDEN', message: 'eve may not ask who uses "hr": hr is restricted and eve is not a member'},
  ])
  expect((await leat({as: 'bob'})`can alice read hr`).code).toBe(0)
})

test('what is wrong is said', async () => {
  const {leat} = world()
  await leat`channel create ops`
  expect((await leat`can alice write ops --json`).error()).toMatchObject({code: 'INVALID'})
  expect((await leat`can alice read none --json`).error()).toMatchObject({code: 'NOT_FOUND'})
  expect((await leat`can ${'a b'} read ops`).code).toBe(2)
  expect((await leat`can alice read`).code).toBe(2)
})

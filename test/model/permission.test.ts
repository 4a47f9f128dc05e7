import {expect, test} from 'vitest'
import {decide, type Permission} from '../../src/model/permission.js'

const PERMISSIONS: readonly Permission[] = ['submit', 'subscribe', 'manage']

const grants = [
  {channel: 'ops', actor: 'sam', permission: 'submit'},
  {channel: 'ops', actor: 'sue', permission: 'subscribe'},
  {channel: 'ops', actor: 'max', permission: 'manage'},
  {channel: 'ops', actor: 'both', permission: 'submit'},
  {channel: 'ops', actor: 'both', permission: 'subscribe'},
] as const

//         who      open to all               restricted
test.each<[string, [boolean, boolean, boolean], [boolean, boolean, boolean]]>([
  ['alice', [true, true, true], [true, true, true]],
  ['max', [true, true, true], [true, true, true]],
  ['sam', [true, true, false], [true, false, false]],
  ['sue', [true, true, false], [false, true, false]],
  ['both', [true, true, false], [true, true, false]],
  ['eve', [true, true, false], [false, false, false]],
  ['Alice', [true, true, false], [false, false, false]],
])('%s may submit, subscribe, manage', (actor, open, restricted) => {
  const allowed = (limit: boolean) =>
    PERMISSIONS.map(
      (permission) =>
        decide(actor, permission, {channel: 'ops', restricted: limit, createdBy: 'alice', grants}).allowed,
    )
  expect([allowed(false), allowed(true)]).toEqual([open, restricted])
})

test.each<[string, Permission, boolean, string]>([
  ['alice', 'manage', true, 'alice made ops'],
  ['max', 'submit', true, 'max manages ops'],
  ['sam', 'submit', true, 'sam was granted submit on ops'],
  ['eve', 'submit', false, 'ops is open to all'],
  ['eve', 'submit', true, 'ops is restricted and eve is not a member'],
  ['eve', 'manage', false, 'only alice manages ops'],
])('%s, %s, restricted %j: because %s', (actor, permission, restricted, reason) => {
  expect(decide(actor, permission, {channel: 'ops', restricted, createdBy: 'alice', grants}).reason).toBe(reason)
})

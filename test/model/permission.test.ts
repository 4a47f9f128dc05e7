import {expect, test} from 'vitest'
import {decide, type HeldGrant, type Permission, parsePermission} from '../../src/model/permission.js'
import {refusal} from './refusal.js'

const PERMISSIONS: readonly Permission[] = ['submit', 'subscribe', 'manage']

/** What each holds on ops, or on all channels. */
const HELD: Readonly<Record<string, readonly HeldGrant[]>> = {
  sam: [{channel: 'ops', permission: 'submit'}],
  sue: [{channel: 'ops', permission: 'subscribe'}],
  max: [{channel: 'ops', permission: 'manage'}],
  both: [
    {channel: 'ops', permission: 'submit'},
    {channel: 'ops', permission: 'subscribe'},
  ],
  rob: [{channel: 'ops', permission: 'subscribe', role: 'readers'}],
  rae: [{channel: 'ops', permission: 'manage', role: 'keepers'}],
  ann: [{permission: 'submit'}],
  amy: [{permission: 'manage'}],
  abe: [{permission: 'manage', role: 'admins'}],
}

const decided = (actor: string, permission: Permission, restricted: boolean) =>
  decide(actor, permission, {channel: 'ops', restricted, createdBy: 'alice', held: HELD[actor] ?? []})

//         who      open to all               restricted
test.each<[string, [boolean, boolean, boolean], [boolean, boolean, boolean]]>([
  ['alice', [true, true, true], [true, true, true]],
  ['max', [true, true, true], [true, true, true]],
  ['sam', [true, true, false], [true, false, false]],
  ['sue', [true, true, false], [false, true, false]],
  ['both', [true, true, false], [true, true, false]],
  ['rob', [true, true, false], [false, true, false]],
  ['rae', [true, true, true], [true, true, true]],
  ['ann', [true, true, false], [true, false, false]],
  ['amy', [true, true, true], [true, true, true]],
  ['abe', [true, true, true], [true, true, true]],
  ['eve', [true, true, false], [false, false, false]],
  ['Alice', [true, true, false], [false, false, false]],
])('%s may submit, subscribe, manage', (actor, open, restricted) => {
  const allowed = (limit: boolean) => PERMISSIONS.map((permission) => decided(actor, permission, limit).allowed)
  expect([allowed(false), allowed(true)]).toEqual([open, restricted])
})

test.each<[string, Permission, boolean, string]>([
  ['alice', 'manage', true, 'alice made ops'],
  ['max', 'submit', true, 'max manages ops'],
  ['sam', 'submit', true, 'sam was granted submit on ops'],
  ['rob', 'subscribe', true, 'rob was granted subscribe on ops through role readers'],
  ['rae', 'subscribe', true, 'rae manages ops through role keepers'],
  ['ann', 'submit', true, 'ann was granted submit on all channels'],
  ['amy', 'manage', false, 'amy manages all channels'],
  ['abe', 'subscribe', false, 'abe manages all channels through role admins'],
  ['eve', 'submit', false, 'ops is open to all'],
  ['sam', 'subscribe', true, 'ops is restricted and sam was not granted subscribe'],
  ['eve', 'submit', true, 'ops is restricted and eve is not a member'],
  ['eve', 'manage', false, 'alice made ops, and eve was not granted manage'],
])('%s, %s, restricted %j: because %s', (actor, permission, restricted, reason) => {
  expect(decided(actor, permission, restricted).reason).toBe(reason)
})

test.each<[string, Permission]>([
  ['submit', 'submit'],
  ['send', 'submit'],
  ['channel.submit', 'submit'],
  ['subscribe', 'subscribe'],
  ['read', 'subscribe'],
  ['channel.subscribe', 'subscribe'],
  ['manage', 'manage'],
  ['channel.manage', 'manage'],
])('%s means %s', (text, permission) => expect(parsePermission(text)).toBe(permission))

test.each(['', 'Submit', 'channel.send', 'write', 'toString', 'submit '])('%j is no permission', (text) => {
  expect(refusal(() => parsePermission(text)).code).toBe('INVALID')
})

/** What grant, revoke and role have in common. */
import {Flags} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {GrantOptions} from '../bus/grants.js'
import {LeatError} from '../model/errors.js'
import {parsePermission} from '../model/permission.js'
import {list, optionalWord, parseNames, word} from './flags.js'
import type {Output} from './output/output.js'

export const grantArgs = {
  permissions: word('submit (or send), subscribe (or read), manage (both and more); several with commas.', {
    asks: 'permissions',
  }),
  channel: optionalWord('The channel; without one, --all.', {asks: 'channel', unless: ['all']}),
}

export const grantFlags = {
  to: list('Actors (repeatable, or with commas).', {helpValue: 'NAME', asks: 'actor', unless: ['role']}),
  role: list('Everyone in a role (repeatable, or with commas).', {helpValue: 'NAME'}),
  all: Flags.boolean({description: 'On all channels, those that come later too. Administrators only.'}),
}

/** @throws USAGE neither a channel nor --all, or both; INVALID not a permission */
export function grantOptions(
  {permissions, channel}: {permissions: string; channel?: string},
  {to = [], role = [], all}: {to?: string[]; role?: string[]; all: boolean},
): GrantOptions {
  if (all && channel !== undefined)
    throw new LeatError('USAGE', `"${channel}" and --all: it is either one channel or all`)
  if (!all && channel === undefined)
    throw new LeatError('USAGE', 'on which channel?', {hint: 'name one, or --all for all channels'})
  return {
    permissions: parseNames(permissions).map(parsePermission),
    ...(channel !== undefined && {channel}),
    to: [
      ...to.flatMap(parseNames).map((actor) => ({actor})),
      ...role.flatMap(parseNames).map((name) => ({role: name})),
    ],
  }
}

/** Does what may change whether the store is administered, and says so if it did. */
export async function tellingOfAdministration<T>(bus: Bus, out: Output, act: () => Promise<T>): Promise<T> {
  const before = await bus.administered()
  const result = await act()
  const after = await bus.administered()
  if (after && !before)
    out.note('from now on roles, tokens and grants on all channels are for who manages all channels')
  if (before && !after)
    out.note('nobody manages all channels any more: whoever works on this machine administers the store')
  return result
}

/** Granting is of no effect to sending and reading while a channel is open. */
export async function noteOpenness(bus: Bus, out: Output, channel: string | undefined): Promise<void> {
  if (channel === undefined || (await bus.channel(channel)).restricted) return
  out.note(
    `everybody may send to ${channel} and read it, as long as it is open: leat channel update ${channel} --restricted`,
  )
}

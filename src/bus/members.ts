import {checkName} from '../model/names.js'
import type {Grant, Permission} from '../model/permission.js'
import type {Context} from './context.js'

/** Who comes in and who goes; who is in both goes. */
export interface MembersChange {
  add?: string[]
  remove?: string[]
}

const MEMBER: readonly Permission[] = ['submit', 'subscribe']

/** Actors that were granted to send or to read, by name. Managing alone is no membership, nor is being in a role. */
export const membersOf = (grants: readonly Grant[]): string[] =>
  [
    ...new Set(
      grants.flatMap(({permission, actor}) => (actor !== undefined && MEMBER.includes(permission) ? [actor] : [])),
    ),
  ].sort()

/** Names of members, each checked. @throws INVALID */
export const checkMembers = (names: readonly string[] = []): string[] =>
  [...new Set(names)].map((name) => checkName('actor', name))

/** What members of a new channel are granted. */
export const grantsOf = (members: readonly string[]): {actor: string; permission: Permission}[] =>
  members.flatMap((actor) => MEMBER.map((permission) => ({actor, permission})))

/** Grants members what members have, and takes it from those who leave; managing stays as it is. */
export async function changeMembers(
  ctx: Context,
  channel: string,
  {add = [], remove = []}: MembersChange,
): Promise<void> {
  for (const actor of add) await ctx.store.grants.change(channel, {actor}, {add: MEMBER})
  for (const actor of remove) await ctx.store.grants.change(channel, {actor}, {remove: MEMBER})
}

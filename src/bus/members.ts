import {checkName} from '../model/names.js'
import type {Grant, Permission} from '../model/permission.js'
import type {Context} from './context.js'

/** Who comes in and who goes; who is in both goes. */
export interface MembersChange {
  add?: string[]
  remove?: string[]
}

const MEMBER: readonly Permission[] = ['submit', 'subscribe']

/** Who was granted to send or to read, by name. Managing alone is no membership. */
export const membersOf = (grants: readonly Grant[]): string[] =>
  [...new Set(grants.filter(({permission}) => MEMBER.includes(permission)).map(({actor}) => actor))].sort()

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
  for (const actor of add)
    await ctx.store.grants.set(channel, actor, [...new Set([...(await held(ctx, channel, actor)), ...MEMBER])])
  for (const actor of remove) {
    const kept = (await held(ctx, channel, actor)).filter((permission) => !MEMBER.includes(permission))
    await ctx.store.grants.set(channel, actor, kept)
  }
}

const held = async (ctx: Context, channel: string, actor: string): Promise<Permission[]> =>
  (await ctx.store.grants.list({channel, actor})).map(({permission}) => permission)

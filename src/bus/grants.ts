import {LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import {type Grantee, type Permission, parsePermission} from '../model/permission.js'
import {requireChannel} from './access.js'
import {requireAdministration} from './administration.js'
import type {Context} from './context.js'
import {requireRole} from './roles.js'

/** Which permissions, of whom, where. */
export interface GrantOptions {
  permissions: readonly Permission[]
  /** Absent: on all channels. */
  channel?: string
  to: readonly Grantee[]
}

/** What one of them has there now. */
export type Granted = Grantee & {channel?: string; permissions: Permission[]}

/**
 * Gives actors and roles permissions, on a channel or on all. What they have already stays.
 *
 * @throws FORBIDDEN needs manage there; on all channels, that the actor administers the store
 * @throws NOT_FOUND no such channel or role: nobody was given anything
 * @throws USAGE     no permission, or nobody to give it to
 * @throws INVALID
 */
export const grant = (ctx: Context, options: GrantOptions): Promise<Granted[]> => change(ctx, options, 'add')

/**
 * Takes permissions of actors and roles away, on a channel or on all; each only where it was given: what one has through a
 * role, on all channels, or as a channel's maker stays. The last who administers the store may give that up.
 *
 * @throws FORBIDDEN, NOT_FOUND, USAGE, INVALID as `grant`
 */
export const revoke = (ctx: Context, options: GrantOptions): Promise<Granted[]> => change(ctx, options, 'remove')

async function change(
  ctx: Context,
  {permissions, channel, to}: GrantOptions,
  way: 'add' | 'remove',
): Promise<Granted[]> {
  const wanted = [...new Set(permissions.map(parsePermission))]
  const grantees = [...new Map(to.map((one) => [JSON.stringify(checked(one)), checked(one)])).values()]
  if (wanted.length === 0) throw new LeatError('USAGE', 'no permission is named', {hint: 'submit, subscribe or manage'})
  if (grantees.length === 0)
    throw new LeatError('USAGE', 'no actor and no role is named', {hint: '--to NAME,… or --role NAME'})
  if (channel === undefined) await requireAdministration(ctx, 'change grants on all channels')
  else await requireChannel(ctx, channel, 'manage')
  // Looked at before the first change: all of them are granted it, or nobody.
  for (const one of grantees) if ('role' in one) await requireRole(ctx, one.role)
  const granted: Granted[] = []
  for (const one of grantees) {
    const now = await ctx.store.grants.change(channel ?? null, one, {[way]: wanted})
    granted.push({...one, ...(channel !== undefined && {channel}), permissions: now})
  }
  return granted
}

/** @throws INVALID */
const checked = (to: Grantee): Grantee =>
  'actor' in to ? {actor: checkName('actor', to.actor)} : {role: checkName('role', to.role)}

import {LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import type {Grant} from '../model/permission.js'
import type {Role} from '../model/role.js'
import {readableViews} from './access.js'
import {administers, requireAdministration} from './administration.js'
import type {Context} from './context.js'
import {checkNote} from './labels.js'
import {nearestName} from './nearest.js'

/** What `role show` tells. */
export interface RoleDetails extends Role {
  /** On channels that the actor may read, and on all. */
  grants: Grant[]
}

/**
 * Makes a role without members.
 * @throws FORBIDDEN the actor doesn't administer the store
 * @throws EXISTS, INVALID, TOO_LARGE
 */
export async function createRole(
  ctx: Context,
  name: string,
  {description}: {description?: string} = {},
): Promise<Role> {
  checkName('role', name)
  if (description !== undefined) checkNote('a description', description)
  await requireAdministration(ctx, `make role "${name}"`)
  return ctx.store.roles.create(name, {...(description !== undefined && {description})}, ctx.actor)
}

/** Roles by name: those that the actor is in, for who administers the store all. With `actor`, of these those that one is in. */
export async function roles(ctx: Context, {actor}: {actor?: string} = {}): Promise<Role[]> {
  if (actor !== undefined) checkName('actor', actor)
  const found = await ctx.store.roles.list({...(actor !== undefined && {actor})})
  return (await administers(ctx)) ? found : found.filter(({members}) => members.includes(ctx.actor))
}

/**
 * One role with what was granted to it, for who is in it or administers the store.
 * @throws FORBIDDEN neither, also where there is no such role
 * @throws NOT_FOUND, INVALID
 */
export async function role(ctx: Context, name: string): Promise<RoleDetails> {
  checkName('role', name)
  const [found] = await ctx.store.roles.list({name})
  if (!found?.members.includes(ctx.actor)) await requireAdministration(ctx, `see role "${name}"`)
  if (!found) throw await noRole(ctx, name)
  const [grants, views] = await Promise.all([ctx.store.grants.list({role: name}), readableViews(ctx)])
  const names = new Set(views.map((view) => view.name))
  return {...found, grants: grants.filter(({channel}) => channel === undefined || names.has(channel))}
}

/**
 * Deletes a role; its members lose what they had through it.
 * @throws FORBIDDEN the actor doesn't administer the store
 * @throws NOT_FOUND, INVALID
 */
export async function deleteRole(ctx: Context, name: string): Promise<void> {
  checkName('role', name)
  await requireAdministration(ctx, `delete role "${name}"`)
  if (!(await ctx.store.roles.delete(name))) throw await noRole(ctx, name)
}

/**
 * Adds and takes away members; who is in both goes.
 * @throws FORBIDDEN the actor doesn't administer the store
 * @throws NOT_FOUND, INVALID
 */
export async function changeRole(
  ctx: Context,
  name: string,
  {add = [], remove = []}: {add?: readonly string[]; remove?: readonly string[]},
): Promise<Role> {
  checkName('role', name)
  for (const actor of [...add, ...remove]) checkName('actor', actor)
  await requireAdministration(ctx, `change who is in role "${name}"`)
  await requireRole(ctx, name)
  return ctx.store.roles.change(name, {add, remove})
}

/** @throws NOT_FOUND */
export async function requireRole(ctx: Context, name: string): Promise<void> {
  if ((await ctx.store.roles.list({name})).length === 0) throw await noRole(ctx, name)
}

/** With the role that was probably meant, of those that the actor may see. */
async function noRole(ctx: Context, name: string): Promise<LeatError> {
  const meant = nearestName(
    name,
    (await roles(ctx)).map((role) => role.name),
  )
  const create = `leat role create ${name}`
  return new LeatError('NOT_FOUND', `no role "${name}" in ${ctx.store.label}`, {
    hint: meant === undefined ? create : `did you mean ${meant}? else: ${create}`,
  })
}

import {LeatError} from '../model/errors.js'
import type {Grant} from '../model/permission.js'
import type {Role} from '../model/role.js'
import type {Context} from './context.js'

/** What `role show` tells. */
export interface RoleDetails extends Role {
  grants: Grant[]
}

const unmade = async (): Promise<never> => {
  throw new LeatError('INTERNAL', 'not made yet')
}

export const createRole: (ctx: Context, name: string, options?: {description?: string}) => Promise<Role> = unmade
export const roles: (ctx: Context, query?: {actor?: string}) => Promise<Role[]> = unmade
export const role: (ctx: Context, name: string) => Promise<RoleDetails> = unmade
export const deleteRole: (ctx: Context, name: string) => Promise<void> = unmade
export const changeRole: (
  ctx: Context,
  name: string,
  change: {add?: readonly string[]; remove?: readonly string[]},
) => Promise<Role> = unmade

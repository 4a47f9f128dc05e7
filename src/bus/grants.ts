import {LeatError} from '../model/errors.js'
import type {Grantee, Permission} from '../model/permission.js'
import type {Context} from './context.js'

/** Which permissions, of whom, where. */
export interface GrantOptions {
  permissions: readonly Permission[]
  /** Absent: on all channels. */
  channel?: string
  to: readonly Grantee[]
}

/** What one of them has there now. */
export type Granted = Grantee & {channel?: string; permissions: Permission[]}

const unmade = async (): Promise<never> => {
  throw new LeatError('INTERNAL', 'not made yet')
}

export const grant: (ctx: Context, options: GrantOptions) => Promise<Granted[]> = unmade
export const revoke: (ctx: Context, options: GrantOptions) => Promise<Granted[]> = unmade

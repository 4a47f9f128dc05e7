/** Store administration: roles, tokens and grants on all channels. */
import {LeatError} from '../model/errors.js'
import type {Context} from './context.js'

/** Whether anybody manages all channels. Until then whatever runs on this machine administers the store, and no door does. */
export const administered = (ctx: Context): Promise<boolean> => ctx.store.grants.administered()

/** Whether the actor administers the store. */
export async function administers(ctx: Context): Promise<boolean> {
  if (ctx.door === undefined && !(await administered(ctx))) return true
  const held = await ctx.store.grants.held(ctx.actor)
  return held.some(({channel, permission}) => channel === undefined && permission === 'manage')
}

/**
 * Checks that the actor administers the store.
 * @param act what follows "may not": `make roles`
 * @throws FORBIDDEN
 */
export async function requireAdministration(ctx: Context, act: string): Promise<void> {
  if (await administers(ctx)) return
  if (await administered(ctx))
    throw new LeatError('FORBIDDEN', `${ctx.actor} may not ${act}: that is for who manages all channels`, {
      hint: 'leat grant manage --all --to NAME, by someone who does',
    })
  throw new LeatError(
    'FORBIDDEN',
    `${ctx.actor} may not ${act} through a door: nobody administers ${ctx.store.label} yet`,
    {hint: 'leat grant manage --all --to NAME, on the machine that has the store'},
  )
}

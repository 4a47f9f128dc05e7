import type {StoreInfo} from '../store/store.js'
import {requireAdministration} from './administration.js'
import type {Context} from './context.js'

/**
 * What `leat store info` shows. It counts what is hidden from the actor too: who has the file can count that anyway, who comes
 * through a door can't.
 * @throws FORBIDDEN through a door, of who doesn't administer the store
 */
export async function info(ctx: Context): Promise<StoreInfo> {
  if (ctx.door !== undefined) await requireAdministration(ctx, 'see what is in the store')
  return ctx.store.info()
}

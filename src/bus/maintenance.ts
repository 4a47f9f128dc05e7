/** Looking after the store: only for who administers it. Files are read and written where this process runs, so no door does it. */
import {LeatError} from '../model/errors.js'
import type {Backup, Checked, CheckOptions, Compacted, Finding} from '../model/maintenance.js'
import type {BackupOptions, LongOptions, PreparedRestore} from '../store/store.js'
import {requireAdministration} from './administration.js'
import type {Context} from './context.js'

export type {BackupOptions, LongOptions, PreparedRestore} from '../store/store.js'

/** What is wrong with the store, and at the end what was looked at. @throws FORBIDDEN, CONFLICT it was restored meanwhile */
export async function* check(ctx: Context, options?: CheckOptions): AsyncGenerator<Finding, Checked> {
  await requireHere(ctx, 'check the store')
  return yield* ctx.store.maintenance.check(options)
}

/** A copy of the whole store, while others go on. @throws FORBIDDEN, EXISTS, INVALID, NOT_FOUND, STORAGE */
export async function backup(ctx: Context, file: string, options?: BackupOptions): Promise<Backup> {
  await requireHere(ctx, 'back up the store')
  return ctx.store.maintenance.backup(file, options)
}

/**
 * A backup that was looked at and may be put in place.
 * @throws FORBIDDEN, NOT_FOUND, INVALID, STORAGE, CORRUPT, SCHEMA_NEWER
 */
export async function prepareRestore(ctx: Context, file: string, options?: LongOptions): Promise<PreparedRestore> {
  await requireHere(ctx, 'restore the store')
  return ctx.store.maintenance.prepareRestore(file, options)
}

/** Gives back space that nothing uses. @throws FORBIDDEN, BUSY, STORAGE */
export async function compact(ctx: Context, options?: {dryRun?: boolean}): Promise<Compacted> {
  await requireHere(ctx, 'compact the store')
  return ctx.store.maintenance.compact(options)
}

/** @throws FORBIDDEN */
async function requireHere(ctx: Context, act: string): Promise<void> {
  if (ctx.door !== undefined)
    throw new LeatError('FORBIDDEN', `nobody may ${act} through a door`, {hint: 'on the machine that has the store'})
  await requireAdministration(ctx, act)
}

/** What `store migrate` does. */
import {rmSync} from 'node:fs'
import {requireAdministration} from '../../bus/administration.js'
import type {Bus} from '../../bus/bus.js'
import {LeatError} from '../../model/errors.js'
import type {Output} from '../output/output.js'
import {progressLine} from './progress.js'
import type {closedStoreOf} from './reach.js'
import {checkFile} from './saving.js'

interface Place {
  out: Output
  closed: Awaited<ReturnType<typeof closedStoreOf>>
  open: () => Promise<Bus>
  signal: AbortSignal
}

/** Whoever may not back a store up is left no copy. Asked of the store that is up to date: an older one can't tell. @throws FORBIDDEN */
async function requireToSave({context}: Bus, backup: string): Promise<void> {
  try {
    await requireAdministration(context, 'back up the store')
  } catch (error) {
    rmSync(backup)
    throw error
  }
}

/** @throws NOT_FOUND, SCHEMA_NEWER, CORRUPT, STORAGE, EXISTS */
export async function migrateStore(
  {out, closed, open, signal}: Place,
  {'dry-run': dryRun, backup}: {'dry-run': boolean; backup?: string},
): Promise<void> {
  const {version, newest} = await closed.schema()
  if (version > newest)
    throw new LeatError('SCHEMA_NEWER', `the store has schema ${version}, this leat knows ${newest}`, {
      hint: 'update leat',
    })
  const isOld = version < newest
  const versions = {from: version, to: newest}
  if (dryRun)
    return out.answer(isOld ? `schema ${version} would become ${newest}` : `schema ${version}: nothing is to be done`, {
      ...versions,
      dryRun: true,
    })
  if (backup !== undefined) {
    checkFile(backup, 'write')
    const line = progressLine(out)
    await closed.backup(backup, {onProgress: line.show, signal}).finally(line.clear)
  }
  const bus = await open()
  if (backup !== undefined) await requireToSave(bus, backup)
  const saved = backup === undefined ? '' : `; as it was it is in ${backup}`
  out.done(`${isOld ? `schema ${version} is ${newest} now` : `schema ${version}: nothing was to be done`}${saved}`, {
    ...versions,
    ...(backup !== undefined && {backup}),
  })
}

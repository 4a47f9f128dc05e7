/** What `store backup`, `restore` and `migrate` do. */
import type {Bus} from '../../bus/bus.js'
import {idSource} from '../../bus/ids.js'
import {LeatError} from '../../model/errors.js'
import type {Backup, Restored} from '../../model/maintenance.js'
import {closedStore} from '../../store/open.js'
import type {Output} from '../output/output.js'
import {backupText, restoredText, restoreQuestion} from '../output/views/backup.js'
import {confirm} from '../prompts.js'
import {onSignal} from '../signals.js'
import {type ProgressLine, progressLine} from './progress.js'
import type {closedStoreOf} from './reach.js'

type ClosedStore = Awaited<ReturnType<typeof closedStoreOf>>

/** @throws USAGE a store is no stream */
export function checkFile(file: string, to: 'write' | 'read'): void {
  if (file !== '-') return
  throw new LeatError(
    'USAGE',
    `a backup can't be ${to === 'write' ? 'written to stdout' : 'read from stdin'}: it is a database`,
    {
      hint: to === 'write' ? 'name a file, and send that' : 'put it into a file',
    },
  )
}

/** Saves the store, and with `verify` checks what was saved. @throws as `bus.backup`; CORRUPT */
export async function saveStore(
  out: Output,
  save: Pick<Bus | ClosedStore, 'backup'>,
  file: string,
  {replace, verify, signal}: {replace: boolean; verify: boolean; signal: AbortSignal},
): Promise<void> {
  const line = progressLine(out)
  let backup: Backup
  try {
    backup = await save.backup(file, {replace, onProgress: line.show, signal})
  } finally {
    line.clear()
  }
  if (verify) await verifyBackup(file, line)
  out.done(`${backupText(backup)}${verify ? ', and checked it' : ''}`, {...backup, ...(verify && {verified: true})})
}

/** Reads a backup as a whole. @throws CORRUPT */
async function verifyBackup(file: string, line: ProgressLine): Promise<void> {
  const copy = await closedStore(file, {clock: Date.now, ids: idSource()})
  try {
    for await (const {severity, what} of copy.check({deep: true, onProgress: line.show}))
      if (severity === 'damage')
        throw new LeatError('CORRUPT', `${file} was written, but ${what}`, {
          hint: `leat store check; leat store check --deep --store ${file}`,
        })
  } finally {
    line.clear()
  }
}

export interface RestoreFlags {
  yes: boolean
  'dry-run': boolean
  'safety-copy': boolean
}

/** Says what will be, asks, and restores. @throws USAGE the answer is no; as `bus.prepareRestore` */
export async function restoreStore(
  {out, interactive, signal}: {out: Output; interactive: boolean; signal: AbortSignal},
  store: Pick<Bus | ClosedStore, 'prepareRestore'>,
  file: string,
  flags: RestoreFlags,
): Promise<void> {
  const line = progressLine(out)
  const prepared = await store.prepareRestore(file, {onProgress: line.show, signal}).finally(line.clear)
  try {
    const {plan} = prepared
    const question = restoreQuestion(plan)
    if (flags['dry-run']) return out.answer(`would ${question}`, {...plan, dryRun: true})
    // What is made where nothing was takes nothing away.
    await confirm({message: question, yes: flags.yes || plan.way === 'made', interactive})
    const restored: Restored = await prepared.apply({safetyCopy: flags['safety-copy']})
    out.done(restoredText(restored), restored)
    if (restored.way === 'anew' && out.terminal) out.note('numbers of messages go on behind what could still be read')
  } finally {
    await prepared.discard()
  }
}

/** Runs an act that nothing is left of if a signal ends the process. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const broken = new AbortController()
  const stop = onSignal(async () => broken.abort())
  try {
    return await work(broken.signal)
  } finally {
    stop()
  }
}

/** A backup on its way into a store: a copy of it beside the store, checked and brought up to date. The backup itself is only read. */
import {accessSync, constants, copyFileSync, statSync} from 'node:fs'
import {dirname, resolve} from 'node:path'
import {LeatError} from '../../../model/errors.js'
import type {LongOptions} from '../../store.js'
import {Connection} from '../connection.js'
import {isFull, toLeatError} from '../errors.js'
import {checkVersion, migrate} from '../migrate.js'
import {statOf} from '../stat-of.js'
import {copyStore} from './backup.js'
import {check} from './check.js'
import {dropDraft, isSameFile, makeDraft} from './drafts.js'

const PATIENCE = 30_000

export interface Source {
  /** As it was named. */
  file: string
  /** Where the copy is. */
  draft: string
  /** Schema version that the backup has. */
  schemaVersion: number
}

export interface SourceOptions extends LongOptions {
  clock: () => number
}

/** @throws NOT_FOUND, INVALID, STORAGE, CORRUPT, SCHEMA_NEWER as `Maintenance.prepareRestore` */
export async function prepareSource(file: string, storePath: string, options: SourceOptions): Promise<Source> {
  const path = resolve(file)
  const found = statOf(path)
  if (!found) throw new LeatError('NOT_FOUND', `no backup ${file}`, {hint: 'name a file that leat store backup made'})
  if (isSameFile(path, storePath))
    throw new LeatError('INVALID', `${file} is the store itself`, {hint: 'name a file that leat store backup made'})
  const wrong = found.isDirectory()
    ? 'a folder'
    : !found.isFile()
      ? 'not a regular file'
      : found.size === 0
        ? 'empty'
        : undefined
  if (wrong !== undefined) throw notABackup(file, wrong)
  const draft = makeDraft(storePath, 'restore', options.signal)
  try {
    await copy(path, draft, options)
    return {file, draft, schemaVersion: await makeReady(file, draft, options)}
  } catch (error) {
    dropDraft(draft)
    // Of the two it is the copy beside the store for which there was no room.
    throw isFull(error) ? toLeatError(error, storePath) : inWordsOfBackups(file, toLeatError(error, file))
  }
}

const notABackup = (file: string, what: string): LeatError =>
  new LeatError('STORAGE', `${file}: ${what}, not a backup`, {hint: 'name a file that leat store backup made'})

function inWordsOfBackups(file: string, error: LeatError): LeatError {
  const {code, cause} = error
  if (code === 'CORRUPT')
    return new LeatError('CORRUPT', error.message, {
      hint: `leat store check --store ${file}, and restore another`,
      cause,
    })
  if (code === 'STORAGE' && /not a leat store/.test(error.message)) return notABackup(file, 'not a leat store')
  return error
}

async function copy(path: string, draft: string, {onProgress = () => {}}: SourceOptions): Promise<void> {
  // Nobody can have it open where SQLite can put nothing beside it, and so it can be copied as it is, however large it is.
  if (!mayWrite(dirname(path)) && !statSync(`${path}-wal`, {throwIfNoEntry: false})?.size) copyFileSync(path, draft)
  else await copyStore(path, draft, (left, total) => onProgress({what: 'copying', done: total - left, total}))
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Refuses a copy that is no store or has damage, and gives it today's schema. Returns the one that it had. */
async function makeReady(file: string, draft: string, options: SourceOptions): Promise<number> {
  const connection = new Connection(draft, PATIENCE)
  let version: number
  try {
    version = checkVersion(connection, file)
    connection.pragma('journal_mode = WAL')
    refuseDamage(
      file,
      connection
        .rows('PRAGMA quick_check(10)')
        .map(([line]) => String(line))
        .filter((line) => line !== 'ok'),
    )
    migrate(connection)
  } finally {
    connection.close()
  }
  const damage: string[] = []
  for await (const {severity, what} of check({path: draft, label: file}, options.clock, {
    onProgress: options.onProgress,
  }))
    if (severity === 'damage') damage.push(what)
  refuseDamage(file, damage)
  return version
}

/** @throws CORRUPT */
function refuseDamage(file: string, [first, ...more]: readonly string[]): void {
  if (first === undefined) return
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`
  throw new LeatError('CORRUPT', `${file} is damaged: ${first}${others}`)
}

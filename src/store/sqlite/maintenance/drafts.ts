/** Files that appear whole or not at all: written beside their place under another name, synced, and renamed or linked into it. */
import {randomUUID} from 'node:crypto'
import {closeSync, fchmodSync, fsyncSync, linkSync, openSync, renameSync, rmSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {LeatError} from '../../../model/errors.js'
import {statOf} from '../stat-of.js'

/** What SQLite puts beside a database. */
export const SIDE_FILES = ['-wal', '-shm', '-journal'] as const

/**
 * A file of mode 0600 under a name of its own beside `path`.
 * @param purpose ends its name: `backup`
 * @param signal  when it aborts the process is about to end: the draft goes at once
 */
export function makeDraft(path: string, purpose: 'backup' | 'restore', signal?: AbortSignal): string {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.${purpose}`)
  const file = openSync(draft, 'wx', 0o600)
  try {
    fchmodSync(file, 0o600) // whatever the umask; SQLite gives the files beside it the same mode
  } finally {
    closeSync(file)
  }
  signal?.addEventListener('abort', () => dropDraft(draft), {once: true})
  return draft
}

/** Again is no error. */
export function dropDraft(draft: string): void {
  for (const suffix of ['', ...SIDE_FILES]) rmSync(draft + suffix, {force: true})
}

/**
 * Puts a draft where it belongs, so that a power cut leaves the whole file or none.
 * @throws EXISTS something stands there, and `replace` isn't set
 */
export function placeDraft(draft: string, path: string, {replace}: {replace: boolean}): void {
  sync(draft)
  if (replace) renameSync(draft, path)
  else
    try {
      // A link, unlike a rename, never replaces what came there meanwhile.
      linkSync(draft, path)
      rmSync(draft)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw standsThere(path)
      throw error
    }
  sync(dirname(path))
}

export const standsThere = (path: string): LeatError =>
  new LeatError('EXISTS', `${path} is there already`, {hint: 'name another file, or give --yes to replace it'})

/** Of a file, or of the names in a folder. */
export function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Whether two paths, through whatever links, are one file. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statOf(path))
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev
}

/** A name beside a file that is free: `leat.db.before-restore-2026-01-05T10-00-00Z`. */
export function nameBeside(path: string, what: string, now: number): string {
  const wanted = `${path}.${what}-${new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')}`
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}.${number}`
    if (statOf(name) === undefined) return name
  }
}

/**
 * The place of a file that is to be written.
 * @throws USAGE     no name for a file
 * @throws NOT_FOUND its folder isn't there
 * @throws INVALID   it is the store, or one of the files beside it
 */
export function placeFor(file: string, storePath: string): string {
  const path = resolve(file)
  // better-sqlite3 would cut them off, and write another file.
  if (file === '' || path !== path.trim())
    throw new LeatError('USAGE', `${JSON.stringify(file)} is no name for a file`, {
      hint: 'a name without white space at its end',
    })
  const found = statOf(path)
  if (found && !found.isFile())
    throw new LeatError('INVALID', `${file} is not a regular file`, {hint: 'name another file'})
  if (['', '-bell', ...SIDE_FILES].some((suffix) => isSameFile(path, storePath + suffix)))
    throw new LeatError('INVALID', `${file} is the store itself`, {hint: 'name another file'})
  if (['-bell', ...SIDE_FILES].some((suffix) => path === resolve(storePath) + suffix))
    throw new LeatError('INVALID', `${file} is a name that SQLite needs for the store`, {hint: 'name another file'})
  if (!statOf(dirname(path))?.isDirectory())
    throw new LeatError('NOT_FOUND', `no folder ${dirname(path)} for ${file}`, {hint: `mkdir -p ${dirname(path)}`})
  return path
}

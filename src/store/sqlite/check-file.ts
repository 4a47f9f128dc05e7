import type {Stats} from 'node:fs'
import {LeatError} from '../../model/errors.js'

/**
 * Refuses what can't be a store, by looking only: opening and closing the file outside of SQLite would drop the locks of other handles in this process.
 * @throws STORAGE
 */
export function checkFile(found: Stats, label: string): void {
  const problem = found.isDirectory()
    ? 'a folder, not a store'
    : !found.isFile()
      ? 'not a regular file'
      : found.size === 0
        ? 'an empty file, not a store'
        : undefined
  if (problem) throw new LeatError('STORAGE', `${label}: ${problem}`, {hint: 'name another file with --store'})
}

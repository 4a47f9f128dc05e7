import {type Stats, statSync} from 'node:fs'
import {toLeatError} from './errors.js'

/**
 * What stands at a path; undefined where nothing does, be it that what should be a folder on the way is a file.
 * @throws STORAGE it can't be told: no permission, or a name that no file can have
 */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, {throwIfNoEntry: false})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw toLeatError(error, path)
  }
}

/** A file that is there whole or not at all. */
import {closeSync, fsyncSync, openSync, renameSync, rmSync, statSync} from 'node:fs'
import {LeatError} from '../../model/errors.js'
import {Sink} from './sink.js'

/**
 * Writes a file (mode 0600) through a temporary one beside it, which is on the disk before it takes the name. When `write`
 * fails, or `signal` aborts, nothing is left of it.
 * @throws STORAGE it can't be written; INVALID it is a folder
 */
export async function writeWhole<T>(file: string, signal: AbortSignal, write: (sink: Sink) => Promise<T>): Promise<T> {
  if (statSync(file, {throwIfNoEntry: false})?.isDirectory())
    throw new LeatError('INVALID', `${JSON.stringify(file)} is a folder`)
  const temporary = `${file}.${process.pid}.tmp`
  const fd = attempt(file, () => openSync(temporary, 'wx', 0o600))
  const remove = (): void => rmSync(temporary, {force: true})
  signal.addEventListener('abort', remove)
  try {
    const sink = new Sink(fd)
    const result = await write(sink)
    sink.flush()
    attempt(file, () => {
      fsyncSync(fd)
      if (!signal.aborted) renameSync(temporary, file)
    })
    return result
  } catch (error) {
    remove()
    throw error
  } finally {
    signal.removeEventListener('abort', remove)
    closeSync(fd)
  }
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new LeatError('STORAGE', `can't write ${JSON.stringify(file)}: ${(cause as Error).message}`, {cause})
  }
}

/** Files that are there whole or not at all: written beside their place, and on the disk before they take the name. */
import {closeSync, fsyncSync, openSync, renameSync, rmSync, statSync} from 'node:fs'
import {LeatError} from '../../model/errors.js'
import {Sink, writeFully} from './sink.js'

/**
 * Writes a file (mode 0600) that takes its time. When `write` fails, or `signal` aborts, nothing is left of it.
 * @throws STORAGE it can't be written; INVALID it is a folder
 */
export async function writeWhole<T>(file: string, signal: AbortSignal, write: (sink: Sink) => Promise<T>): Promise<T> {
  if (statSync(file, {throwIfNoEntry: false})?.isDirectory())
    throw new LeatError('INVALID', `${JSON.stringify(file)} is a folder`)
  const temporary = temporaryOf(file)
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

/** Puts what is there already into a file (mode 0600). @throws what node:fs throws */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const temporary = temporaryOf(file)
  const fd = openSync(temporary, 'wx', 0o600)
  try {
    writeFully(fd, Buffer.from(content))
    fsyncSync(fd)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, {force: true})
    throw error
  } finally {
    closeSync(fd)
  }
}

/** As `replaceFile`, for a file that a flag names. @throws STORAGE it can't be written */
export const saveFile = (file: string, content: string | Uint8Array): void =>
  attempt(file, () => replaceFile(file, content))

const temporaryOf = (file: string): string => `${file}.${process.pid}.tmp`

function attempt<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new LeatError('STORAGE', `can't write ${JSON.stringify(file)}: ${(cause as Error).message}`, {cause})
  }
}

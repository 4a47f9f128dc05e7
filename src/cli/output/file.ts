/** Files that are there whole or not at all: written beside their place, and on the disk before they take the name. */
import {randomBytes} from 'node:crypto'
import {closeSync, fsyncSync, openSync, renameSync, rmSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {LeatError} from '../../model/errors.js'
import {Sink, writeFully} from './sink.js'

/**
 * Writes a file (mode 0600) that takes its time. When `write` fails, or `signal` aborts, nothing is left of it.
 * @throws USAGE     no name for a file
 * @throws NOT_FOUND its folder isn't there
 * @throws INVALID   it is a folder, or something else whose place no file may take: a pipe, a device
 * @throws STORAGE   it can't be written
 */
export async function writeWhole<T>(file: string, signal: AbortSignal, write: (sink: Sink) => Promise<T>): Promise<T> {
  checkPlace(file)
  const temporary = temporaryOf(file)
  const fd = attempt(file, () => openSync(temporary, 'wx', 0o600))
  const remove = (): void => rmSync(temporary, {force: true})
  signal.addEventListener('abort', remove)
  try {
    const sink = new Sink(fd, JSON.stringify(file))
    const result = await write(sink)
    sink.flush()
    attempt(file, () => {
      fsyncSync(fd)
      if (!signal.aborted) place(temporary, file)
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
    place(temporary, file)
  } catch (error) {
    rmSync(temporary, {force: true})
    throw error
  } finally {
    closeSync(fd)
  }
}

/** From then on the name is on the disk too: what was said to be written survives a power cut. */
function place(temporary: string, file: string): void {
  renameSync(temporary, file)
  const folder = openSync(dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** As `replaceFile`, for a file that a flag names. @throws USAGE, NOT_FOUND, INVALID, STORAGE as `writeWhole` */
export function saveFile(file: string, content: string | Uint8Array): void {
  checkPlace(file)
  attempt(file, () => replaceFile(file, content))
}

/** A name that nobody can have taken, or foresee. */
const temporaryOf = (file: string): string => `${file}.${randomBytes(6).toString('hex')}.tmp`

/** @throws USAGE, NOT_FOUND, INVALID */
function checkPlace(file: string): void {
  if (file === '') throw new LeatError('USAGE', '"" is no name for a file', {hint: 'name one; - is stdout'})
  const [found, folder] = attempt(file, () => [file, dirname(file)].map(lookAt))
  if (found?.isDirectory()) throw new LeatError('INVALID', `${JSON.stringify(file)} is a folder`)
  if (found && !found.isFile())
    throw new LeatError('INVALID', `${JSON.stringify(file)} is not a regular file, and none may take its place`, {
      hint: 'write to stdout, and redirect that',
    })
  if (!folder)
    throw new LeatError('NOT_FOUND', `no folder ${JSON.stringify(dirname(file))} for ${JSON.stringify(file)}`, {
      hint: 'make it first',
    })
}

const lookAt = (path: string) => statSync(path, {throwIfNoEntry: false})

function attempt<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException
    throw new LeatError('STORAGE', `can't write ${JSON.stringify(file)}: ${reasonOf(error)}`, {
      hint: HINTS[error.code ?? ''],
      cause,
    })
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'make room and try again',
  EDQUOT: 'make room and try again',
  EIO: 'look at the disk: df, dmesg',
}

/** Without the temporary name, which nobody knows. */
const reasonOf = ({message}: Error): string => message.replace(/, \w+ '.*$/s, '')

/** Files that flags name. */
import {closeSync, createReadStream, fstatSync, openSync, readFileSync} from 'node:fs'
import {bodyOfBytes} from '../model/content.js'
import {LeatError} from '../model/errors.js'
import {LIMITS} from '../model/limits.js'

/** A whole file of 16 MiB at most. @throws NOT_FOUND, INVALID, TOO_LARGE, FORBIDDEN */
export function readRegularFile(path: string): Buffer {
  const fd = openToRead(path)
  try {
    const {size} = fstatSync(fd)
    if (size > LIMITS.content) throw tooLarge(size)
    // A FIFO or /dev/stdin has no size beforehand.
    const bytes = readFileSync(fd)
    if (bytes.byteLength > LIMITS.content) throw tooLarge(bytes.byteLength)
    return bytes
  } finally {
    closeSync(fd)
  }
}

/** A file that has to be text. @throws INVALID it isn't UTF-8; and as `readRegularFile` */
export function readTextFile(path: string): string {
  const text = bodyOfBytes(readRegularFile(path))
  if (typeof text === 'string') return text
  throw new LeatError('INVALID', `${JSON.stringify(path)} is not UTF-8 text (or has NUL bytes)`)
}

/** A file in pieces, however large. It is opened at once. @throws NOT_FOUND, INVALID, FORBIDDEN */
export const streamFile = (path: string): AsyncIterable<Buffer> => createReadStream(path, {fd: openToRead(path)})

function openToRead(path: string): number {
  try {
    const fd = openSync(path, 'r')
    if (!fstatSync(fd).isDirectory()) return fd
    closeSync(fd)
  } catch (cause) {
    const {code, message} = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new LeatError('NOT_FOUND', `no file ${JSON.stringify(path)}`, {cause})
    throw new LeatError(code === 'EACCES' ? 'FORBIDDEN' : 'INVALID', `can't read ${JSON.stringify(path)}: ${message}`, {
      cause,
    })
  }
  throw new LeatError('INVALID', `${JSON.stringify(path)} is a folder`)
}

/** What leat says when there is more than a message may hold. */
export const tooLarge = (size: number): LeatError =>
  new LeatError('TOO_LARGE', `the content has ${size} bytes or more, the limit is ${LIMITS.content} (16 MiB)`, {
    hint: 'send a path or an address instead of the thing itself',
  })

/** Where the socket lies: a path that nobody else listens at, for its owner alone. */
import {randomUUID} from 'node:crypto'
import type {BigIntStats} from 'node:fs'
import {chmod, link, lstat, rename, stat, unlink} from 'node:fs/promises'
import {connect, type Server} from 'node:net'
import {dirname} from 'node:path'
import {LeatError} from '../../model/errors.js'

/** Bytes that the address of a Unix socket has room for. */
const LONGEST = 107
/** Nobody but the owner may connect. */
const MODE = 0o600

/**
 * Listens at a path, which the owner alone may connect to, from the first moment. What a server left behind that is gone
 * is cleared away; nothing else is. Closing the server removes the socket.
 *
 * @throws USAGE     no path that a socket can have
 * @throws CONFLICT  someone listens there, or it is another kind of file
 * @throws NOT_FOUND there is no such folder
 * @throws FORBIDDEN the folder may not be written to
 */
export async function listenAt(server: Server, path: string): Promise<void> {
  checkPath(path)
  try {
    // Asked by itself: to bind in a folder that isn't there is refused as if it were not allowed.
    await stat(dirname(path))
    await clear(path)
    await bind(server, path)
  } catch (error) {
    throw error instanceof LeatError ? error : refusal(path, error as NodeJS.ErrnoException)
  }
}

function checkPath(path: string): void {
  const bytes = Buffer.byteLength(path)
  if (path === '' || path.includes('\0'))
    throw new LeatError('USAGE', `${JSON.stringify(path)} is no path for a socket`, {hint: '--socket PATH'})
  if (bytes > LONGEST)
    throw new LeatError('USAGE', `a socket's path has ${LONGEST} bytes at most, this one has ${bytes}: "${path}"`, {
      hint: 'a shorter --socket, or one from the folder that serve runs in',
    })
}

async function bind(server: Server, path: string): Promise<void> {
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
  })
  // The file is made while listen() runs: there is no moment in which others could connect.
  const mask = process.umask(0o777 & ~MODE)
  try {
    server.listen(path)
  } finally {
    process.umask(mask)
  }
  await listening
  await chmod(path, MODE)
}

/** @throws CONFLICT what is there is not a socket that nobody listens at */
async function clear(path: string): Promise<void> {
  const found = await look(path)
  if (!found) return
  if (!found.isSocket())
    throw new LeatError('CONFLICT', `"${path}" is there, and is no socket`, {hint: 'choose another --socket'})
  if (await isAnswered(path)) throw inUse(path)
  await removeStale(path, found)
}

async function look(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, {bigint: true})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether someone listens. Who may not be asked is left alone, as one who does. */
const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', ({code}: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'))
  })

/** Moved aside and looked at again: another server may have cleared it away, and listens there since. */
async function removeStale(path: string, stale: BigIntStats): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = await lstat(aside, {bigint: true})
  const isStale = moved.ino === stale.ino && moved.mtimeNs === stale.mtimeNs
  try {
    if (!isStale) await link(aside, path)
  } finally {
    await unlink(aside)
  }
  if (!isStale) throw inUse(path)
}

const inUse = (path: string, cause?: unknown): LeatError =>
  new LeatError('CONFLICT', `another program listens at "${path}"`, {
    hint: 'stop it, or choose another --socket',
    cause,
  })

function refusal(path: string, cause: NodeJS.ErrnoException): LeatError {
  switch (cause.code) {
    case 'EADDRINUSE':
    case 'EEXIST':
      return inUse(path, cause)
    case 'ENOENT':
    case 'ENOTDIR':
      return new LeatError('NOT_FOUND', `no folder for the socket "${path}"`, {
        hint: 'make it, or another --socket',
        cause,
      })
    default:
      return new LeatError('FORBIDDEN', `can't listen at "${path}": ${cause.message}`, {
        hint: 'another --socket',
        cause,
      })
  }
}

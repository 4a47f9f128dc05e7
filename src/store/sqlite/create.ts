import {randomUUID} from 'node:crypto'
import {closeSync, fchmodSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {LeatError} from '../../model/errors.js'
import {APPLICATION_ID, Connection} from './connection.js'
import {migrate} from './migrate.js'
import {statOf} from './stat-of.js'

export interface NewStore {
  clock: () => number
  ids: () => string
  /** Make the folder of the store too, for the user alone. */
  makeFolder?: boolean
  patience: number
}

/**
 * Makes a store that isn't there. It is built under another name and linked into place, so nobody ever sees it half
 * made; when someone else was faster, theirs stays.
 * @throws NOT_FOUND its folder isn't there
 * @throws STORAGE   a log of a store that was there is left
 */
export function createStore(path: string, {clock, ids, makeFolder = false, patience}: NewStore): void {
  const folder = dirname(path)
  if (makeFolder) makePrivateFolder(folder)
  if (!statOf(folder)?.isDirectory())
    throw new LeatError('NOT_FOUND', `no folder ${folder} for the store ${path}`, {hint: `mkdir -p ${folder}`})

  refuseLeftovers(path)
  const draft = join(folder, `.${basename(path)}.${randomUUID()}.new`)
  try {
    makePrivateFile(draft)
    build(draft, {clock, ids, patience})
    linkSync(draft, path)
    syncFolder(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, {force: true})
  }
}

/**
 * SQLite would take the log of a store that was deleted for that of the new one, and write it into it. Asked in this order:
 * when the log is that of a store which somebody has just made, the store is there.
 */
function refuseLeftovers(path: string): void {
  const log = `${path}-wal`
  if ((statOf(log)?.size ?? 0) > 0 && !statOf(path))
    throw new LeatError('STORAGE', `${path} is gone, but what was written to it last is still in ${log}`, {
      hint: `put the file back, or delete ${log} if nobody uses the store any more`,
    })
}

/** Mode 0700 for what is made, whatever the umask; a folder that is there stays as it is. What is made survives a power cut. */
export function makePrivateFolder(folder: string): void {
  const first = mkdirSync(folder, {recursive: true, mode: 0o700})
  if (first === undefined) return
  const outermost = dirname(first)
  for (let made = resolve(folder); made !== outermost; made = dirname(made)) syncFolder(dirname(made))
}

/** An empty file of mode 0600, whatever the umask; SQLite gives its -wal and -shm the same mode. */
function makePrivateFile(path: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    fchmodSync(file, 0o600)
  } finally {
    closeSync(file)
  }
}

/** Without it a power cut could take the names of what is new in it, and with them what was acknowledged since. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function build(path: string, {clock, ids, patience}: Omit<NewStore, 'makeFolder'>): void {
  const connection = new Connection(path, patience)
  try {
    connection.pragma('journal_mode = WAL')
    connection.pragma(`application_id = ${APPLICATION_ID}`)
    migrate(connection)
    connection.write(() => {
      connection.run('INSERT INTO meta (key, value) VALUES (?, ?)', ['epoch', ids()])
      connection.run('INSERT INTO meta (key, value) VALUES (?, ?)', ['created_at', clock()])
    })
    connection.settle()
  } finally {
    connection.close()
  }
}

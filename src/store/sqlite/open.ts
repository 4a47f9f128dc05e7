import {resolve} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {LeatError} from '../../model/errors.js'
import type {EngineOptions, Store} from '../store.js'
import {checkFile} from './check-file.js'
import {closeLooking} from './close-looking.js'
import {Connection} from './connection.js'
import {createStore} from './create.js'
import {sqliteStore} from './engine.js'
import {toLeatError} from './errors.js'
import {checkVersion, SCHEMA_VERSION, upgrade} from './migrate.js'
import {OpenFile} from './open-file.js'
import {openSession, type Session} from './session.js'
import {statOf} from './stat-of.js'
import {openUnwritable} from './unwritable.js'

/** Milliseconds that a write waits for another process. */
const PATIENCE = 30_000

/** Milliseconds of that in which SQLite blocks the process; then leat itself tries again. */
const BLOCKING = 100

/**
 * Opens the store in a SQLite file; with `create`, makes it if it isn't there.
 * @throws NOT_FOUND, STORAGE, CORRUPT, SCHEMA_NEWER, BUSY
 */
export async function openSqlite(path: string, options: EngineOptions): Promise<Store> {
  const patience = options.patience ?? PATIENCE
  return sqliteStore(await openPatiently(path, options, patience), patience)
}

/** Milliseconds between two tries to open a store that others are just putting in order: from, up to. */
const RETRY = [5, 50] as const

/**
 * Law 11 holds for the opening too. Where a process was killed while it wrote, the next one puts the log in order, and
 * whoever opens the store meanwhile finds it locked.
 */
async function openPatiently(path: string, options: EngineOptions, patience: number): Promise<Session> {
  const deadline = performance.now() + patience
  for (let delay: number = RETRY[0]; ; delay = Math.min(delay * 1.5, RETRY[1])) {
    try {
      return openFile(path, options)
    } catch (error) {
      if (!(error instanceof LeatError && error.code === 'BUSY') || performance.now() >= deadline) throw error
      await pause(delay * (0.5 + Math.random()))
    }
  }
}

/** The open handle under a store: tests look at what it prepares. */
export function openFile(
  label: string,
  {clock, ids, create, makeFolder, patience = PATIENCE, readonly}: EngineOptions,
): Session {
  const path = resolve(label)
  // better-sqlite3 would cut them off and open another file.
  if (path !== path.trim())
    throw new LeatError('USAGE', `${JSON.stringify(label)}: a store's name can't end in white space`)
  try {
    const found = statOf(path)
    if (!found && !create)
      throw new LeatError('NOT_FOUND', `no store at ${label}`, {hint: `leat channel create NAME --store ${label}`})
    if (found) checkFile(found, label)
    else createStore(path, {clock, ids, makeFolder, patience})
    const {connection, file} = connect(path, label, Math.min(patience, BLOCKING), readonly)
    return openSession(connection, {label, path, file, clock, ids})
  } catch (error) {
    throw toLeatError(error, label)
  }
}

/** Opens the file, and again if another was put in its place just then. */
function connect(
  path: string,
  label: string,
  blocking: number,
  readonly?: boolean,
): Pick<Session, 'connection' | 'file'> {
  for (let tries = 1; ; tries++) {
    const file = new OpenFile(path, label)
    const connection = open(path, label, blocking, readonly)
    if (file.isInPlace()) {
      connection.onWrite(() => file.check())
      return {connection, file}
    }
    // There are file systems that give a file another number each time: then nothing can be told.
    if (tries === 3) return {connection, file: undefined}
    connection.close()
  }
}

function open(path: string, label: string, blocking: number, readonly?: boolean): Connection {
  const connection = openUnwritable(path, label, blocking) ?? new Connection(path, blocking, {readonly})
  try {
    const version = checkVersion(connection, label)
    if (version < SCHEMA_VERSION) upgrade(connection, label, version)
    return connection
  } catch (error) {
    closeLooking(connection, path)
    throw error
  }
}

/** Changes of the configuration file: one at a time, whole or not at all, and what leat doesn't know stays in it. */
import {randomBytes} from 'node:crypto'
import {closeSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {LeatError} from '../../model/errors.js'
import type {Environment} from '../environment.js'
import {replaceFile} from '../output/file.js'
import {type ConfigFile, configFilePath, readConfigFile} from './file.js'

/** Milliseconds that another change is waited for; it takes one or two. */
const PATIENCE = 10_000
/** Milliseconds after which whoever holds the lock must have died. */
const STALE = 10_000
const LOOK = 20

/** @throws INVALID the user has no home folder */
function requireConfigFile(env: Environment): string {
  const path = configFilePath(env)
  if (path !== undefined) return path
  throw new LeatError('INVALID', 'no home folder to keep the configuration in: HOME is not set', {
    hint: 'set HOME or XDG_CONFIG_HOME',
  })
}

/**
 * Reads the file, changes what was read, and puts it in the old one's place. Others that change it meanwhile wait.
 * @returns what `change` gave back with the new content
 * @throws INVALID the file is broken; BUSY another change keeps it; STORAGE it can't be written
 */
export async function changeConfigFile<T>(
  env: Environment,
  change: (file: ConfigFile) => {file: ConfigFile; result: T},
): Promise<T> {
  const named = requireConfigFile(env)
  try {
    mkdirSync(dirname(named), {recursive: true, mode: 0o700})
    // Some keep their configuration elsewhere and have a link here: it stays one.
    const path = targetOf(named)
    return await locked(`${path}.lock`, async () => {
      const {file, result} = change(await readConfigFile(named))
      // For nobody else to read: there may be a password in it.
      replaceFile(path, textOf(file))
      return result
    })
  } catch (cause) {
    if (cause instanceof LeatError) throw cause
    throw new LeatError('STORAGE', `the configuration ${named} can't be written: ${(cause as Error).message}`, {cause})
  }
}

function targetOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path
    throw error
  }
}

const textOf = ({values, context, contexts}: ConfigFile): string => {
  const content = {
    ...values,
    ...(context !== undefined && {context}),
    ...(Object.keys(contexts).length > 0 && {contexts}),
  }
  return `${JSON.stringify(content, undefined, 2)}\n`
}

/** Runs while no other process does. A file that is there is the lock. @throws BUSY */
async function locked<T>(lock: string, run: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE
  while (!taken(lock)) {
    if (Date.now() > until)
      throw new LeatError('BUSY', `another leat changes the configuration; it has ${lock}`, {
        hint: `remove it if none runs: rm ${lock}`,
      })
    await pause(LOOK)
  }
  try {
    return await run()
  } finally {
    rmSync(lock, {force: true})
  }
}

function taken(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    dropStale(lock)
    return false
  }
}

/** What a process left that died in between. It is moved away first: of two that try, one has nothing left to remove. */
function dropStale(lock: string): void {
  const age = Date.now() - (statSync(lock, {throwIfNoEntry: false})?.mtimeMs ?? Date.now())
  if (age < STALE) return
  const aside = `${lock}.${randomBytes(6).toString('hex')}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return
  }
  rmSync(aside, {force: true})
}

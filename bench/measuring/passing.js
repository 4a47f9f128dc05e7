/** What is gone when a measurement is over, however that ends: also where it is interrupted, for bench/run.js exits then. */
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/**
 * Does something with a new folder.
 * @template T
 * @param {(folder: string) => Promise<T>} work
 */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'leat-bench-'))
  const remove = () => rmSync(folder, {recursive: true, force: true})
  process.on('exit', remove)
  try {
    return await work(folder)
  } finally {
    process.removeListener('exit', remove)
    remove()
  }
}

/**
 * Starts a process.
 * @param {readonly string[]} argv program and arguments
 * @param {import('node:child_process').SpawnOptions} options
 */
export function spawned(argv, options) {
  const child = spawn(argv[0], argv.slice(1), options)
  const kill = () => child.kill('SIGKILL')
  // In front of the folder's: nobody writes into it any more when it is removed.
  process.prependListener('exit', kill)
  child.once('close', () => process.removeListener('exit', kill))
  return child
}

/** A temporary store with a channel `ops`, and leats that run on it. */
import {join} from 'node:path'
import {openBus} from '../../dist/index.js'
import {inFolder, spawned} from './passing.js'
import {LEAT} from './root.js'

/**
 * Runs `work` with a store that is gone afterwards, as are the processes that were started on it.
 * @typedef Room
 * @property {import('../../dist/index.js').Bus} bus
 * @property {string} store
 * @property {string} folder
 * @property {(...argv: string[]) => import('node:child_process').ChildProcess} leat
 * @property {(...argv: string[]) => import('node:child_process').ChildProcess} node runs a script
 *
 * @template T
 * @param {(room: Room) => Promise<T>} work
 */
export const inRoom = (work) =>
  inFolder(async (folder) => {
    const store = join(folder, 'bench.db')
    const children = []
    const node = (...argv) => {
      const child = spawned([process.execPath, ...argv], {stdio: ['ignore', 'pipe', 'inherit']})
      children.push(child)
      return child
    }
    // In front: what stands behind `--` belongs to a command.
    const leat = (...argv) => node(LEAT, '--store', store, ...argv)
    const bus = await openBus({store, as: 'bench', create: true})
    try {
      await bus.createChannel('ops')
      return await work({bus, store, folder, leat, node})
    } finally {
      await bus.close()
      for (const child of children) child.kill('SIGKILL')
    }
  })

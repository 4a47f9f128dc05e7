// What the measurements here have in common: a temporary store with a channel `ops`, and leats that run on it.
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {openBus} from '../../dist/index.js'

const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/**
 * Runs `work` with a store that is gone afterwards, as are the processes that were started on it.
 * @param {(room: {bus: import('../../dist/index.js').Bus, store: string, folder: string, leat: (...argv: string[]) => import('node:child_process').ChildProcess, children: import('node:child_process').ChildProcess[]}) => Promise<void>} work
 */
export async function inRoom(work) {
  const folder = mkdtempSync(join(tmpdir(), 'leat-bench-'))
  const store = join(folder, 'bench.db')
  const children = []
  const leat = (...argv) => {
    // In front: what stands behind `--` belongs to a command.
    const child = spawn(process.execPath, [BIN, '--store', store, ...argv], {stdio: ['ignore', 'pipe', 'inherit']})
    children.push(child)
    return child
  }
  const clear = () => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, {recursive: true, force: true})
  }
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])
    process.once(signal, () => {
      clear()
      process.exit(code)
    })
  const bus = await openBus({store, as: 'bench', create: true})
  try {
    await bus.createChannel('ops')
    await work({bus, store, folder, leat, children})
  } finally {
    await bus.close()
    clear()
  }
}

/** Whole processes, timed from the fork to the exit. */
import {spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, openSync} from 'node:fs'
import {watchMemory} from './memory.js'
import {spawned} from './passing.js'

/** Nothing of the caller's environment counts: Node 20 reads a file of NODE_EXTRA_CA_CERTS at each start. */
export const environment = (more = {}) => ({PATH: process.env.PATH, LEAT_AS: 'bench', ...more})

/**
 * Milliseconds that a short process takes. Throws where it fails.
 * @param {string[]} argv program and arguments
 */
export function timed(argv, {env, input} = {}) {
  const began = process.hrtime.bigint()
  const {status, stderr, error} = spawnSync(argv[0], argv.slice(1), {
    env,
    input,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
  })
  const took = Number(process.hrtime.bigint() - began) / 1e6
  if (error || status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${error ?? stderr}`)
  return took
}

/**
 * Runs a long process between files, as a shell would with `<` and `>`.
 * @returns {Promise<{ms: number, rss: number}>} and the most memory that it had, in MB (10⁶ bytes; where /usr/bin/time or /proc
 *   tell: Linux)
 */
export async function timedBetween(argv, {env, from, to = '/dev/null'} = {}) {
  const input = from === undefined ? 'ignore' : openSync(from, 'r')
  const output = openSync(to, 'w')
  const began = process.hrtime.bigint()
  const child = spawned(argv, {env, stdio: [input, output, 'pipe']})
  const watched = watchMemory(child.pid)
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = await once(child, 'close')
  const ms = Number(process.hrtime.bigint() - began) / 1e6
  const rss = watched()
  if (typeof input === 'number') closeSync(input)
  closeSync(output)
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${stderr}`)
  return {ms, rss}
}

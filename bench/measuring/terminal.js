/** Processes at a pseudo-terminal, which `script` (util-linux) makes: it and its shell count in everything measured so. */
import {spawned} from './passing.js'

/**
 * Milliseconds until something stands on the screen, or without `until` until the process has ended. `typed` then ends it.
 * @param {string} line for sh
 * @param {{env: object, until?: string, typed?: string}} options
 */
export function timedAtTerminal(line, {env, until, typed = ''}) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint()
    const passed = () => Number(process.hrtime.bigint() - began) / 1e6
    const child = spawned(['script', '-qec', `exec ${line}`, '/dev/null'], {
      env: {TERM: 'xterm-256color', SHELL: '/bin/sh', ...env},
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let shown = ''
    let took
    child.stdout.setEncoding('utf8').on('data', (text) => {
      shown += text
      if (until === undefined || took !== undefined || !shown.includes(until)) return
      took = passed()
      child.stdin.write(typed)
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (until === undefined) took = passed()
      if (code === 0 && took !== undefined) resolve(took)
      else reject(new Error(`${line} ended with ${code}: ${shown}`))
    })
  })
}

/** Runs a line in the user's own shell: `!ls | head`. */
import {spawn} from 'node:child_process'
import {constants} from 'node:os'
import {LeatError} from '../../model/errors.js'
import type {Environment} from '../environment.js'

/**
 * @param terminal it may read what is typed; otherwise its stdin is empty
 * @returns its exit code, 128 + N when a signal ended it
 * @throws USAGE the shell can't be started
 */
export function runInSystemShell(line: string, env: Environment, terminal: boolean): Promise<number> {
  const program = env['SHELL'] || '/bin/sh'
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-c', line], {env, stdio: [terminal ? 'inherit' : 'ignore', 'inherit', 'inherit']})
    child.once('error', (cause) =>
      reject(new LeatError('USAGE', `can't start ${JSON.stringify(program)}`, {hint: 'set SHELL', cause})),
    )
    child.once('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)))
  })
}

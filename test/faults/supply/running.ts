import {execFile} from 'node:child_process'
import {promisify} from 'node:util'

const execute = promisify(execFile)

/** Runs a program to its end. @throws Error with all that it said, where it fails */
export async function run(
  program: string,
  argv: readonly string[],
  {cwd, env, uid}: {cwd?: string; env?: NodeJS.ProcessEnv; uid?: number} = {},
): Promise<{stdout: string; stderr: string}> {
  try {
    return await execute(program, argv, {cwd, env, uid, maxBuffer: 64 * 1024 * 1024})
  } catch (error) {
    const {stdout = '', stderr = ''} = error as {stdout?: string; stderr?: string}
    throw new Error(`${program} ${argv.join(' ')} failed\n${stdout}\n${stderr}`, {cause: error})
  }
}

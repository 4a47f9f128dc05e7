/** Whether a command can be run at all, looked up as the system does it. */
import {accessSync, constants, statSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import type {Environment} from '../../model/environment.js'
import {LeatError} from '../../model/errors.js'

const NO_SUCH_COMMAND = 'no such command'
const NOT_EXECUTABLE = 'not an executable file'
/** Where the system looks without a PATH. */
const USUAL_PATH = '/usr/bin:/bin'

/**
 * Finds the program of a command, before anything is taken for it.
 * @throws USAGE no words, no such command, or not an executable file
 */
export function checkCommand([program, ..._]: readonly string[], env: Environment): void {
  if (program === undefined) throw new LeatError('USAGE', 'no command behind --')
  const why = program.includes('/') ? whyNot(program) : whyNotInPath(program, env)
  if (why !== undefined) throw cantRun(program, why)
}

/** What a program that the system refused to start is told as. */
export const notStarted = (program: string, cause: NodeJS.ErrnoException): LeatError =>
  cantRun(program, REASONS[cause.code ?? ''] ?? cause.message, cause)

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: NO_SUCH_COMMAND,
  ENOTDIR: NO_SUCH_COMMAND,
  EACCES: NOT_EXECUTABLE,
}

const cantRun = (program: string, why: string, cause?: unknown): LeatError =>
  new LeatError('USAGE', `can't run ${JSON.stringify(program)}: ${why}`, {cause})

function whyNot(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile() ? undefined : NOT_EXECUTABLE
  } catch (error) {
    return REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? NOT_EXECUTABLE
  }
}

function whyNotInPath(program: string, {PATH = USUAL_PATH}: Environment): string | undefined {
  if (program === '') return NO_SUCH_COMMAND
  const reasons = PATH.split(delimiter).map((folder) => whyNot(join(folder || '.', program)))
  if (reasons.includes(undefined)) return undefined
  return reasons.includes(NOT_EXECUTABLE) ? NOT_EXECUTABLE : NO_SUCH_COMMAND
}

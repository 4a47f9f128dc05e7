/** Whatever was thrown → one `LeatError`, and one line (or object) on stderr with the exit code. */
import {LeatError} from '../model/errors.js'
import {Cancelled, exitCodeOf} from './cancelled.js'
import {jsonForTerminal, oneLine} from './output/escape.js'
import {ClosedPipe, writeFully} from './output/sink.js'
import {isUsage, usageError} from './usage.js'

export interface Where {
  json: boolean
  /** The command as it is typed: `channel create`. */
  command?: string
  /** The words of the command line. */
  words?: readonly string[]
  /** The line of a file of commands in which it stands. */
  line?: number
}

/** Prints an error and returns the exit code. A reader that went away is no error, nor is a question that was ended. */
export function reportError(error: unknown, {json, command, words = [], line}: Where): number {
  if (error instanceof ClosedPipe) return 0
  if (error instanceof Cancelled) return exitCodeOf(error)
  const known = toLeatError(error, command, words)
  try {
    writeFully(
      2,
      Buffer.from(`${json ? jsonForTerminal(JSON.stringify(inLine(known, line))) : plainText(known, line)}\n`),
    )
    if (process.env['LEAT_DEBUG'] === '1') writeFully(2, Buffer.from(`${stackOf(known)}\n`))
  } catch {
    // Nobody can be told: the exit code still tells.
  }
  return known.exitCode
}

/** oclif's own errors are wrong usage; anything that nobody foresaw is a bug. */
function toLeatError(error: unknown, command: string | undefined, words: readonly string[]): LeatError {
  if (isUsage(error)) return usageError(error, command, words)
  if (error instanceof LeatError) return error
  return new LeatError('INTERNAL', `a bug in leat: ${error instanceof Error ? error.message : String(error)}`, {
    hint: 'LEAT_DEBUG=1 shows where; please report it',
    cause: error,
  })
}

/** One line, and one more for each violation of a schema. */
function plainText({message, hint, violations = []}: LeatError, line: number | undefined): string {
  const more = violations.map(
    (violation) => `\n  ${oneLine(violation.pointer || '(the whole)')}: ${oneLine(violation.message)}`,
  )
  return `leat: ${line === undefined ? '' : `line ${line}: `}${oneLine(message)}${hint === undefined ? '' : ` (${oneLine(hint)})`}${more.join('')}`
}

const inLine = (error: LeatError, line: number | undefined): object =>
  line === undefined ? error : {error: {...error.toJSON().error, line}}

const stackOf = (error: LeatError): string =>
  error.cause instanceof Error ? `${error.stack}\ncaused by ${error.cause.stack}` : String(error.stack)

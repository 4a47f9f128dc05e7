/** Lines of a file, run one after the other. */
import {LeatError} from '../../model/errors.js'
import {split} from '../lines.js'
import {writeFully} from '../output/sink.js'
import {takeApart} from '../words.js'
import type {Session} from './session.js'

export interface ScriptOptions {
  /** Go on after a line that failed. */
  keepGoing: boolean
  /** The script was told to stop. */
  signal: AbortSignal
}

/**
 * Runs lines up to the first that fails; with `keepGoing` all of them.
 * @returns the exit code of the first line that failed
 */
export async function runScript(
  session: Session,
  chunks: AsyncIterable<Buffer>,
  {keepGoing, signal}: ScriptOptions,
): Promise<number> {
  let failed = 0
  for await (const {text, line} of statements(chunks)) {
    if (signal.aborted) break
    const {code, end, silent} = await session.run(text, {line})
    if (end) return code || failed
    if (code === 0) continue
    if (silent) writeFully(2, Buffer.from(`leat: line ${line} ended with exit code ${code}\n`))
    failed ||= code
    if (!keepGoing) break
  }
  return failed
}

/** What belongs together: a line, and those behind it as long as a quote is open or it ends with a backslash. */
async function* statements(chunks: AsyncIterable<Buffer>): AsyncGenerator<{text: string; line: number}> {
  let pending: {text: string; line: number} | undefined
  let line = 0
  for await (const piece of split(chunks, 0x0a)) {
    line++
    if (piece === undefined) throw new LeatError('TOO_LARGE', `line ${line} is too long to be one`)
    const text = lineOf(piece, line)
    const whole = pending ? {...pending, text: `${pending.text}\n${text}`} : {text, line}
    pending = isOpen(whole.text) ? whole : undefined
    if (!pending) yield whole
  }
  if (pending) yield pending
}

/** Whether what follows belongs to it. What is for another shell is not looked into. */
export const isOpen = (text: string): boolean => !text.trimStart().startsWith('!') && takeApart(text).open !== undefined

/** Without the carriage return of some editors, and what they put in front of the first line. */
const lineOf = (bytes: Buffer, line: number): string =>
  bytes
    .toString()
    .replace(/\r$/, '')
    .replace(line === 1 ? /^\uFEFF/ : /^$/, '')

/** An export, or what `log --json` prints, into a store. */
import {LeatError} from '../../model/errors.js'
import type {Context} from '../context.js'
import type {ImportLines, ImportOptions, ImportResult} from './import-options.js'
import {ImportRun} from './import-run.js'

/**
 * Stores the records of an export (docs/transfer.md), in constant memory. Ids, senders and times stay, and so do seqs in a
 * channel that has nothing else; a message that is there is passed over, so doing it again does nothing. Channels that are
 * missing are made, and stay closed until everything is there.
 *
 * @throws FORBIDDEN      through a door
 * @throws SCHEMA_NEWER   an export of a later leat
 * @throws CONFLICT       with `resume`: the store has something else than the file
 * @throws BUSY, STORAGE  the store failed; the message says how many messages it had taken
 */
export async function importRecords(
  ctx: Context,
  lines: ImportLines,
  options: ImportOptions = {},
): Promise<ImportResult> {
  if (ctx.door !== undefined)
    throw new LeatError('FORBIDDEN', `nothing is imported through ${ctx.door}`, {
      hint: 'leat import, on the machine of the store',
    })
  const run = new ImportRun(ctx, options)
  try {
    let line = 0
    for await (const some of lines) {
      for (const bytes of Array.isArray(some) ? some : [some]) {
        line++
        if (options.signal?.aborted || run.stopped) break
        // Each wait costs about as much as the rest of a line.
        const taking = run.take(line, bytes)
        if (taking) await taking
      }
      if (options.signal?.aborted || run.stopped) break
    }
    if (!options.signal?.aborted) await run.end(line)
  } catch (error) {
    if (!(error instanceof LeatError) || run.result.stored === 0) throw error
    const {code, message, hint} = error
    throw new LeatError(code, `${message} (after ${run.result.stored} messages were stored)`, {hint, cause: error})
  }
  return run.report()
}

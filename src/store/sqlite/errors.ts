import {type ErrorCode, LeatError} from '../../model/errors.js'

/** Whether SQLite gave up waiting for another connection. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))

/** Law 10: whatever went wrong in the engine, as an error of leat that names the store. */
export function toLeatError(error: unknown, label: string): LeatError {
  if (error instanceof LeatError) return error
  const code = codeOf(error)
  const reason = error instanceof Error ? error.message : String(error)
  for (const [pattern, leatCode, text, hint] of MEANINGS)
    if (pattern.test(code)) return new LeatError(leatCode, `${label}: ${text ?? reason}`, {hint, cause: error})
  return new LeatError('INTERNAL', `${label}: ${reason}`, {cause: error})
}

const codeOf = (error: unknown): string => String((error as {code?: unknown} | undefined)?.code ?? '')

const MEANINGS: readonly (readonly [RegExp, ErrorCode, text?: string, hint?: string])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'BUSY', 'another process keeps writing', 'try again'],
  [/^SQLITE_NOTADB/, 'STORAGE', 'not a leat store', 'name another file with --store'],
  [/^SQLITE_CORRUPT/, 'CORRUPT', 'the file is damaged', 'leat store check, then leat store restore BACKUP'],
  [/^SQLITE_READONLY/, 'STORAGE', 'the store is read-only', 'allow writing to the file and its folder'],
  [/^SQLITE_FULL|^ENOSPC/, 'STORAGE', 'the disk is full', 'make room and try again'],
  [/^SQLITE_CANTOPEN/, 'STORAGE', "the store can't be opened", 'look at the permissions of the file and its folder'],
  [/^SQLITE_(IOERR|PERM|AUTH|NOLFS|PROTOCOL|NOMEM|TOOBIG)/, 'STORAGE'],
  [/^(EACCES|EPERM|EROFS)$/, 'STORAGE', 'no permission', 'look at the permissions of the file and its folder'],
  [/^E[A-Z]+$/, 'STORAGE'],
]

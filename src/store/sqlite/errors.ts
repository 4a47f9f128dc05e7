import {type ErrorCode, LeatError} from '../../model/errors.js'

/** Whether SQLite gave up waiting for another connection. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))

/** Whether SQLite, or whoever reads what it gives, can't make sense of what is in the file: JSON and times come from there alone. */
export const isDamage = (error: unknown): boolean =>
  error instanceof SyntaxError ||
  (error instanceof RangeError && error.message === 'Invalid time value') ||
  /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(codeOf(error)) ||
  (codeOf(error) === 'SQLITE_ERROR' &&
    /^(no such (table|column|index)|unsupported file format|duplicate column name)|already exists$/.test(
      reasonOf(error),
    ))

/** Whether there was no room for what was to be written. */
export const isFull = (error: unknown): boolean => FULL.test(codeOf(error))
const FULL = /^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/

/** Law 10: whatever went wrong in the engine, as an error of leat that names the store. */
export function toLeatError(error: unknown, label: string): LeatError {
  if (error instanceof LeatError) return error
  const code = codeOf(error)
  const reason = reasonOf(error)
  if (isNative(code, reason))
    return new LeatError('STORAGE', `better-sqlite3 can't be loaded: ${reason.split('\n', 1)[0]}`, {
      hint: 'npm rebuild better-sqlite3; leat doctor says more',
      cause: error,
    })
  for (const [pattern, leatCode, text, hint] of MEANINGS)
    if (pattern.test(code))
      return new LeatError(leatCode, `${label}: ${text ?? reason}`, {hint, cause: error, passing: isFull(error)})
  if (isDamage(error))
    return new LeatError('CORRUPT', `${label}: the file is damaged: ${reason}`, {hint: REPAIR, cause: error})
  return new LeatError('INTERNAL', `${label}: ${reason}`, {cause: error})
}

/** Whether its native part is missing, or was built for another Node. */
const isNative = (code: string, reason: string): boolean =>
  code === 'ERR_DLOPEN_FAILED' || /could not locate the bindings file/i.test(reason)

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const codeOf = (error: unknown): string => String((error as {code?: unknown} | undefined)?.code ?? '')

const REPAIR = 'leat store check, then leat store restore BACKUP'

const MEANINGS: readonly (readonly [RegExp, ErrorCode, text?: string, hint?: string])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'BUSY', 'another process keeps writing', 'try again'],
  [/^SQLITE_NOTADB/, 'STORAGE', 'not a leat store', 'name another file with --store'],
  [/^SQLITE_CORRUPT/, 'CORRUPT', 'the file is damaged', REPAIR],
  [/^SQLITE_READONLY/, 'STORAGE', 'the store is read-only', 'allow writing to the file and its folder'],
  [FULL, 'STORAGE', 'the disk is full', 'make room and try again'],
  [/^SQLITE_CANTOPEN/, 'STORAGE', "the store can't be opened", 'look at the permissions of the file and its folder'],
  [/^SQLITE_IOERR_SHMSIZE/, 'STORAGE', 'there is no room for the files beside the store', 'make room and try again'],
  [
    /^(SQLITE_IOERR|EIO$)/,
    'STORAGE',
    'the disk could not be read or written',
    'look at the disk: df, dmesg, leat doctor',
  ],
  [/^SQLITE_(PERM|AUTH|NOLFS|PROTOCOL|NOMEM|TOOBIG)/, 'STORAGE'],
  [/^(EACCES|EPERM|EROFS)$/, 'STORAGE', 'no permission', 'look at the permissions of the file and its folder'],
  [/^E[A-Z]+$/, 'STORAGE'],
]

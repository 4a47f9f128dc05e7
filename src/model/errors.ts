/**
 * The closed set of things that can go wrong. Every error that a person or a program meets is one of these;
 * anything else is a bug in leat and is shown as `INTERNAL`.
 */
export type ErrorCode =
  | 'INTERNAL'
  | 'USAGE'
  | 'INVALID'
  | 'SCHEMA'
  | 'TOO_LARGE'
  | 'NOT_FOUND'
  | 'TIMEOUT'
  | 'EMPTY'
  | 'FORBIDDEN'
  | 'UNAUTHENTICATED'
  | 'EXISTS'
  | 'CHANNEL_CLOSED'
  | 'CONFLICT'
  | 'STALE_CLAIM'
  | 'PARTIAL'
  | 'REMOTE'
  | 'BUSY'
  | 'STORAGE'
  | 'CORRUPT'
  | 'SCHEMA_NEWER'

/** Exit code of each error code: the one place where codes become exit codes. */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  INTERNAL: 1,
  USAGE: 2,
  INVALID: 2,
  SCHEMA: 2,
  TOO_LARGE: 2,
  NOT_FOUND: 3,
  TIMEOUT: 4,
  EMPTY: 4,
  FORBIDDEN: 5,
  UNAUTHENTICATED: 5,
  EXISTS: 6,
  CHANNEL_CLOSED: 6,
  CONFLICT: 6,
  STALE_CLAIM: 6,
  PARTIAL: 7,
  REMOTE: 8,
  BUSY: 9,
  STORAGE: 9,
  CORRUPT: 9,
  SCHEMA_NEWER: 9,
}

/** One violation of a channel's JSON Schema. */
export interface Violation {
  /** JSON pointer into the content, '' for the whole. */
  pointer: string
  message: string
}

export interface ErrorOptions {
  /** The next command to type, or what to change. */
  hint?: string
  /** The error underneath (an engine's, the system's). */
  cause?: unknown
  /** With `SCHEMA`: every violation. */
  violations?: Violation[]
  /** It is over by itself some time: the same may be tried again later. Default false. */
  passing?: boolean
}

/** The only error that leaves leat's own code: what happened, naming the thing and quoting the value. */
export class LeatError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly violations: Violation[] | undefined
  readonly isPassing: boolean

  constructor(code: ErrorCode, message: string, {hint, cause, violations, passing = false}: ErrorOptions = {}) {
    super(message, cause === undefined ? undefined : {cause})
    this.name = 'LeatError'
    this.code = code
    this.hint = hint
    this.violations = violations
    this.isPassing = passing
  }

  get exitCode(): number {
    return EXIT_CODES[this.code]
  }

  /** The shape that every door prints: `{"error": …}`. */
  toJSON(): {error: {code: ErrorCode; message: string; hint?: string; violations?: Violation[]}} {
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(this.hint !== undefined && {hint: this.hint}),
        ...(this.violations && {violations: this.violations}),
      },
    }
  }
}

/** What a message can be blamed for; anything else is the store's trouble. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'USAGE',
  'INVALID',
  'SCHEMA',
  'TOO_LARGE',
  'NOT_FOUND',
  'FORBIDDEN',
  'EXISTS',
  'CHANNEL_CLOSED',
  'CONFLICT',
])

/** Whether the same may be tried again later, because nothing was done and nothing is wrong for good. */
export const isPassing = (error: unknown): error is LeatError => error instanceof LeatError && error.isPassing

/** Whether an error is about what was to be sent, and not about the store. */
export const isRefusal = (error: unknown): error is LeatError => error instanceof LeatError && REFUSALS.has(error.code)

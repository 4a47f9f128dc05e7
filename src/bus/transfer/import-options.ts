/** What an import is asked, and what it says. */

/** Lines without their ends, one by one or some at once; undefined: one that is too long. */
export type ImportLines = AsyncIterable<Buffer | undefined | readonly (Buffer | undefined)[]>

export interface ImportOptions {
  /** `stop` (default) at the first bad line, keeping what stands before it; `skip` goes on. */
  onError?: 'stop' | 'skip'
  /** The import was begun before: what it stored is passed over unread. */
  resume?: boolean
  /** Store nothing; say what would be. */
  dryRun?: boolean
  /** Channels under other names: old → new. */
  channels?: ReadonlyMap<string, string>
  /** Called after each transaction. */
  progress?: (sofar: {lines: number; messages: number}) => void
  signal?: AbortSignal
}

export interface ImportResult {
  /** Messages that were stored. */
  stored: number
  /** Messages that were there already. */
  there: number
  /** Lines that were refused. */
  failed: number
  /** Messages that got another seq than they had. */
  moved: number
  /** Channels that were made. */
  channels: string[]
  /** Cursors, subscriptions and the rest: made, and left out because a channel was there before with messages of its own. */
  restored: number
  left: number
  /** Subscriptions that run commands or reach inside (CHANNEL SUBSCRIBER): they were made, but paused. */
  paused: string[]
  /** Channels that stay closed until the import is gone on with. */
  unfinished: string[]
  /** The first 100. */
  errors: {line: number; code: string; message: string}[]
}

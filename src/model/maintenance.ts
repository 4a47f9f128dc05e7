/** What looking after a store tells: what is wrong with it, what was saved of it, what a restore would change. */

/**
 * `damage`: something that was stored is lost, altered or can't be found. `warning`: something that isn't as it should be,
 * but takes nothing away. `note`: worth knowing.
 */
export type Severity = 'damage' | 'warning' | 'note'

export interface Finding {
  severity: Severity
  /** A word for programs: `structure`, `content`, `cursor`, … */
  kind: string
  /** What is wrong, naming it. */
  what: string
  /** `ops/42`, a channel, or a reader `ops:bob`; absent where it is about the whole store. */
  place?: string
  /** What to do: the next command, or why there is nothing to do. */
  hint: string
}

/** What was looked at, and how much was found. */
export interface Checked {
  store: string
  deep: boolean
  channels: number
  messages: number
  damage: number
  warnings: number
  notes: number
}

/** How far a long act has come. `total` is 0 where nobody knows. */
export interface Progress {
  what: string
  done: number
  total: number
}

export interface CheckOptions {
  /** Read every content, and compare it with its checksum. */
  deep?: boolean
  onProgress?: (progress: Progress) => void
}

export interface Backup {
  /** Where it is. */
  file: string
  bytes: number
  channels: number
  messages: number
  schemaVersion: number
  /** Of the store that it is a copy of. */
  epoch: string
}

/** What a restore would do. */
export interface RestorePlan {
  /** The backup. */
  file: string
  /** The store that it would replace. */
  store: string
  /**
   * `in place`: the store goes on, with other contents. `anew`: it can't be opened, is put aside and made anew. `made`: there
   * is none.
   */
  way: 'in place' | 'anew' | 'made'
  /** In the backup. */
  channels: number
  messages: number
  /** Messages that are in the store and not in the backup; absent where the store can't be read. */
  lost?: number
  /** Messages that are in the backup and not in the store. */
  gained: number
  /** Channels of the store that the backup doesn't have: their names and last seqs stay behind. */
  droppedChannels: string[]
  /** Schema version of the backup; an older one is brought up to date. */
  schemaVersion: number
}

export interface Restored extends Omit<RestorePlan, 'schemaVersion'> {
  /** The store's new one. */
  epoch: string
  /** Where what was there before is. */
  safetyCopy?: string
}

export interface Compacted {
  store: string
  /** Bytes of the store before, and now; with `dryRun` what it would have at most. */
  before: number
  after: number
  dryRun: boolean
}

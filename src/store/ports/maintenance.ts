/** How a store is looked after: checked, saved, put back. The laws by number stand in `../store.ts`. */
import type {
  Backup,
  Checked,
  CheckOptions,
  Compacted,
  Finding,
  Progress,
  Restored,
  RestorePlan,
} from '../../model/maintenance.js'

export interface Maintenance {
  /**
   * Looks for what is wrong, in steps that others can write between, and changes nothing: what a healthy store gives is notes
   * at most, whatever others do meanwhile. Ends with what was looked at.
   */
  check(options?: CheckOptions): AsyncGenerator<Finding, Checked>

  /**
   * Writes everything, as it is at one moment, into a file of its own, while others go on. The file appears whole or not at
   * all; what stands there is replaced only with `replace`.
   * @throws EXISTS  something stands there
   * @throws INVALID the store itself, or no place for a file
   * @throws STORAGE it can't be written
   */
  backup(file: string, options?: BackupOptions): Promise<Backup>

  /**
   * Reads and checks a backup, and says what restoring it would do; nothing is changed until `apply`.
   * @throws NOT_FOUND no such file
   * @throws INVALID   it is the store itself
   * @throws STORAGE, CORRUPT, SCHEMA_NEWER it isn't a backup, or not one that can be restored
   */
  prepareRestore(file: string, options?: LongOptions): Promise<PreparedRestore>

  /** Gives space that nothing uses back. With `dryRun` only says how much there is. @throws BUSY, STORAGE */
  compact(options?: {dryRun?: boolean}): Promise<Compacted>
}

export interface LongOptions {
  onProgress?: (progress: Progress) => void
  /** What is left when it aborts, at the latest when the process has ended: nothing. */
  signal?: AbortSignal
}

export interface BackupOptions extends LongOptions {
  /** Take the place of what stands there. */
  replace?: boolean
}

export interface PreparedRestore {
  readonly plan: RestorePlan
  /**
   * All or nothing: puts what the backup has in the place of everything that is there. The store has a new epoch then: every
   * other handle, and every claim and hold of before, gets `CONFLICT` or `STALE_CLAIM` from then on, whatever it does. No
   * channel's last seq falls (law 2); what was in somebody's hands when the backup was made is free. Only once.
   * @throws CONFLICT it was applied, or given up
   */
  apply(options?: {safetyCopy?: boolean}): Promise<Restored>
  /** Gives up. Again, or after `apply`, is no error. */
  discard(): Promise<void>
}

/** What can be done to a store that isn't open, because it can't be, or shouldn't be yet. */
export interface ClosedStore extends Pick<Maintenance, 'check' | 'prepareRestore'> {
  /** The schema that it has, and the newest that this engine knows. @throws as opening it, but not `SCHEMA_NEWER` */
  schema(): Promise<{version: number; newest: number}>
  /** As `Maintenance.backup`, with the schema that the store has. */
  backup(file: string, options?: BackupOptions): Promise<Backup>
}

import type {Event} from './trace.js'

/**
 * What SQLite would do with `synchronous=NORMAL`: the syncs of the log are left out, but for those behind which the same process
 * goes on to write into a database, which is a checkpoint.
 */
export function withoutSyncs(events: readonly Event[]): Event[] {
  const kept: Event[] = []
  /** By process: whether what it writes next is a log's. */
  const goesOnInLog = new Map<number, boolean>()
  // From the end, where it is known how each process goes on.
  for (const event of events.toReversed()) {
    const isLog = 'path' in event && event.path.endsWith('-wal')
    if (event.do === 'sync' && isLog && goesOnInLog.get(event.process) !== false) continue
    if (event.do === 'write') goesOnInLog.set(event.process, isLog)
    kept.push(event)
  }
  return kept.toReversed()
}

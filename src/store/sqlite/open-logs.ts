import {type Log, saveLog} from './log.js'
import {applyRetention} from './retention.js'
import type {Session} from './session.js'

/** The logs that one transaction appends to: each is read once and written once, however many messages go in. */
export class OpenLogs {
  readonly #session: Session
  readonly #logs = new Map<string | number, {log: Log; lastSeq: number; newestTime: number}>()

  constructor(session: Session) {
    this.#session = session
  }

  /** By name or row id, whichever the caller always uses. */
  get(key: string | number, read: () => Log): Log {
    const open = this.#logs.get(key)
    if (open) return open.log
    const log = read()
    this.#logs.set(key, {log, lastSeq: log.lastSeq, newestTime: log.newestTime})
    return log
  }

  /** Writes what changed, and deletes what the channels' retention doesn't keep. */
  save(now: number): void {
    for (const {log, lastSeq, newestTime} of this.#logs.values()) {
      if (log.lastSeq === lastSeq) continue
      applyRetention(this.#session, log, now, newestTime)
      saveLog(this.#session, log)
    }
  }
}

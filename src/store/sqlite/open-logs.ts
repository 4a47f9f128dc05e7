import {dropExpired} from './expiry.js'
import {type Log, saveLog} from './log.js'
import {applyRetention} from './retention.js'
import type {Session} from './session.js'

/** The logs that one transaction appends to: each is read once and written once, however many messages go in. */
export class OpenLogs {
  readonly #session: Session
  readonly #now: number
  readonly #logs = new Map<string | number, {log: Log; before: Readonly<Log>}>()

  constructor(session: Session, now: number) {
    this.#session = session
    this.#now = now
  }

  /** By name or row id, whichever the caller always uses. What has expired in the channel is deleted first. */
  get(key: string | number, read: () => Log): Log {
    const open = this.#logs.get(key)
    if (open) return open.log
    const log = read()
    this.#logs.set(key, {log, before: {...log}})
    dropExpired(this.#session, log, this.#now)
    return log
  }

  /** Writes what changed, and deletes what the channels' retention doesn't keep. */
  save(): void {
    for (const {log, before} of this.#logs.values()) {
      if (log.lastSeq !== before.lastSeq) applyRetention(this.#session, log, this.#now, before.newestTime)
      if (log.lastSeq !== before.lastSeq || log.count !== before.count) saveLog(this.#session, log)
    }
  }
}

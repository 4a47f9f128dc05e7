import {LeatError} from '../../model/errors.js'
import type {Connection} from './connection.js'

/**
 * Law 12: tells whether the store was restored since this handle was opened. What a handle remembers (names, positions,
 * claims) means nothing in another epoch. A look costs a microsecond while nobody else has committed; where somebody has, it
 * brings along when the next delayed message falls due, which every look at messages wants to know, too.
 */
export class Epoch {
  readonly #connection: Connection
  readonly #label: string
  readonly #bringsDue: boolean
  #known: string | undefined
  #version: number | undefined
  #due: {at: number | undefined; version: number | undefined; writes: number} | undefined

  /** @param bringsDue whether what is due is asked for along with the epoch; not where a damaged store is looked through */
  constructor(connection: Connection, label: string, {bringsDue = false} = {}) {
    this.#connection = connection
    this.#label = label
    this.#bringsDue = bringsDue
  }

  /** The epoch in which this handle was opened. */
  get value(): string {
    this.#known ??= this.#read(undefined)
    return this.#known
  }

  /** SQLite's number as it was at the last check: another one when another connection has committed. */
  get version(): number | undefined {
    return this.#version
  }

  /** @throws CONFLICT */
  check(): void {
    const version = this.#connection.row('PRAGMA data_version')?.[0] as number
    if (version === this.#version) return
    const now = this.#read(version)
    this.#known ??= now
    if (now !== this.#known) throw restoredMeanwhile(this.#label)
    this.#version = version
  }

  /** When the next delayed message falls due, milliseconds since 1970: as of the last check, and what this handle wrote since. */
  get nextDue(): number | undefined {
    const version = this.#version
    const {writes} = this.#connection
    if (this.#due === undefined || this.#due.version !== version || this.#due.writes !== writes)
      this.#due = {at: nextDue(this.#connection), version, writes}
    return this.#due.at
  }

  /** The same behind a step that is done: that the store can't be asked just now is for the next step to meet. @throws CONFLICT */
  checkAfterwards(): void {
    try {
      if (this.#connection.isOpen) this.check()
    } catch (error) {
      if (error instanceof LeatError) throw error
    }
  }

  /** This handle goes on in the store's new epoch. */
  renew(): void {
    this.#known = undefined
    this.#version = undefined
  }

  #read(version: number | undefined): string {
    if (!this.#bringsDue) return String(this.#connection.row(EPOCH)?.[0])
    const [epoch, due] = this.#connection.row(EPOCH_AND_DUE) as [string, number | null]
    this.#due = {at: due ?? undefined, version, writes: this.#connection.writes}
    return String(epoch)
  }
}
const EPOCH = `SELECT value FROM meta WHERE key = 'epoch'`
const EPOCH_AND_DUE = `
  SELECT (SELECT value FROM meta WHERE key = 'epoch'), (SELECT min(deliver_at) FROM scheduled)`

/** When the next delayed message falls due: milliseconds since 1970. */
export function nextDue(connection: Connection): number | undefined {
  return (connection.row(NEXT_DUE)?.[0] as number | null | undefined) ?? undefined
}
const NEXT_DUE = 'SELECT min(deliver_at) FROM scheduled'

/** Epochs that the store had before it was restored, the newest first. */
export function formerEpochs(connection: Connection): string[] {
  const json = connection.row(FORMER)?.[0]
  return typeof json === 'string' ? (JSON.parse(json) as string[]) : []
}
const FORMER = `SELECT value FROM meta WHERE key = 'former_epochs'`

const restoredMeanwhile = (label: string): LeatError =>
  new LeatError('CONFLICT', `${label} was restored from a backup while it was in use`, {
    hint: 'start again: claims and positions of before mean nothing now',
  })

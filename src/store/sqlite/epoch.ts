import {LeatError} from '../../model/errors.js'
import type {Connection} from './connection.js'

/**
 * Law 12: tells whether the store was restored since this handle was opened. What a handle remembers (names, positions,
 * claims) means nothing in another epoch. A look costs a microsecond while nobody else has committed.
 */
export class Epoch {
  readonly #connection: Connection
  readonly #label: string
  #known: string | undefined
  #version: number | undefined

  constructor(connection: Connection, label: string) {
    this.#connection = connection
    this.#label = label
  }

  /** The epoch in which this handle was opened. */
  get value(): string {
    this.#known ??= this.#read()
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
    const now = this.#read()
    this.#known ??= now
    if (now !== this.#known) throw restoredMeanwhile(this.#label)
    this.#version = version
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

  #read(): string {
    return String(this.#connection.row(EPOCH)?.[0])
  }
}
const EPOCH = `SELECT value FROM meta WHERE key = 'epoch'`

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

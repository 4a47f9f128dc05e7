/** Findings, and what each part of a check works with. */
import type {CheckOptions, Finding, Severity} from '../../../model/maintenance.js'
import type {Connection} from '../connection.js'

/** A store that is looked at. */
export interface Patient {
  connection: Connection
  /** How it is named. */
  label: string
  clock: () => number
  options: CheckOptions
}

/** One part of a check: what it finds, in steps that others can write between. */
export type Part = (patient: Patient) => AsyncGenerator<Finding>

/** What helps against damage. */
const RESTORE = 'leat store restore BACKUP'

export const finding = (
  severity: Severity,
  kind: string,
  what: string,
  {place, hint}: {place?: string | undefined; hint: string},
): Finding => ({severity, kind, what, ...(place !== undefined && {place}), hint})

/** @param hint default: to restore */
export const damage = (kind: string, what: string, place?: string, hint = RESTORE): Finding =>
  finding('damage', kind, what, {place, hint})

/** Lets this process do something else. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What a doctor says of each thing. */
export interface Diagnosis {
  /** `bad`: leat doesn't work with it, or would lose something. `warn`: it works, with a risk. */
  level: 'ok' | 'warn' | 'bad'
  /** What was looked at: `node`, `file system`, `store`, … */
  about: string
  what: string
  /** What to do, where there is something. */
  fix?: string
}

export const ok = (about: string, what: string): Diagnosis => ({level: 'ok', about, what})
export const warn = (about: string, what: string, fix: string): Diagnosis => ({level: 'warn', about, what, fix})
export const bad = (about: string, what: string, fix: string): Diagnosis => ({level: 'bad', about, what, fix})

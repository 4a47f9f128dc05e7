/**
 * What was typed into the shell, kept in `$XDG_STATE_HOME/leat/history`, for this user alone. Shells that run at once each
 * append to it. A line that begins with a space isn't kept.
 */
import {appendFileSync, chmodSync, mkdirSync, readFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {type Environment, userFile} from '../environment.js'
import {replaceFile} from '../output/file.js'

/** Lines that are kept. */
export const MOST_LINES = 10_000

/** Undefined for a user without a home. */
export const historyPath = (env: Environment): string | undefined => userFile(env, 'state', 'history')

export class History {
  readonly #path: string | undefined
  readonly #note: (text: string) => void
  #lines: string[] = []
  #isKept: boolean

  /** @param note is told once, where it can't be read or written */
  constructor(path: string | undefined, note: (text: string) => void) {
    this.#path = path
    this.#note = note
    this.#isKept = path !== undefined
  }

  /** The oldest first. */
  get lines(): readonly string[] {
    return this.#lines
  }

  load(): void {
    this.#keeping((path) => {
      const lines = readLines(path)
      this.#lines = lines.slice(-MOST_LINES)
      if (lines.length > MOST_LINES) replaceFile(path, `${this.#lines.join('\n')}\n`)
    })
  }

  add(line: string): void {
    if (line.trim() === '' || line.startsWith(' ') || line === this.#lines.at(-1)) return
    this.#lines = [...this.#lines.slice(1 - MOST_LINES), line]
    this.#keeping((path) => {
      mkdirSync(dirname(path), {recursive: true, mode: 0o700})
      appendFileSync(path, `${line}\n`, {mode: 0o600})
    })
  }

  /** Losing it is a pity, and no reason to stop. */
  #keeping(work: (path: string) => void): void {
    if (!this.#isKept || this.#path === undefined) return
    try {
      work(this.#path)
    } catch (error) {
      this.#isKept = false
      this.#note(`what is typed isn't kept: ${(error as Error).message}`)
    }
  }
}

function readLines(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
    chmodSync(path, 0o600)
    return lines
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

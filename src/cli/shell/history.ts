/**
 * What was typed into the shell, kept in `$XDG_STATE_HOME/leat/history`, for this user alone. Shells that run at once each
 * append to it. A line that begins with a space isn't kept.
 */
import {randomBytes} from 'node:crypto'
import {appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Environment} from '../environment.js'

/** Lines that are kept. */
export const MOST_LINES = 10_000

/** Undefined for who has no home. */
export function historyPath(env: Environment): string | undefined {
  const state = env['XDG_STATE_HOME']
  // The XDG specification: a relative path is to be ignored.
  if (state?.startsWith('/')) return join(state, 'leat', 'history')
  return env['HOME'] ? join(env['HOME'], '.local', 'state', 'leat', 'history') : undefined
}

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
      if (lines.length > MOST_LINES) replace(path, this.#lines)
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

function replace(path: string, lines: readonly string[]): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(aside, `${lines.join('\n')}\n`, {mode: 0o600, flag: 'wx'})
  renameSync(aside, path)
}

/**
 * leat as a process that goes on: started, looked at, told to stop.
 *
 *   const worker = background(env)`work jobs -- cat`
 *   await worker.says(/working/)
 *   worker.kill('SIGTERM')
 *   expect(await worker.ended).toMatchObject({code: 0})
 */
import {spawn} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {expect, onTestFinished, vi} from 'vitest'
import {BIN, wordsOf} from './leat.js'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Background {
  pid: number
  /** What came so far. */
  readonly stdout: string
  readonly stderr: string
  /** Resolves when stderr, or stdout, has had this. */
  says(what: RegExp): Promise<void>
  kill(signal: NodeJS.Signals): void
  /** Reads its stdout no more. */
  hangUp(): void
  ended: Promise<Ended>
}

/** Starts leat as `as` (default `alice`); it is killed when the test ends. */
export const background =
  (env: Record<string, string>, {as = 'alice', cwd = env['HOME']}: {as?: string; cwd?: string} = {}) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Background => {
    const child = spawn(process.execPath, [BIN, ...wordsOf(strings, values)], {
      cwd,
      env: {...env, LEAT_AS: as},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = {stdout: '', stderr: ''}
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk))
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk))
    onTestFinished(() => void child.kill('SIGKILL'))
    return {
      pid: child.pid as number,
      get stdout() {
        return said.stdout
      },
      get stderr() {
        return said.stderr
      },
      says: (what) => until(() => expect(said.stderr + said.stdout).toMatch(what)),
      kill: (signal) => void child.kill(signal),
      hangUp: () => void child.stdout.destroy(),
      ended: new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('close', (code, signal) => resolve({code, signal, ...said}))
      }),
    }
  }

/** Waits until an expectation holds. */
export const until = (expectation: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(expectation, {timeout: 30_000, interval: 20})

/** Whether a process runs: one that has ended and that nobody has asked about (a zombie) doesn't. */
export function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/**
 * leat at a terminal that somebody types at: what is on the screen is looked at, and answered.
 *
 *   const session = typing(env)`read`
 *   await session.sees(/Which channel/)
 *   session.type('op\r')
 *   expect(await session.ended).toMatchObject({code: 0})
 */
import xterm from '@xterm/headless'
import {expect, onTestFinished} from 'vitest'
import {until} from './background.js'
import {atTerminal, lineOf} from './pseudo-terminal.js'

export const ENTER = '\r'
export const CTRL_C = '\x03'
export const CTRL_D = '\x04'
export const DOWN = '\x1b[B'

export interface TypingOptions {
  columns?: number
  rows?: number
  env?: Record<string, string>
}

export interface Session {
  /** What stands on the screen, without trailing spaces and empty lines at its end. */
  screen(): string
  /** Resolves when the screen has this. */
  sees(what: RegExp): Promise<void>
  type(keys: string): void
  /** Exit code as a shell sees it, the last screen, all that was written, and whether the terminal is as it was. */
  ended: Promise<{code: number | null; screen: string; raw: string; clean: boolean}>
}

export const typing =
  (world: Record<string, string>, {columns = 80, rows = 24, env = {}}: TypingOptions = {}) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Session => {
    // The shell stays, to see how leat ended and what it left of the terminal.
    const script = `stty cols ${columns} rows ${rows}; before=$(stty -g); ${lineOf(strings, values)}; code=$?
      test "$(stty -g)" = "$before" && echo '[clean]'; exit $code`
    const child = atTerminal(script, {...world, ...env})
    onTestFinished(() => void child.kill('SIGKILL'))
    const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true})
    let raw = ''
    child.stdout.on('data', (chunk: Buffer) => {
      raw += chunk
      terminal.write(chunk)
    })
    const screen = (): string => {
      const {active} = terminal.buffer
      const lines = Array.from({length: active.length}, (_, at) => active.getLine(at)?.translateToString(true) ?? '')
      return lines.join('\n').trimEnd()
    }
    const shown = (): Promise<string> => new Promise((resolve) => terminal.write('', () => resolve(screen())))
    return {
      screen,
      sees: (what) => until(async () => expect(await shown()).toMatch(what)),
      type: (keys) => void child.stdin.write(keys),
      ended: new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('close', async (code) => {
          const last = await shown()
          resolve({code, raw, clean: last.includes('[clean]'), screen: last.replace(/\n?\[clean\]$/, '')})
        })
      }),
    }
  }

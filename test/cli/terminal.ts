/**
 * leat at a terminal: a pseudo-terminal made by `script` (util-linux), on which stdin, stdout and stderr are one.
 *
 *   const shown = await terminal(env)`list`
 *   const asked = await terminal(env, {answer: 'y'})`channel delete ops`
 */
import {spawn, spawnSync} from 'node:child_process'
import {BIN, wordsOf} from './leat.js'

export interface TerminalOptions {
  /** Typed when a question stands there (a text that ends in `?` or `)`). Enter follows. */
  answer?: string
  /** Cells. Default 100, and 40 lines. */
  columns?: number
  rows?: number
  env?: Record<string, string>
}

export interface Shown {
  code: number | null
  /** What was on the screen, without colours and the moves of a prompt. */
  text: string
  /** What was sent to the screen, as it was. */
  raw: string
}

/** Whether this machine has the `script` of util-linux. */
export const hasTerminal =
  spawnSync('script', ['--version'], {encoding: 'utf8'}).stdout?.includes('util-linux') ?? false

const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]/g

export const terminal =
  (world: Record<string, string>, {answer, columns = 100, rows = 40, env = {}}: TerminalOptions = {}) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Promise<Shown> => {
    const words = [process.execPath, BIN, ...wordsOf(strings, values)].map(
      (word) => `'${word.replaceAll("'", "'\\''")}'`,
    )
    const command = `stty cols ${columns} rows ${rows}; exec ${words.join(' ')}`
    return new Promise((resolve, reject) => {
      const child = spawn('script', ['-qec', command, '/dev/null'], {
        env: {LEAT_AS: 'alice', TERM: 'xterm-256color', SHELL: '/bin/sh', ...world, ...env},
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      let raw = ''
      let asked = false
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        raw += chunk
        if (answer === undefined || asked || !/\((y\/N|Y\/n)\)/.test(raw)) return
        asked = true
        child.stdin.write(`${answer}\r`)
      })
      child.once('error', reject)
      child.once('close', (code) => resolve({code, raw, text: raw.replace(ESCAPES, '').replaceAll('\r\n', '\n')}))
    })
  }

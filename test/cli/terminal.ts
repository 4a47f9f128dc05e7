/**
 * leat at a terminal: what it shows, and how it ends.
 *
 *   const shown = await terminal(env)`list`
 *   const asked = await terminal(env, {answer: 'y'})`channel delete ops`
 */
import {atTerminal, lineOf} from './pseudo-terminal.js'

export {hasTerminal} from './pseudo-terminal.js'

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

const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]/g

export const terminal =
  (world: Record<string, string>, {answer, columns = 100, rows = 40, env = {}}: TerminalOptions = {}) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Promise<Shown> => {
    const script = `stty cols ${columns} rows ${rows}; exec ${lineOf(strings, values)}`
    return new Promise((resolve, reject) => {
      const child = atTerminal(script, {...world, ...env})
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

/**
 * leat on a whole screen: drawn by xterm, with somebody at the keys.
 *
 *   const screen = await open(env)`inspect ops`
 *   await screen.shows('● live')
 *   screen.press('q')
 *   expect(await screen.ended).toMatchObject({code: 0})
 */
import {execFileSync} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import xterm from '@xterm/headless'
import {expect, onTestFinished} from 'vitest'
import {until} from './background.js'
import {atTerminal, lineOf} from './pseudo-terminal.js'

export interface ScreenOptions {
  columns?: number
  rows?: number
  env?: Record<string, string>
  /** What is started. Default: the built leat. */
  bin?: string
}

export interface ScreenEnded {
  /** As a shell has it: 128 and the signal for one that died of it. */
  code: number
  /** What `stty -a` said before and afterwards. */
  before: string
  after: string
  /** On the screen when it was over. */
  text: string
  /** Which of its modes the terminal is in: none of what a screen needs. */
  modes: {alternate: boolean; cursorHidden: boolean; bracketedPaste: boolean; noWrap: boolean}
}

export interface Screen {
  /** The lines that are on the screen, without spaces at their ends. */
  lines(): string[]
  text(): string
  /** Everything that was sent to the terminal. */
  readonly raw: string
  press(...keys: string[]): void
  /** Resolves when this is on the screen. */
  shows(what: string | RegExp): Promise<void>
  /** Resolves when this isn't on the screen any more. */
  lacks(what: string | RegExp): Promise<void>
  resize(columns: number, rows: number): void
  kill(signal: NodeJS.Signals): void
  ended: Promise<ScreenEnded>
}

export const KEYS = {
  enter: '\r',
  escape: '\x1b',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  tab: '\t',
  backspace: '\x7f',
  ctrlC: '\x03',
  ctrlZ: '\x1a',
} as const

/** Starts leat on a screen as `alice`; it is killed when the test ends. */
export const openScreen =
  (world: Record<string, string>, {columns = 80, rows = 24, env = {}, bin}: ScreenOptions = {}) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Screen => {
    const folder = mkdtempSync(join(world['HOME'] as string, 'screen-'))
    const file = (name: string): string => join(folder, name)
    const command = [
      `stty cols ${columns} rows ${rows}; tty > ${file('tty')}; stty -a > ${file('before')}`,
      // The shell that starts it lives on, so that it sees how it ends.
      `sh -c 'echo $$ > ${file('pid')}; exec "$@"' sh ${lineOf(strings, values, bin)}`,
      `echo $? > ${file('code')}; stty -a > ${file('after')}`,
    ].join('\n')
    const child = atTerminal(command, {...world, ...env})
    const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0})
    let raw = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (piece: string) => {
      raw += piece
      terminal.write(piece)
    })
    // What isn't there was never written: it was killed before.
    const read = (name: string): string => (existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim() : '')
    const pid = (): number => Number(read('pid'))
    onTestFinished(() => {
      child.kill('SIGKILL')
      rmSync(folder, {recursive: true, force: true})
    })
    const lines = (): string[] => {
      const {active} = terminal.buffer
      return Array.from({length: terminal.rows}, (_, at) =>
        (active.getLine(active.viewportY + at)?.translateToString(true) ?? '').trimEnd(),
      )
    }
    const text = (): string => lines().join('\n')
    const ended = new Promise<ScreenEnded>((resolve, reject) => {
      child.once('error', reject)
      // Everything that was written has to be drawn.
      child.once('close', () =>
        terminal.write('', () =>
          resolve({
            code: Number.parseInt(read('code'), 10),
            before: read('before'),
            after: read('after'),
            text: text(),
            modes: {
              alternate: terminal.buffer.active.type === 'alternate',
              cursorHidden: raw.lastIndexOf('\x1b[?25l') > raw.lastIndexOf('\x1b[?25h'),
              bracketedPaste: terminal.modes.bracketedPasteMode,
              noWrap: !terminal.modes.wraparoundMode,
            },
          }),
        ),
      )
    })
    return {
      lines,
      text,
      get raw() {
        return raw
      },
      press: (...keys) => {
        for (const key of keys) child.stdin.write(key)
      },
      shows: (what) => until(() => expect(text()).toMatch(what)),
      lacks: (what) => until(() => expect(text()).not.toMatch(what)),
      resize: (cols, height) => {
        terminal.resize(cols, height)
        execFileSync('stty', ['-F', read('tty'), 'cols', String(cols), 'rows', String(height)])
      },
      kill: (signal) => void process.kill(pid(), signal),
      ended,
    }
  }

/** How a terminal is left: as it was found. */
export function expectClean({before, after, modes}: ScreenEnded): void {
  const sizeless = (stty: string): string => stty.replace(/rows \d+; columns \d+;/, '')
  expect(sizeless(after)).toBe(sizeless(before))
  expect(modes).toEqual({alternate: false, cursorHidden: false, bracketedPaste: false, noWrap: false})
}

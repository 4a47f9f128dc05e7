/**
 * leat at a terminal that is typed at: a pane of tmux, with a server of its own.
 *
 *   const pane = openPane(env)`shell`
 *   await pane.shows(/leat as alice ›/)
 *   pane.type('list\r')
 */
import {execFileSync, spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, onTestFinished} from 'vitest'
import {runs, until} from './background.js'
import {lineOf, shellLine} from './pseudo-terminal.js'

export const hasTmux = spawnSync('tmux', ['-V']).status === 0

export interface Pane {
  /** What stands on the screen, and above it, without spaces at the ends of lines. */
  readonly text: string
  shows(what: RegExp | string): Promise<void>
  /** Typed as it is; `\r` is Enter, `\x03` Ctrl-C. */
  type(text: string): void
  /** Pasted as a terminal does it. */
  paste(text: string): void
  resize(columns: number, rows: number): void
  /** What is printed when leat is over: its exit code. */
  ends(): Promise<number>
}

export interface PaneOptions {
  as?: string
  columns?: number
  rows?: number
}

/** Its socket stands in HOME, so that nothing of the machine's own tmux is met. */
export const openPane =
  (env: Record<string, string>, {as = 'alice', columns = 100, rows = 40}: PaneOptions = {}) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Pane => {
    const socket = join(env['HOME'] as string, 'tmux')
    const around = {...env, LEAT_AS: as, LANG: 'C.UTF-8', SHELL: '/bin/sh', TERM: 'xterm-256color'}
    const tmux = (...words: string[]): string =>
      execFileSync('tmux', ['-f', '/dev/null', '-S', socket, ...words], {env: around, encoding: 'utf8'})
    const pidFile = join(env['HOME'] as string, `pane-${process.hrtime.bigint()}.pid`)
    const started = `${shellLine(['sh', '-c', 'echo $$ >"$0"; exec "$@"', pidFile])} ${lineOf(strings, values)}`
    const command = `trap : INT; stty -ixon; ${started}; echo "ended with $?:$(stty -a | grep -o -- '-\\?\\bicanon')"; exec cat`
    tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), 'sh', '-c', command)
    onTestFinished(async () => {
      spawnSync('tmux', ['-S', socket, 'kill-server'])
      // It still writes while it ends.
      await until(() => expect(runs(Number(readFileSync(pidFile, 'utf8')))).toBe(false))
    })
    const pane: Pane = {
      get text() {
        return tmux('capture-pane', '-p', '-J', '-S', '-1000').replace(/ +$/gm, '')
      },
      shows: (what) => until(() => expect(pane.text).toMatch(what)),
      type: (text) => void tmux('send-keys', '-l', text),
      paste: (text) => {
        tmux('set-buffer', '--', text)
        tmux('paste-buffer', '-p')
      },
      resize: (width, height) => void tmux('resize-window', '-x', String(width), '-y', String(height)),
      ends: async () => {
        await pane.shows(/ended with \d+:/)
        const [, code, mode] = /ended with (\d+):(-?icanon)/.exec(pane.text) ?? []
        expect(mode, 'the terminal is as it was').toBe('icanon')
        return Number(code)
      },
    }
    return pane
  }

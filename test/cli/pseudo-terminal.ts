/** What the tests at a terminal share: a pseudo-terminal made by `script` (util-linux), on which stdin, stdout and stderr are one. */
import {type ChildProcessByStdio, spawn, spawnSync} from 'node:child_process'
import type {Readable, Writable} from 'node:stream'
import {quotedWord} from '../../src/cli/words.js'
import {BIN, wordsOf} from './leat.js'

/** Whether this machine has the `script` of util-linux. */
export const hasTerminal =
  spawnSync('script', ['--version'], {encoding: 'utf8'}).stdout?.includes('util-linux') ?? false

/** leat as a line for sh. @param bin what is started, default: the built leat */
export const lineOf = (strings: TemplateStringsArray, values: readonly unknown[], bin = BIN): string =>
  shellLine([process.execPath, bin, ...wordsOf(strings, values)])

export const shellLine = (words: readonly string[]): string => words.map(quotedWord).join(' ')

/** Runs a script of sh on a pseudo-terminal, as `alice`. */
export const atTerminal = (
  script: string,
  env: Readonly<Record<string, string>>,
): ChildProcessByStdio<Writable, Readable, null> =>
  spawn('script', ['-qec', script, '/dev/null'], {
    env: {LEAT_AS: 'alice', TERM: 'xterm-256color', SHELL: '/bin/sh', ...env},
    stdio: ['pipe', 'pipe', 'inherit'],
  })

/** Pages of docs/ whose examples run against a server. */
import {type ChildProcess, spawn} from 'node:child_process'
import {readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {onTestFinished} from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Example {
  language: string
  code: string
}

/** Every fenced example of a page, in its order. */
export const examplesOf = (page: string): Example[] =>
  [...readFileSync(join(ROOT, 'docs', page), 'utf8').matchAll(/^```(\S*)\n(.*?)^```/gms)].map(
    ([, language = '', code = '']) => ({language, code}),
  )

/** Makes the packages that leat has usable in a folder. */
export const withPackages = (folder: string): void =>
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))

export interface Running {
  readonly stdout: string
  readonly stderr: string
  /** Its exit code. */
  ended: Promise<number | null>
}

const COMMANDS: Readonly<Record<string, (file: string) => string[]>> = {
  sh: (file) => ['bash', '-euo', 'pipefail', file],
  python: (file) => ['python3', file],
  // A browser's globals, without a flag from Node 22 on.
  js: (file) => [process.execPath, '--experimental-websocket', file],
}
const ENDINGS: Readonly<Record<string, string>> = {sh: 'sh', python: 'py', js: 'mjs'}

/** Runs an example in a folder; it is killed when the test ends. Fails where what it needs isn't there. */
export function play({language, code}: Example, folder: string, env: Readonly<Record<string, string>> = {}): Running {
  const file = join(folder, `example.${ENDINGS[language]}`)
  writeFileSync(file, code)
  const [command = '', ...words] = COMMANDS[language]?.(file) ?? []
  const child: ChildProcess = spawn(command, words, {
    cwd: folder,
    env: {PATH: process.env['PATH'], ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = {stdout: '', stderr: ''}
  child.stdout?.on('data', (chunk: Buffer) => (said.stdout += chunk))
  child.stderr?.on('data', (chunk: Buffer) => (said.stderr += chunk))
  return {
    get stdout() {
      return said.stdout
    },
    get stderr() {
      return said.stderr
    },
    ended: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    }),
  }
}

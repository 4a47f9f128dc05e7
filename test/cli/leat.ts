/**
 * leat through its real binary, for tests: a fresh folder with a store of its own, and a tag that runs a command line.
 *
 *   const {leat} = await world()
 *   await leat`channel create ops`
 *   const sent = await leat({stdin: 'hi', as: 'alice'})`send ops --json`
 *   expect(sent.json()).toMatchObject({sent: [{channel: 'ops', seq: 1}]})
 */
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {onTestFinished} from 'vitest'

export const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export interface RunOptions {
  /** The actor; default `alice`. `null`: none is set. */
  as?: string | null
  stdin?: string | Uint8Array
  /** Added to a clean environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>
  cwd?: string
  /** Milliseconds after which the process is killed and the test fails. Default 30 s. */
  timeout?: number
  /** Runs it as this OS user (tests run as root in some places). */
  uid?: number
}

export interface Result {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** stdout as it was. */
  bytes: Buffer
  /** stdout as one JSON value. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  json(): any
  /** stdout as a JSON value a line. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  jsonLines(): any[]
  /** stderr as the error object of --json. */
  error(): {code: string; message: string; hint?: string; violations?: {pointer: string; message: string}[]}
  /** stdout's lines. */
  lines(): string[]
}

export type Tag = (strings: TemplateStringsArray, ...values: unknown[]) => Promise<Result>
export interface Leat extends Tag {
  (strings: TemplateStringsArray, ...values: unknown[]): Promise<Result>
  (options: RunOptions): Tag
}

export interface World {
  /** A folder that is gone after the test. */
  dir: string
  /** Path of its store (not made yet): the default store of this HOME, or with `defaultStore: false` a named one. */
  store: string
  /** The environment in which commands run. */
  env: Record<string, string>
  leat: Leat
}

/** Words of a template: split at white space, '…' and "…" keep it, an interpolated value is part of one word (an array: several). */
export function wordsOf(strings: TemplateStringsArray, values: readonly unknown[]): string[] {
  const words: string[] = []
  let word: string | undefined
  const push = (): void => {
    if (word !== undefined) words.push(word)
    word = undefined
  }
  strings.forEach((text, index) => {
    for (const [part, single, double] of text.matchAll(/'([^']*)'|"([^"]*)"|\s+|[^\s'"]+/g)) {
      if (/^\s/.test(part)) push()
      else word = (word ?? '') + (single ?? double ?? part)
    }
    if (index >= values.length) return
    const value = values[index]
    if (Array.isArray(value)) {
      push()
      words.push(...value.map(String))
    } else word = (word ?? '') + String(value)
  })
  push()
  return words
}

export function world({defaultStore = true}: {defaultStore?: boolean} = {}): World {
  const dir = mkdtempSync(join(tmpdir(), 'leat-test-'))
  onTestFinished(() => rmSync(dir, {recursive: true, force: true}))
  const store = join(dir, 'bus.db')
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    XDG_DATA_HOME: join(dir, 'data'),
    // The default store is made on first use; a named one is not.
    ...(defaultStore ? {} : {LEAT_STORE: store}),
    TZ: 'UTC',
  }
  const run = (options: RunOptions, argv: string[]): Promise<Result> =>
    runLeat(argv, {...options, env: {...env, ...options.env}, cwd: options.cwd ?? dir})
  const leat = ((first: TemplateStringsArray | RunOptions, ...values: unknown[]) =>
    'raw' in first
      ? run({}, wordsOf(first, values))
      : (strings: TemplateStringsArray, ...inner: unknown[]) => run(first, wordsOf(strings, inner))) as Leat
  return {dir, store: defaultStore ? join(dir, 'data', 'leat', 'leat.db') : store, env, leat}
}

function runLeat(
  argv: string[],
  {as = 'alice', stdin, env = {}, cwd, timeout = 30_000, uid}: RunOptions,
): Promise<Result> {
  const full = Object.fromEntries(
    Object.entries({...(as === null ? {} : {LEAT_AS: as}), ...env}).filter(([, value]) => value !== undefined),
  ) as Record<string, string>
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...argv], {
      cwd,
      env: full,
      uid,
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`leat ${argv.join(' ')} ran longer than ${timeout} ms; stderr: ${Buffer.concat(err)}`))
    }, timeout)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve(result(code, signal, Buffer.concat(out), Buffer.concat(err).toString()))
    })
    child.stdin?.on('error', () => {}) // a command that never reads its stdin closes it early
    child.stdin?.end(stdin)
  })
}

function result(code: number | null, signal: NodeJS.Signals | null, bytes: Buffer, stderr: string): Result {
  const stdout = bytes.toString()
  const lines = (): string[] => stdout.split('\n').slice(0, -1)
  const parsed = (text: string) => {
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw new Error(`no JSON: ${text}\nexit ${code ?? signal}, stderr: ${stderr}`, {cause})
    }
  }
  return {
    code,
    signal,
    stdout,
    stderr,
    bytes,
    lines,
    json: () => parsed(stdout),
    jsonLines: () => lines().map(parsed),
    error: () => parsed(stderr.trim().split('\n').at(-1) ?? '').error,
  }
}

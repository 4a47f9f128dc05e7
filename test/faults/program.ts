/** The program, started by the faults: with a clean environment, and whatever is done to it. */
import {spawn} from 'node:child_process'
import {fileURLToPath} from 'node:url'

/** leat as it is installed. */
export const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** What is around a run, and how it is started. */
export interface Around {
  /** A folder that is home and current folder. */
  home: string
  /** Path of the store that is in force. */
  store: string
  env?: Readonly<Record<string, string>>
  stdin?: string
  /** The mask of modes of what is made. */
  umask?: number
  /** A command in front of it, with its words: strace, faketime. */
  under?: readonly string[]
}

export interface Ran {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** Milliseconds that it took. */
  ms: number
}

/** Milliseconds after which a run has hung: longer than any wait of a command that isn't told to wait. */
const HUNG = 120_000

/** The environment of a run, as of somebody who set nothing but the store. */
export const environment = ({home, store, env}: Around): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  LEAT_STORE: store,
  LEAT_AS: 'alice',
  CI: '1',
  TZ: 'UTC',
  ...env,
})

/** Runs a command line to its end. @throws Error it hangs */
export function leat(around: Around, ...words: string[]): Promise<Ran> {
  const {home, stdin = '', umask, under = []} = around
  const began = performance.now()
  const masked = umask === undefined ? [] : ['sh', '-c', `umask ${umask.toString(8)}; exec "$@"`, 'sh']
  const [program, ...rest] = [...masked, ...under, process.execPath, BIN, ...words]
  return new Promise((resolve, reject) => {
    const child = spawn(program!, rest, {cwd: home, env: environment(around), stdio: 'pipe'})
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk))
    child.stdin.on('error', () => {}) // a command that never reads its stdin closes it early
    child.stdin.end(stdin)
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`leat ${words.join(' ')} hangs; stderr: ${stderr}`))
    }, HUNG)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({code, signal, stdout, stderr, ms: performance.now() - began})
    })
  })
}

/** Works through a list, so many at a time. */
export async function each<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({length: atOnce}, lane))
}

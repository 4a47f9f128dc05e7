/** A folder with a store in it, the built leat on that store, and its server; all gone afterwards. */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {BIN} from '../program.js'

/** Milliseconds that a command has. */
const PATIENCE = 300_000

export interface Done {
  code: number
  stdout: Buffer
  stderr: string
}

export interface RunOptions {
  stdin?: string | Uint8Array
  /** Beside the room's own. */
  env?: Record<string, string>
}

export interface Server {
  http: string
  socket: string
  /** What it said on stderr. */
  readonly stderr: string
  /** Stops it as one does. Its exit code. @throws it is gone already */
  stop(): Promise<number>
}

export interface Room {
  folder: string
  /** In the folder, and the current one of commands. */
  inner: string
  env: Readonly<Record<string, string>>
  /** As `alice`. Rejects when it dies of a signal, or takes too long. */
  leat(words: readonly string[], options?: RunOptions): Promise<Done>
  /** With a socket and without tokens, as `alice`. */
  serve(...flags: string[]): Promise<Server>
}

/** Runs `fault` in a new room. @param programs a folder in front of PATH */
export async function inRoom<T>(fault: (room: Room) => Promise<T>, {programs}: {programs?: string} = {}): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-text-'))
  const inner = join(folder, 'in', 'here')
  mkdirSync(inner, {recursive: true})
  const path = process.env['PATH'] ?? ''
  const env = {
    PATH: programs === undefined ? path : `${programs}${delimiter}${path}`,
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    LEAT_AS: 'alice',
    TZ: 'UTC',
    CI: '1',
  }
  const started: ChildProcess[] = []
  const start = (words: readonly string[], more: Record<string, string> = {}): ChildProcess => {
    const child = spawn(process.execPath, [BIN, ...words], {cwd: inner, env: {...env, ...more}})
    started.push(child)
    return child
  }
  try {
    return await fault({
      folder,
      inner,
      env,
      leat: (words, {stdin, env: more} = {}) => finished(start(words, more), words, stdin),
      serve: async (...flags) =>
        serverOf(start(['serve', '--port', '0', '--no-auth', '--socket', 'sock', ...flags]), inner),
    })
  } finally {
    for (const child of started) if (child.exitCode === null) child.kill('SIGKILL')
    rmSync(folder, {recursive: true, force: true})
  }
}

async function finished(child: ChildProcess, words: readonly string[], stdin?: string | Uint8Array): Promise<Done> {
  const said = gathered(child)
  child.stdin?.on('error', () => {}) // a command that never reads its stdin closes it early
  child.stdin?.end(stdin)
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  clearTimeout(late)
  if (code === null) throw new Error(`leat ${words.join(' ')} died of ${signal}: ${said.stderr()}`)
  return {code, stdout: said.stdout(), stderr: said.stderr()}
}

function gathered({stdout, stderr}: ChildProcess): {stdout(): Buffer; stderr(): string} {
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  stderr?.on('data', (chunk: Buffer) => err.push(chunk))
  return {stdout: () => Buffer.concat(out), stderr: () => Buffer.concat(err).toString()}
}

async function serverOf(child: ChildProcess, folder: string): Promise<Server> {
  const said = gathered(child)
  child.stdin?.end()
  const ended = once(child, 'close')
  const ready = async (): Promise<string> => {
    for (;;) {
      const [, url] = /ready (http:\S+)[^\n]*\n/.exec(said.stdout().toString()) ?? []
      if (url !== undefined) return url
      if (child.exitCode !== null) throw new Error(`serve ended: ${said.stderr()}`)
      await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended])
    }
  }
  return {
    http: await ready(),
    socket: join(folder, 'sock'),
    get stderr() {
      return said.stderr()
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the server was gone: ${child.exitCode ?? child.signalCode}\n${said.stderr()}`)
      child.kill('SIGTERM')
      const [code] = await ended
      return code as number
    },
  }
}

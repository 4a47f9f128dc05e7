/** A folder with a store in it, and processes on that store; all gone afterwards. */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type Bus, openBus} from '../../src/index.js'

/** The system's steady clock in milliseconds: the same for all processes. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6

/** What a process is told: who it is, and what its script needs. */
export interface Given {
  name: string
  [more: string]: unknown
}

export type Script =
  | 'worker'
  | 'writer'
  | 'grouped'
  | 'sender'
  | 'follower'
  | 'cursor'
  | 'responder'
  | 'deliverer'
  | 'door'

export interface Room {
  /** Path of the store. */
  store: string
  /** In this process. */
  bus: Bus
  start(script: Script, given: Given): Started
  /** What processes have noted in the room's file of this name: the words of each line. */
  notes(log: string): string[][]
  /** Path of such a file. */
  log(name: string): string
}

/** Runs `proof` in a new room with these channels. */
export async function inRoom<T>(channels: readonly string[], proof: (room: Room) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-live-'))
  const store = join(folder, 'live.db')
  const started: Started[] = []
  const bus = await openBus({store, as: 'alice', create: true})
  try {
    for (const channel of channels) await bus.createChannel(channel)
    const log = (name: string): string => join(folder, name)
    return await proof({
      store,
      bus,
      log,
      notes: (name) => linesOf(log(name)).map((line) => line.split(' ')),
      start: (script, given) => {
        const child = new Started(script, {store, ...given})
        started.push(child)
        return child
      },
    })
  } finally {
    await Promise.all(started.map((child) => child.kill()))
    await bus.close()
    rmSync(folder, {recursive: true, force: true})
  }
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}

/** A process of `children/`. What it says is kept until somebody asks. */
export class Started {
  readonly name: string
  /** How it ended: its exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals>
  readonly #child: ChildProcess
  readonly #heard: {word: string}[] = []
  #isOver = false
  #stderr = ''

  constructor(script: Script, given: Given) {
    this.name = given.name
    const path = fileURLToPath(new URL(`children/${script}.js`, import.meta.url))
    this.#child = spawn(process.execPath, [path, JSON.stringify(given)], {stdio: ['ignore', 'ignore', 'pipe', 'ipc']})
    this.#child.on('message', (message: {word: string}) => this.#heard.push(message))
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString()
    })
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      this.#isOver = true
      if (code !== null && code !== 0) throw new Error(`${script} ${this.name}: exit ${code}\n${this.#stderr}`)
      return code ?? signal
    })
    this.ended.catch(() => {}) // told to who waits for it
  }

  get isOver(): boolean {
    return this.#isOver
  }

  has(word: string): boolean {
    return this.#heard.some((message) => message.word === word)
  }

  /** The first message of that word, which may have come before. Rejects when the process ends without. */
  async heard(word: string): Promise<{word: string; [more: string]: unknown}> {
    for (;;) {
      const found = this.#heard.find((message) => message.word === word)
      if (found) return found
      const over = new AbortController()
      await Promise.race([once(this.#child, 'message', {signal: over.signal}).catch(() => {}), this.ended])
      over.abort()
      if (this.#isOver && !this.has(word)) throw new Error(`${this.name} ended without "${word}"\n${this.#stderr}`)
    }
  }

  tell(word: string): void {
    this.#child.send({word})
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Returns when it is gone. */
  async kill(): Promise<void> {
    if (this.#isOver) return
    this.#child.kill('SIGKILL')
    await this.ended.catch(() => {})
  }
}

/** All that comes. */
export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list = []
  for await (const item of items) list.push(item)
  return list
}

/** Texts as lines of bulk input. */
export async function* lines(count: number, text: (line: number) => string) {
  for (let line = 1; line <= count; line++) yield {line, draft: {body: text(line)}}
}

/** One shell: what is in use, and how a line of it runs. */
import type {Config} from '@oclif/core'
import {LeatError} from '../../model/errors.js'
import {checkName} from '../../model/names.js'
import {packVerbatim} from '../argv.js'
import {type Catalog, catalogOf} from '../completing/catalog.js'
import {callOf, commandOf, dispatch} from '../dispatch.js'
import type {Environment} from '../environment.js'
import {reportError} from '../errors.js'
import {ClosedPipe, writeFully} from '../output/sink.js'
import type {EndingSignal} from '../signals.js'
import {takeApart} from '../words.js'
import {CommandHost} from './command-host.js'
import type {History} from './history.js'
import {putInUse} from './in-use.js'
import {KeptStore} from './kept-store.js'
import {runInSystemShell} from './system.js'

export interface SessionOptions {
  config: Config
  env: Environment
  /** The environment of the lines that the user's own shell runs. */
  handedOn: Environment
  /** Who acts where no `as` says otherwise. */
  actor: string
  /** The store: as it was named if it was, and where its file is. */
  store: {named: string | undefined; path: string}
  /** Global flags that every line begins with. */
  globals: readonly string[]
  history: History
  /** Somebody types. */
  terminal: boolean
}

export interface Outcome {
  /** Exit code of the line. */
  code: number
  /** The shell is to end: it was told to, or nobody reads its output any more. */
  end?: boolean
  /** It failed, and nothing was said about it. */
  silent?: boolean
}

export interface RunOptions {
  /** Its number, where the lines are a file's. */
  line?: number
  /** Nobody is to be asked: more lines wait. */
  unasked?: boolean
}

export class Session {
  readonly kept: KeptStore
  readonly #options: SessionOptions
  #catalog: Catalog | undefined
  #channel: string | undefined
  #actor: string | undefined
  #running: CommandHost | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    const {store, env} = options
    this.kept = new KeptStore({store: store.named, path: store.path, env})
  }

  /** Of all commands, which no prompt waits for. */
  get catalog(): Catalog {
    const {commands, topics} = this.#options.config
    this.#catalog ??= catalogOf(commands, topics)
    return this.#catalog
  }

  get channel(): string | undefined {
    return this.#channel
  }

  get actor(): string {
    return this.#actor ?? this.#options.actor
  }

  /** Runs a line to its end, and says what went wrong. An empty one does nothing. */
  async run(text: string, {line, unasked = !this.#options.terminal}: RunOptions = {}): Promise<Outcome> {
    let words: string[] = []
    try {
      if (text.includes('\0'))
        throw new LeatError('USAGE', 'the line has a NUL, which no word of a command can have', {
          hint: 'bytes come in by --file',
        })
      if (text.trimStart().startsWith('!')) return {code: await this.#system(text.trimStart().slice(1)), silent: true}
      words = wordsOf(text)
      const [first = '', ...rest] = words
      if (first === '') return {code: 0}
      const own = this.#own(first)
      if (own) return await own(rest)
      return await this.#command(words, unasked, line)
    } catch (error) {
      return this.#failed(error, words, undefined, line)
    }
  }

  /** Ends the command that runs. */
  signal(signal: EndingSignal): void {
    this.#running?.signal(signal)
  }

  #own(word: string): ((rest: readonly string[]) => Promise<Outcome>) | undefined {
    switch (word) {
      case 'use':
        return (rest) => this.#use(rest)
      case 'as':
        return async (rest) => {
          const name = atMostOne('as', rest)
          this.#actor = name === undefined ? undefined : checkName('actor', name)
          return {code: 0}
        }
      case 'history':
        return async (rest) => {
          if (rest.length > 0) throw unexpected('history', rest[0])
          const lines = this.#options.history.lines.map((line, at) => `${String(at + 1).padStart(5)}  ${line}\n`)
          writeFully(1, Buffer.from(lines.join('')))
          return {code: 0}
        }
      case 'exit':
      case 'quit':
        return async (rest) => ({code: exitCode(atMostOne(word, rest)), end: true})
      default:
        return undefined
    }
  }

  /** @throws NOT_FOUND, FORBIDDEN, INVALID */
  async #use(rest: readonly string[]): Promise<Outcome> {
    const name = atMostOne('use', rest)
    if (name !== undefined) {
      const bus = await this.kept.as(this.actor)
      // Without a store there is no channel, and the next command says what is wrong.
      if (bus) await bus.channel(checkName('channel', name))
      else throw new LeatError('NOT_FOUND', `no channel "${name}": no store`, {hint: `channel create ${name}`})
    }
    this.#channel = name
    return {code: 0}
  }

  async #command(words: readonly string[], unasked: boolean, line: number | undefined): Promise<Outcome> {
    const {config} = this.#options
    const bus = await this.kept.as(this.actor)
    const exists = async (name: string): Promise<boolean> => {
      const channels = await bus?.channels({pattern: name, all: true}).catch(() => [])
      return channels?.some((channel) => channel.name === name) ?? false
    }
    const given = await putInUse(words, {catalog: this.catalog, channel: this.#channel, exists})
    const packed = packVerbatim(given)
    const all = [...this.#globals(packed, unasked), ...packed]
    const call = callOf(config, all)
    // It may want the store for itself alone.
    if (call.name[0] === 'store') await this.kept.close()
    const host = new CommandHost()
    this.#running = host
    try {
      await host.wait(dispatch(config, call, all.includes('--json'), host))
      const code = host.code ?? Number(process.exitCode ?? 0)
      return {code, silent: host.code === undefined}
    } catch (error) {
      return this.#failed(error, all, commandOf(config, call), line)
    } finally {
      this.#running = undefined
      process.exitCode = undefined
    }
  }

  /** What every line begins with, but what it says itself. */
  #globals(words: readonly string[], unasked: boolean): string[] {
    const says = (flag: string): boolean => words.some((word) => word === flag || word.startsWith(`${flag}=`))
    const all = [...this.#options.globals, ...(this.#actor === undefined ? [] : [`--as=${this.#actor}`])]
    const last = new Map(all.map((flag) => [flag.split('=', 1)[0] as string, flag]))
    if (unasked) last.set('--no-input', '--no-input')
    return [...last].filter(([flag]) => !says(flag)).map(([, word]) => word)
  }

  async #system(line: string): Promise<number> {
    if (line.trim() === '') throw new LeatError('USAGE', 'nothing behind !', {hint: '!COMMAND runs it in your shell'})
    const {handedOn, store, terminal} = this.#options
    const around = {...handedOn, LEAT_STORE: store.path, LEAT_AS: this.actor}
    return runInSystemShell(line, around, terminal)
  }

  #failed(error: unknown, words: readonly string[], command: string | undefined, line: number | undefined): Outcome {
    if (error instanceof ClosedPipe) return {code: 0, end: true}
    return {code: reportError(error, {json: words.includes('--json'), command, words, line})}
  }
}

/** Without the `leat` that is in everybody's fingers. @throws USAGE */
function wordsOf(text: string): string[] {
  const {words, open, operator} = takeApart(text)
  if (operator !== undefined)
    throw new LeatError('USAGE', `a ${JSON.stringify(operator)} that isn't quoted means nothing here`, {
      hint: 'quote it, or run the line in your shell: !leat …',
    })
  if (open !== undefined)
    throw new LeatError('USAGE', open === '\\' ? 'the line ends behind a backslash' : `a ${open} is not closed`)
  const texts = words.map((word) => word.text)
  // A bare `leat` is `leat status`.
  return texts[0] === 'leat' ? (texts.length === 1 ? ['status'] : texts.slice(1)) : texts
}

/** @throws USAGE */
function atMostOne(word: string, rest: readonly string[]): string | undefined {
  if (rest.length > 1) throw unexpected(word, rest[1])
  return rest[0]
}

const unexpected = (word: string, argument = ''): LeatError =>
  new LeatError('USAGE', `unexpected argument ${JSON.stringify(argument)} of ${word}`)

/** @throws USAGE */
function exitCode(text: string | undefined): number {
  if (text === undefined) return 0
  if (/^\d{1,3}$/.test(text) && Number(text) < 256) return Number(text)
  throw new LeatError('USAGE', `${JSON.stringify(text)} is not an exit code`, {hint: 'a number from 0 to 255'})
}

import type {Column} from './column.js'
import {fieldLine} from './column.js'
import {forField, forTerminal, forTerminalLine, jsonForTerminal} from './escape.js'
import type {Paint} from './paint.js'
import {Sink, writeFully} from './sink.js'
import type {Look} from './table.js'

/** How one kind of thing is printed. */
export interface View<T> {
  /** In this order for programs. */
  columns: readonly Column<T>[]
  /** What people see at a terminal. Default: the same. */
  people?: readonly Column<T>[]
  /** The thing as JSON. Default: `JSON.stringify` of it as it is. */
  json?(row: T): string
}

export interface OutputOptions {
  json: boolean
  quiet: boolean
  /** stdout is a terminal. */
  terminal: boolean
  /** stderr is a terminal. */
  errorTerminal: boolean
  paint: Paint
  /** Cells. */
  width: number
  clock: () => number
}

/** Results go to stdout, all else to stderr; the form depends on who reads: a person, a pipe, or `--json`. */
export class Output {
  readonly json: boolean
  readonly quiet: boolean
  readonly terminal: boolean
  readonly errorTerminal: boolean
  readonly paint: Paint
  readonly width: number
  readonly clock: () => number
  readonly #sink = new Sink(1)

  constructor(options: OutputOptions) {
    this.json = options.json
    this.quiet = options.quiet
    this.terminal = options.terminal
    this.errorTerminal = options.errorTerminal
    this.paint = options.paint
    this.width = options.width
    this.clock = options.clock
  }

  get now(): number {
    return this.clock()
  }

  /** How people see it now. */
  get look(): Look {
    return {paint: this.paint, width: this.width, now: this.now}
  }

  /** A list of things: a table for people, a line of fields or an object a line otherwise. `empty` is a note for people. */
  async records<T>(rows: readonly T[], view: View<T>, empty?: string): Promise<void> {
    if (!this.json && this.terminal) {
      if (rows.length === 0) return empty === undefined ? undefined : this.note(empty)
      const {table} = await import('./table.js')
      this.write(table(rows, view.people ?? view.columns, this.look))
    } else for (const row of rows) this.write(this.json ? `${jsonOf(row, view)}\n` : fieldLine(row, view.columns))
    this.flush()
  }

  /** As `records`, one by one as they come, without a heading. Returns how many there were. */
  async each<T>(rows: AsyncIterable<T>, view: View<T>): Promise<number> {
    let count = 0
    for await (const row of rows) {
      count++
      this.write(
        this.json
          ? `${jsonOf(row, view)}\n`
          : this.terminal
            ? this.#shownLine(row, view)
            : fieldLine(row, view.columns),
      )
      await this.ease()
    }
    await this.drain()
    return count
  }

  #shownLine<T>(row: T, {columns, people = columns}: View<T>): string {
    const cells = people.map((column) => forTerminalLine((column.shown ?? column.plain)(row, this.now)))
    return `${cells.join('  ')}\n`
  }

  /** A single thing: its fields one below the other, or one object. Fields without a value are left out. */
  async record<T>(row: T, view: View<T>): Promise<void> {
    if (this.json) this.write(`${jsonOf(row, view)}\n`)
    else if (this.terminal) {
      const {fieldsOf, fieldsText} = await import('./fields.js')
      this.write(fieldsText(fieldsOf(row, view.people ?? view.columns, this.look), this.look))
    } else
      for (const column of view.columns) {
        const text = column.plain(row)
        if (text !== '') this.write(`${column.head}\t${forField(text)}\n`)
      }
    this.flush()
  }

  /** The outcome of an act: a sentence for people, and in a pipe only with `--json`. Nothing with `--quiet`. */
  done(sentence: string, json: unknown): void {
    if (this.json) this.write(`${JSON.stringify(json)}\n`)
    else if (this.terminal && !this.quiet) this.write(`${forTerminal(sentence)}\n`)
    this.flush()
  }

  /** The answer to a question, which is asked for in a pipe too: a sentence, or an object. */
  answer(sentence: string, json: unknown): void {
    if (this.json) this.write(`${JSON.stringify(json)}\n`)
    else this.write(`${this.terminal ? forTerminal(sentence) : sentence}\n`)
    this.flush()
  }

  /** To stdout. Text is written as it is, but JSON so that a terminal obeys nothing in it. @throws ClosedPipe */
  write(text: string | Uint8Array): void {
    this.#sink.write(this.json && this.terminal && typeof text === 'string' ? jsonForTerminal(text) : text)
  }

  /** @throws ClosedPipe */
  flush(): void {
    this.#sink.flush()
  }

  /** As `flush`, but timers and signals go on while the other side is slow. @throws ClosedPipe */
  drain(): Promise<void> {
    return this.#sink.drain()
  }

  /** Writes what the other side takes now. Whether that was all: else `drain` waits for it. @throws ClosedPipe */
  push(): boolean {
    return this.#sink.push()
  }

  /** So much is pending that `ease` would wait. */
  get isBehind(): boolean {
    return this.#sink.isBehind
  }

  /** Waits like `drain` when so much is pending that the other side must be slow. @throws ClosedPipe */
  ease(): Promise<void> {
    return this.#sink.ease()
  }

  /** A remark to stderr, unless `--quiet`. */
  note(text: string): void {
    if (this.quiet) return
    this.flush()
    writeFully(2, Buffer.from(this.remark(text)))
  }

  /** A remark as a line: for people, wherever it ends, so nothing of it is a command to a terminal. */
  remark(text: string): string {
    const harmless = forTerminal(text)
    return `${this.errorTerminal ? this.paint.dim(harmless) : harmless}\n`
  }
}

const jsonOf = <T>(row: T, view: View<T>): string => (view.json ? view.json(row) : JSON.stringify(row))

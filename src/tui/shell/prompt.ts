/** The shell at a terminal: a line editor with history and completion, and what happens between two lines. */
import {createInterface, type Interface} from 'node:readline'
import type {ReadStream, WriteStream} from 'node:tty'
import {Keys} from './keys.js'
import {listing} from './listing.js'
import type {LineCompletion, Shell} from './shell.js'

export interface Screen {
  input: ReadStream
  /** Not where results go. */
  output: WriteStream
}

const BRACKETED_PASTE = {on: '\x1b[?2004h', off: '\x1b[?2004l'}

export class Prompt {
  readonly #shell: Shell
  readonly #output: WriteStream
  readonly #keys: Keys
  readonly #editor: Interface
  /** The lines before, of a text that is still open. */
  #pending = ''
  /** What stood there behind the last TAB. */
  #asked: string | undefined
  #isEditing = false
  #isOver = false
  #typed: (line: string | undefined) => void = () => {}

  constructor(shell: Shell, {input, output}: Screen) {
    this.#shell = shell
    this.#output = output
    this.#keys = new Keys(input)
    this.#editor = createInterface({
      input: this.#keys,
      output,
      terminal: true,
      history: shell.history.lines.toReversed(),
      historySize: 10_000,
      removeHistoryDuplicates: true,
      completer: (text: string, give: (error: null, found: [string[], string]) => void) => {
        this.#complete(text).then(
          (found) => give(null, found),
          () => give(null, [[], text]),
        )
      },
    })
    this.#editor.on('line', (line) => this.#typed(line))
    this.#editor.on('close', () => {
      this.#isOver = true
      this.#typed(undefined)
    })
    this.#editor.on('SIGINT', () => this.#clear())
    // A line that begins with a space isn't kept here either.
    this.#editor.on('history', (lines) => {
      if (this.#isPrivate(lines[0] ?? '')) lines.shift()
    })
  }

  /** Until the shell is told to end, or Ctrl-D. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      const line = await this.#line()
      if (line === undefined) break
      if (!this.#isPrivate(line)) this.#shell.history.add(line)
      const text = this.#pending === '' ? line : `${this.#pending}\n${line}`
      this.#pending = this.#shell.isOpen(text) ? text : ''
      if (this.#pending !== '') continue
      this.#stopEditing()
      if (await this.#shell.run(text, this.#keys.hasMore)) break
    }
    this.close()
  }

  /** A command was interrupted: what was pasted behind it isn't run. */
  interrupted(): void {
    this.#keys.discard()
  }

  /** Leaves the terminal as it was. */
  close(): void {
    this.#stopEditing()
    this.#keys.close()
    this.#isOver = true
    this.#editor.close()
  }

  #line(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#typed = (line) => {
        this.#typed = () => {}
        resolve(line)
      }
      this.#edit()
    })
  }

  #edit(): void {
    this.#keys.attach()
    if (!this.#isEditing) {
      this.#isEditing = true
      // A last line without its end stays: the spaces go on to the next line only behind one.
      this.#output.write(`${' '.repeat(Math.max(0, this.#output.columns - 1))}\r${BRACKETED_PASTE.on}`)
    }
    this.#editor.setPrompt(this.#pending === '' ? `${this.#shell.prompt()} › ` : '… › ')
    this.#editor.prompt()
    this.#keys.next()
  }

  #stopEditing(): void {
    if (!this.#isEditing) return
    this.#isEditing = false
    this.#keys.detach()
    this.#output.write(BRACKETED_PASTE.off)
  }

  /** Ctrl-C where nothing runs: the line is gone, and those before it. */
  #clear(): void {
    this.#keys.discard()
    this.#pending = ''
    for (const name of ['e', 'u']) this.#editor.write(null as unknown as string, {ctrl: true, name})
    this.#output.write('^C\r\n')
    this.#edit()
  }

  #isPrivate(line: string): boolean {
    return line.startsWith(' ') || this.#pending.startsWith(' ')
  }

  async #complete(text: string): Promise<[string[], string]> {
    const isAgain = this.#asked === text
    const before = this.#pending === '' ? '' : `${this.#pending}\n`
    const completion = await this.#shell.complete(before + text)
    if (isAgain && completion.candidates.length > 1) {
      this.#list(completion)
      return [[], text]
    }
    const texts = completion.candidates.map((candidate) => candidate.text)
    // What the editor makes of it: a TAB behind that asks for the list.
    this.#asked = text.slice(0, text.length - completion.typed.length) + (commonStart(texts) || completion.typed)
    return [texts, completion.typed]
  }

  #list({candidates}: LineCompletion): void {
    const {columns = 80, rows = 24} = this.#output
    this.#output.write(`\r\n${listing(candidates, {columns, rows})}\r\n`)
    this.#editor.prompt(true)
  }
}

function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--
  return first.slice(0, length)
}

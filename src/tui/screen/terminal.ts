/** The terminal while a screen has it, and as it was found afterwards, however it ends. */
import type {ReadStream, WriteStream} from 'node:tty'
import {writeFully} from '../../cli/output/sink.js'
import {type Key, KeyDecoder} from './keys.js'

/** Another screen, without cursor; lines that are too long don't break; what is pasted is marked. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[H\x1b[2J'
const LEAVE = '\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l'
/** What stands between them appears at once (terminals that don't know it pass over it). */
const [BEGIN, END] = ['\x1b[?2026h', '\x1b[?2026l']

/** Milliseconds after Escape in which it may still be the beginning of another key. */
const ESCAPE = 40

export interface TerminalOptions {
  stdin: ReadStream
  stdout: WriteStream
  /** The terminal is in tmux: what is for the one around it has to be wrapped. */
  isTmux: boolean
  onKey: (key: Key) => void
  onResize: () => void
  /** The terminal is gone. */
  onGone: () => void
}

export class Terminal {
  readonly #options: TerminalOptions
  #decoder = new KeyDecoder()
  #escape: NodeJS.Timeout | undefined
  #isEntered = false
  /** What the screen shows. */
  #shown: readonly string[] = []

  constructor(options: TerminalOptions) {
    this.#options = options
  }

  get size(): {columns: number; rows: number} {
    const {columns, rows} = this.#options.stdout
    return {columns: columns || 80, rows: rows || 24}
  }

  /** Takes the screen and the keys. */
  enter(): void {
    if (this.#isEntered) return
    this.#isEntered = true
    const {stdin, stdout} = this.#options
    this.#decoder = new KeyDecoder()
    stdin.setRawMode(true)
    stdin.setEncoding('utf8')
    stdin.on('data', this.#typed)
    stdin.on('end', this.#gone)
    stdin.on('error', this.#gone)
    stdin.resume()
    stdout.on('resize', this.#resized)
    this.#write(ENTER)
    this.#shown = []
  }

  /** Gives everything back as it was. Twice is no error. */
  leave(): void {
    if (!this.#isEntered) return
    this.#isEntered = false
    const {stdin, stdout} = this.#options
    clearTimeout(this.#escape)
    stdin.off('data', this.#typed)
    stdin.off('end', this.#gone)
    // An error may still come: it has been heeded.
    stdin.pause()
    stdout.off('resize', this.#resized)
    try {
      stdin.setRawMode(false)
    } catch {
      // The terminal is gone: there is nothing to give back.
    }
    this.#write(LEAVE)
  }

  /** Shows lines, as many as the screen has. Only what differs is written. */
  draw(lines: readonly string[]): void {
    if (!this.#isEntered) return
    let changes = ''
    const count = Math.max(lines.length, this.#shown.length)
    for (let at = 0; at < count; at++)
      // Erased first: at the end of a full line the cursor stands on its last character.
      if (lines[at] !== this.#shown[at]) changes += `\x1b[${at + 1};1H\x1b[2K${lines[at] ?? ''}\x1b[0m`
    this.#shown = lines
    if (changes !== '') this.#write(`${BEGIN}${changes}${END}`)
  }

  /** Everything is drawn again: the screen is not what it was. */
  forget(): void {
    if (this.#isEntered) this.#write('\x1b[0m\x1b[2J')
    this.#shown = []
  }

  /** Puts a text on the clipboard, where the terminal does that (OSC 52). */
  copy(text: string): void {
    const code = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`
    this.#write(this.#options.isTmux ? `${code}\x1bPtmux;${code.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : code)
  }

  /** Something else has the terminal meanwhile. */
  async lend<T>(use: () => T | Promise<T>): Promise<T> {
    this.leave()
    try {
      return await use()
    } finally {
      this.enter()
      this.#options.onResize()
    }
  }

  #write(text: string): void {
    try {
      writeFully(1, Buffer.from(text))
    } catch {
      this.#gone()
    }
  }

  readonly #gone = (): void => {
    if (this.#isEntered) this.#options.onGone()
  }

  readonly #resized = (): void => {
    this.forget()
    this.#options.onResize()
  }

  readonly #typed = (input: string | Buffer): void => {
    clearTimeout(this.#escape)
    this.#tell(this.#decoder.push(String(input)))
    if (this.#decoder.isWaiting) this.#escape = setTimeout(() => this.#tell(this.#decoder.flush()), ESCAPE)
  }

  #tell(keys: readonly Key[]): void {
    for (const key of keys) if (this.#isEntered) this.#options.onKey(key)
  }
}

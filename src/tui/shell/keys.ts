/**
 * What is typed, on its way to the line editor. It gets one line at a time: what was pasted behind that waits here, where no
 * command can read it. While a command runs the terminal isn't read at all.
 */
import {Readable} from 'node:stream'
import type {ReadStream} from 'node:tty'

const PASTE_BEGINS = Buffer.from('\x1b[200~')
const PASTE_ENDS = Buffer.from('\x1b[201~')
/** What a pasted text has no use for, and a line editor would obey. */
const OBEYED = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g

export class Keys extends Readable {
  readonly isTTY = true
  readonly #terminal: ReadStream
  /** In pieces, as the editor takes them: it completes at a TAB only where that comes alone. */
  #waiting: Buffer[] = []
  /** The beginning of a mark, whose rest comes with the next piece. */
  #partial: Buffer = Buffer.alloc(0)
  #isPasting = false
  #isTaking = false
  /** The editor has a line, and takes no more for now. */
  #isFull = false

  constructor(terminal: ReadStream) {
    super()
    this.#terminal = terminal
    terminal.on('end', this.#end)
    terminal.on('error', this.#end)
  }

  /** Something stands behind the line that the editor has. */
  get hasMore(): boolean {
    return this.#waiting.length > 0 || this.#isPasting
  }

  /** Reads the terminal. Before a prompt is there: a Ctrl-C that comes earlier would be the terminal's, with all that was typed. */
  attach(): void {
    if (!this.#isTaking) {
      this.#isTaking = true
      this.#terminal.setRawMode(true)
      this.#terminal.on('data', this.#came)
    }
    this.#terminal.resume()
  }

  /** The editor is ready for a line. */
  next(): void {
    this.#isFull = false
    this.#give()
  }

  /** Leaves the terminal to a command. */
  detach(): void {
    if (!this.#isTaking) return
    this.#isTaking = false
    this.#terminal.off('data', this.#came)
    this.#terminal.pause()
    this.#terminal.setRawMode(false)
  }

  /** Forgets what waits. */
  discard(): void {
    this.#waiting = []
  }

  /** Stops for good. */
  close(): void {
    this.detach()
    this.#terminal.off('end', this.#end)
    this.#terminal.off('error', this.#end)
  }

  /** The line editor's own wish. */
  setRawMode(isRaw: boolean): this {
    if (this.#isTaking) this.#terminal.setRawMode(isRaw)
    return this
  }

  override _read(): void {}

  readonly #end = (): void => void this.push(null)

  readonly #came = (chunk: Buffer): void => {
    this.#waiting.push(...this.#withoutMarks(Buffer.concat([this.#partial, chunk])))
    this.#give()
  }

  /** What waits, up to the end of a line. */
  #give(): void {
    while (!this.#isFull) {
      const piece = this.#waiting.shift()
      if (!piece) return
      this.#isFull = isEnd(piece.at(-1))
      this.push(piece)
    }
  }

  /** Takes the marks of a paste out, and from what stands between them what would be obeyed. */
  #withoutMarks(bytes: Buffer): Buffer[] {
    const pieces: Buffer[] = []
    this.#partial = Buffer.alloc(0)
    for (let at = 0; at < bytes.length; ) {
      const mark = this.#isPasting ? PASTE_ENDS : PASTE_BEGINS
      const found = bytes.indexOf(mark, at)
      const end = found >= 0 ? found : bytes.length - partOf(mark, bytes.subarray(at))
      const piece = bytes.subarray(at, end)
      if (this.#isPasting)
        pieces.push(...cut(Buffer.from(piece.toString('latin1').replace(OBEYED, ''), 'latin1'), PASTED))
      else pieces.push(...cut(piece, TYPED))
      if (found < 0) {
        this.#partial = bytes.subarray(end)
        break
      }
      this.#isPasting = !this.#isPasting
      at = found + mark.length
    }
    return pieces
  }
}

/** Lines with their ends, and what is behind the last one; of what is typed each TAB apart. */
const PASTED = /[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+/g
const TYPED = /\t|[^\t\r\n]*(?:\r\n|[\r\n])|[^\t\r\n]+/g

const cut = (bytes: Buffer, pieces: RegExp): Buffer[] =>
  (bytes.toString('latin1').match(pieces) ?? []).map((piece) => Buffer.from(piece, 'latin1'))

const isEnd = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d

/** How much of a mark stands at the end. Less than three bytes may be a key by itself: Escape. */
function partOf(mark: Buffer, bytes: Buffer): number {
  for (let length = Math.min(mark.length - 1, bytes.length); length >= 3; length--)
    if (bytes.subarray(-length).equals(mark.subarray(0, length))) return length
  return 0
}

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
  #waiting: Buffer = Buffer.alloc(0)
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

  /** The editor is ready for a line. */
  attach(): void {
    this.#isFull = false
    if (!this.#isTaking) {
      this.#isTaking = true
      this.#terminal.setRawMode(true)
      this.#terminal.on('data', this.#came)
    }
    this.#terminal.resume()
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
    this.#waiting = Buffer.alloc(0)
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
    this.#waiting = Buffer.concat([this.#waiting, this.#withoutMarks(Buffer.concat([this.#partial, chunk]))])
    this.#give()
  }

  /** One line of what waits, or all of it if there is none. */
  #give(): void {
    if (this.#isFull || this.#waiting.length === 0) return
    const end = endOfLine(this.#waiting)
    this.#isFull = end !== undefined
    const piece = this.#waiting.subarray(0, end)
    this.#waiting = this.#waiting.subarray(piece.length)
    this.push(piece)
  }

  /** Takes the marks of a paste out, and from what stands between them what would be obeyed. */
  #withoutMarks(bytes: Buffer): Buffer {
    const pieces: Buffer[] = []
    this.#partial = Buffer.alloc(0)
    for (let at = 0; at < bytes.length; ) {
      const mark = this.#isPasting ? PASTE_ENDS : PASTE_BEGINS
      const found = bytes.indexOf(mark, at)
      const end = found >= 0 ? found : bytes.length - partOf(mark, bytes.subarray(at))
      const piece = bytes.subarray(at, end)
      pieces.push(this.#isPasting ? Buffer.from(piece.toString('latin1').replace(OBEYED, ''), 'latin1') : piece)
      if (found < 0) {
        this.#partial = bytes.subarray(end)
        break
      }
      this.#isPasting = !this.#isPasting
      at = found + mark.length
    }
    return Buffer.concat(pieces)
  }
}

/** Behind the first end of a line. */
function endOfLine(bytes: Buffer): number | undefined {
  const at = bytes.findIndex((byte) => byte === 0x0a || byte === 0x0d)
  if (at < 0) return undefined
  return bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? at + 2 : at + 1
}

/** How much of a mark stands at the end. Less than three bytes may be a key by itself: Escape. */
function partOf(mark: Buffer, bytes: Buffer): number {
  for (let length = Math.min(mark.length - 1, bytes.length); length >= 3; length--)
    if (bytes.subarray(-length).equals(mark.subarray(0, length))) return length
  return 0
}

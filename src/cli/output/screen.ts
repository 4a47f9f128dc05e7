/** A terminal's other screen, drawn over again and again; what was on the first one is there again afterwards. */
import {writeFully} from './sink.js'

const OPEN = '\x1b[?1049h\x1b[?25l'
const CLOSE = '\x1b[?25h\x1b[?1049l'
const HOME = '\x1b[H'
const [REST_OF_LINE, REST_OF_SCREEN] = ['\x1b[K', '\x1b[J']

/** What is to be seen at a width: lines, and the last one, which stays when there is no room for all. */
export type Draw = (width: number) => {body: string; foot: string}

export class Screen {
  readonly #stream: NodeJS.WriteStream & {fd: number}
  #draw: Draw = () => ({body: '', foot: ''})
  #isOpen = false

  /** @param stream a terminal */
  constructor(stream: NodeJS.WriteStream & {fd: number}) {
    this.#stream = stream
  }

  /** @param signal closes it at once: whoever is interrupted may not come to its own end */
  open(signal: AbortSignal): void {
    this.#isOpen = true
    this.#write(OPEN)
    signal.addEventListener('abort', this.close)
    process.on('exit', this.close)
    this.#stream.on('resize', this.#redraw)
  }

  /** Shows what is drawn, as far as there are lines for it; again when the terminal's size changes. */
  show(draw: Draw): void {
    this.#draw = draw
    this.#redraw()
  }

  /** Closing again does nothing. */
  readonly close = (): void => {
    if (!this.#isOpen) return
    this.#isOpen = false
    process.removeListener('exit', this.close)
    this.#stream.removeListener('resize', this.#redraw)
    this.#write(CLOSE)
  }

  readonly #redraw = (): void => {
    if (!this.#isOpen) return
    const {columns = 80, rows = 24} = this.#stream
    const {body, foot} = this.#draw(columns)
    const lines = [
      ...body
        .trimEnd()
        .split('\n')
        .slice(0, rows - 1),
      foot,
    ]
    // No newline behind the last one: it would scroll.
    this.#write(`${HOME}${lines.map((line) => line + REST_OF_LINE).join('\r\n')}${REST_OF_SCREEN}`)
  }

  #write(text: string): void {
    writeFully(this.#stream.fd, Buffer.from(text))
  }
}

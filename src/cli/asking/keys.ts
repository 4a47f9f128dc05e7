/** The keys of a terminal, one at a time. */
import {PassThrough} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'

// An escape sequence is one key.
const KEY = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|[\s\S])?|[\s\S]/gu

/**
 * stdin for one question. Keys that come together (pasted, or over a slow line) are given one after the other, so that an
 * Enter finds what was typed before it: inquirer ignores it while it still looks for that.
 */
export class Keys extends PassThrough {
  readonly isTTY = true
  readonly #waiting: string[] = []
  readonly #decoder = new StringDecoder('utf8')
  #next: NodeJS.Immediate | undefined
  readonly #take = (chunk: Buffer | string): void => {
    const text = typeof chunk === 'string' ? chunk : this.#decoder.write(chunk)
    this.#waiting.push(...(text.match(KEY) ?? []))
    this.#give()
  }
  readonly #end = (): void => void this.emit('gone')

  constructor() {
    super()
    process.stdin.on('data', this.#take)
    process.stdin.once('end', this.#end)
    // The question before this one has paused it.
    process.stdin.resume()
  }

  setRawMode(raw: boolean): this {
    if (process.stdin.isTTY) process.stdin.setRawMode(raw)
    return this
  }

  #give(): void {
    this.#next ??= setImmediate(() => {
      this.#next = undefined
      const key = this.#waiting.shift()
      if (key === undefined) return
      this.write(key)
      this.#give()
    })
  }

  /** Leaves stdin as it was. What was typed ahead of the next question is dropped: it may ask something else. */
  close(): void {
    if (this.#next) clearImmediate(this.#next)
    process.stdin.removeListener('data', this.#take)
    process.stdin.removeListener('end', this.#end)
    process.stdin.pause()
    this.destroy()
  }
}

/** What a client of the socket begins with: one JSON request, or the HTTP protocol. */
import type {Socket} from 'node:net'
import {bodyOfBytes} from '../../model/content.js'
import {LeatError} from '../../model/errors.js'

export interface RequestLimits {
  /** Bytes of a request at most. */
  bytes: number
  /** Milliseconds within which a request has to be there, whole. */
  wait: number
}

export type Opening =
  | {speaks: 'json'; text: string}
  /** Everything that came stands in the socket again. */
  | {speaks: 'http'}
  /** It went without a word. */
  | {speaks: 'nothing'}

/**
 * Reads the one request of a connection. It is over where its object ends: at the end of the line, or of what the client
 * sends. Text that begins with a capital letter is HTTP. What comes behind a request is thrown away.
 *
 * @param signal ends the waiting, as if the client had gone
 * @throws INVALID   not one JSON object in UTF-8 without NUL, or not whole in time
 * @throws TOO_LARGE more bytes than a request may have
 */
export async function openingOf(socket: Socket, limits: RequestLimits, signal: AbortSignal): Promise<Opening> {
  const bytes = await firstBytes(socket, limits, signal)
  if (bytes === undefined) return {speaks: 'nothing'}
  if (bytes === 'http') return {speaks: 'http'}
  const text = bodyOfBytes(bytes)
  if (typeof text !== 'string') throw new LeatError('INVALID', 'the request is not UTF-8 text, or has a NUL')
  return {speaks: 'json', text}
}

function firstBytes(socket: Socket, limits: RequestLimits, signal: AbortSignal): Promise<Buffer | 'http' | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const framing = new Framing(limits.bytes)
    const over = (): void => {
      clearTimeout(timer)
      socket.off('data', take).off('end', end)
      signal.removeEventListener('abort', stop)
    }
    const settle = (look: () => 'more' | 'whole' | 'http' | 'nothing'): void => {
      try {
        const found = look()
        if (found === 'more') return
        over()
        if (found === 'http') giveBack(socket, chunks)
        else socket.resume()
        resolve(found === 'whole' ? Buffer.concat(chunks) : found === 'http' ? 'http' : undefined)
      } catch (error) {
        over()
        socket.resume()
        reject(error)
      }
    }
    const take = (chunk: Buffer): void => {
      chunks.push(chunk)
      settle(() => framing.take(chunk))
    }
    const end = (): void => settle(() => framing.end())
    const stop = (): void => settle(() => 'nothing')
    const timer = setTimeout(() => settle(() => framing.late(limits.wait)), limits.wait)
    socket.on('data', take).on('end', end)
    signal.addEventListener('abort', stop)
  })
}

/** As if nobody had read it. */
function giveBack(socket: Socket, chunks: readonly Buffer[]): void {
  socket.pause()
  socket.unshift(Buffer.concat(chunks))
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = [0x7b, 0x5b]
const CLOSE = [0x7d, 0x5d]
const NEWLINE = 0x0a

const isSpace = (byte: number): boolean => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09
const isCapital = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a

/** Finds where a request ends, byte by byte and each byte once, whatever its pieces. Whether it is JSON, others check. */
class Framing {
  readonly #limit: number
  #size = 0
  #isBegun = false
  #depth = 0
  #isText = false
  #isEscaped = false

  constructor(limit: number) {
    this.#limit = limit
  }

  /** @throws TOO_LARGE, INVALID */
  take(chunk: Uint8Array): 'more' | 'whole' | 'http' {
    let isLineOver = false
    for (const byte of chunk) {
      if (++this.#size > this.#limit)
        throw new LeatError('TOO_LARGE', `a request has ${this.#limit} bytes at most`, {
          hint: 'larger content goes by HTTP or the command line',
        })
      if (this.#isWhole) isLineOver ||= this.#behind(byte)
      else if (this.#isBegun) this.#within(byte)
      else if (isCapital(byte)) return 'http'
      else this.#begin(byte)
    }
    return isLineOver ? 'whole' : 'more'
  }

  /** Nothing more comes. @throws INVALID */
  end(): 'whole' | 'nothing' {
    if (this.#isWhole) return 'whole'
    if (!this.#isBegun) return 'nothing'
    throw new LeatError('INVALID', 'the request ends in the middle')
  }

  /** It is time. @throws INVALID */
  late(wait: number): 'whole' {
    if (this.#isWhole) return 'whole'
    throw new LeatError('INVALID', `no whole request within ${wait / 1000} s`)
  }

  get #isWhole(): boolean {
    return this.#isBegun && this.#depth === 0
  }

  #begin(byte: number): void {
    if (isSpace(byte)) return
    if (byte !== OPEN[0]) throw new LeatError('INVALID', 'the request is not a JSON object')
    this.#isBegun = true
    this.#depth = 1
  }

  #within(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (this.#isText && byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTE) this.#isText = !this.#isText
    else if (this.#isText) return
    else if (OPEN.includes(byte)) this.#depth++
    else if (CLOSE.includes(byte)) this.#depth--
  }

  #behind(byte: number): boolean {
    if (isSpace(byte)) return byte === NEWLINE
    throw new LeatError('INVALID', 'something stands behind the request: it is one object a connection')
  }
}

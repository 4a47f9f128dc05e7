import type {Socket} from 'node:net'

/**
 * Writes to a socket piece by piece: nothing but the piece in hand is kept for a slow client, and one that takes nothing
 * for long is cut off. While nothing is written, looks now and then whether the client is still there: a client that has
 * closed its half doesn't say when it goes.
 */
export class SocketWriter {
  readonly #socket: Socket
  readonly #stall: number
  readonly #probe: NodeJS.Timeout
  readonly #cutOff = (): void => void this.#socket.destroy()

  /** @param stall milliseconds @param probe milliseconds */
  constructor(socket: Socket, {stall, probe}: {stall: number; probe: number}) {
    this.#socket = socket
    this.#stall = stall
    socket.on('timeout', this.#cutOff)
    // Writing nothing fails where nobody is left to read; then the socket closes.
    this.#probe = setInterval(() => {
      if (socket.writableLength === 0 && socket.writable) socket.write('')
    }, probe)
    socket.once('close', () => clearInterval(this.#probe))
  }

  /** Resolves when the socket took it all: true; or when the client is gone: false. */
  write(text: string): Promise<boolean> {
    this.#socket.setTimeout(this.#stall)
    return new Promise((resolve) => {
      this.#socket.write(text, (error) => {
        this.#socket.setTimeout(0)
        resolve(!error)
      })
    })
  }

  /** No more is written. */
  end(): void {
    clearInterval(this.#probe)
    this.#socket.off('timeout', this.#cutOff)
  }
}

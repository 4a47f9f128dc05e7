import type {WebSocket} from 'ws'

/**
 * Frames on their way out. Who writes waits until the frame is gone before the next one, so that for a slow client no
 * more is kept than a frame each for what goes on; one that doesn't take what it is sent within a while is cut off.
 */
export class Outbox {
  readonly #client: WebSocket
  readonly #patience: number

  /** @param patience milliseconds */
  constructor(client: WebSocket, patience: number) {
    this.#client = client
    this.#patience = patience
  }

  /** Resolves when the connection has taken it: true; or is gone: false. */
  write(frame: string): Promise<boolean> {
    if (this.#client.readyState !== this.#client.OPEN) return Promise.resolve(false)
    return new Promise((resolve) => {
      const slow = setTimeout(() => this.#client.terminate(), this.#patience)
      this.#client.send(frame, (error) => {
        clearTimeout(slow)
        resolve(!error)
      })
    })
  }
}

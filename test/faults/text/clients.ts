/** Clients of the network doors that say exactly what they are given, byte for byte. */
import {connect} from 'node:net'
import {WebSocket} from 'ws'

/** Says one thing on a connection of its own, and hears all of the answer. Nothing is heard where nothing was said. */
export const sayTo = (path: string, request: string | Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({path, allowHalfOpen: true})
    const heard: Buffer[] = []
    socket.on('data', (chunk) => heard.push(chunk))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      // Who is refused in the middle of a long request is cut off.
      heard.length > 0 || !/EPIPE|ECONNRESET/.test(error.code ?? '') ? socket.destroy() : reject(error),
    )
    socket.once('close', () => resolve(Buffer.concat(heard).toString()))
    socket.once('end', () => socket.destroy())
    socket.end(request)
  })

/** A WebSocket that asks one thing after the other, and comes again when it is turned out. */
export class Asker {
  readonly #url: string
  #socket: WebSocket | undefined

  /** @param http of the server */
  constructor(http: string) {
    this.#url = `${http.replace(/^http/, 'ws')}/v1/ws`
  }

  /** The answer; `closed N` where the connection was closed instead. */
  async ask(frame: string | Uint8Array): Promise<string> {
    const socket = await this.#open()
    return new Promise((resolve) => {
      const done = (answer: string): void => {
        socket.off('message', hear).off('close', end)
        resolve(answer)
      }
      const hear = (data: unknown): void => done(String(data))
      const end = (code: number): void => {
        this.#socket = undefined
        done(`closed ${code}`)
      }
      socket.on('message', hear).on('close', end)
      socket.send(frame, {binary: false})
    })
  }

  close(): void {
    this.#socket?.terminate()
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket
    const socket = new WebSocket(this.#url)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    socket.on('error', () => {})
    this.#socket = socket
    return socket
  }
}

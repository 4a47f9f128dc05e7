import {onTestFinished} from 'vitest'
import {WebSocket} from 'ws'
import {until} from '../cli/background.js'
import {tokenOf} from './house.js'

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
export type Frame = any

export interface Client {
  socket: WebSocket
  /** Everything that came, as text. */
  texts: string[]
  readonly frames: Frame[]
  send(frame: object | string): void
  /** Asks, and waits for the answer. */
  ask(frame: object): Promise<Frame>
  /** Resolves with the code when it is closed. */
  closed: Promise<number>
  /** Waits for as many deliveries, or messages of a stream, as are wanted. */
  has(count: number, member: 'delivery' | 'follow'): Promise<Frame[]>
}

export interface ClientOptions {
  /** Default alice; `null`: no token. */
  as?: string | null
  query?: string
  headers?: Record<string, string>
}

/** Connects to the WebSocket of a server; gone when the test ends. Rejects with the status where it is refused. */
export async function connectTo(
  http: string,
  {as = 'alice', query = '', headers = {}}: ClientOptions = {},
): Promise<Client> {
  const authorization = as === null ? {} : {authorization: `Bearer ${tokenOf(as)}`}
  const socket = new WebSocket(`${http.replace(/^http/, 'ws')}/v1/ws${query}`, {
    headers: {...authorization, ...headers},
  })
  onTestFinished(() => socket.terminate())
  const texts: string[] = []
  const asked = new Map<string, {resolve: (answer: Frame) => void; reject: (error: Error) => void}>()
  socket.on('message', (data) => {
    texts.push(String(data))
    const frame: Frame = JSON.parse(String(data))
    asked.get(frame.id)?.resolve(frame)
  })
  socket.once('close', () => {
    for (const [id, {reject}] of asked) reject(new Error(`closed before ${id} was answered`))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_, response) =>
      reject(Object.assign(new Error('refused'), {status: response.statusCode})),
    )
  })
  socket.on('error', () => {})
  let last = 0
  const frames = (): Frame[] => texts.map((text) => JSON.parse(text))
  const send = (frame: object | string): void => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  return {
    socket,
    texts,
    get frames() {
      return frames()
    },
    send,
    ask: async (frame) => {
      const id = `q${++last}`
      const answer = new Promise<Frame>((resolve, reject) => asked.set(id, {resolve, reject}))
      send({id, ...frame})
      return answer.finally(() => asked.delete(id))
    },
    closed: new Promise((resolve) => socket.once('close', resolve)),
    has: async (count, member) => {
      let found: Frame[] = []
      await until(() => {
        found = frames().filter((frame) => frame[member] !== undefined && frame.message)
        if (found.length < count) throw new Error(`${found.length} of ${count}`)
      })
      return found
    },
  }
}

/** Clients of the Unix socket: raw ones of node, and one in Python. */
import {spawn} from 'node:child_process'
import {connect, type Socket} from 'node:net'
import {fileURLToPath} from 'node:url'
import {onTestFinished} from 'vitest'

/** Sends bytes, closes its half, and reads to the end. */
export const say = (path: string, request: string | Uint8Array | object): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({path, allowHalfOpen: true})
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', (text) => (answer += text))
    socket.once('end', () => resolve(answer))
    socket.once('error', reject)
    socket.end(typeof request === 'string' || request instanceof Uint8Array ? request : JSON.stringify(request))
  })

export interface Listening {
  /** The lines that came so far, whole ones. */
  readonly lines: string[]
  /** What each of them holds under `data`. */
  readonly data: unknown[]
  /** The stream has ended. */
  readonly ended: Promise<void>
  /** Takes nothing more. */
  stall(): void
  /** Goes without a word. */
  vanish(): void
}

/** Opens a stream. */
export function listen(path: string, request: object): Listening {
  const socket: Socket = connect({path, allowHalfOpen: true})
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => (text += chunk))
  socket.on('error', () => {})
  socket.end(JSON.stringify(request))
  const lines = () => text.split('\n').slice(0, -1)
  return {
    get lines() {
      return lines()
    },
    get data() {
      return lines().map((line) => JSON.parse(line).data)
    },
    ended: new Promise((resolve) => socket.once('end', resolve).once('close', resolve)),
    stall: () => void socket.pause(),
    vanish: () => void socket.destroy(),
  }
}

const CLIENT = fileURLToPath(new URL('eric_client.py', import.meta.url))

export interface Python {
  readonly stdout: string
  kill(): void
  ended: Promise<{stdout: string; stderr: string; code: number | null}>
}

/** The Python client. Fails where there is no python3. */
export function python(...words: string[]): Python {
  const child = spawn('python3', [CLIENT, ...words], {stdio: ['ignore', 'pipe', 'pipe']})
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = {stdout: '', stderr: ''}
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk))
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk))
  return {
    get stdout() {
      return said.stdout
    },
    kill: () => void child.kill('SIGKILL'),
    ended: new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new Error(`this test needs python3: ${error.message}`)))
      child.once('close', (code) => resolve({...said, code}))
    }),
  }
}

/** The same, whole: what it printed. */
export async function pythonSays(path: string, request: object): Promise<string> {
  const {stdout, stderr, code} = await python(path, JSON.stringify(request)).ended
  if (code !== 0) throw new Error(stderr)
  return stdout
}

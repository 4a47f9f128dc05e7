/** HTTP as bytes, for what no client would send. */
import {connect, type Socket} from 'node:net'

export interface RawAnswer {
  status: number
  head: string
  body: string
}

/** Sends text on a connection of its own and reads what comes until the other side closes, or an answer is whole. */
export async function raw(url: string, text: string): Promise<RawAnswer> {
  const {hostname, port} = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(text, 'latin1')
  const whole = await answered(socket)
  socket.destroy()
  const at = whole.indexOf('\r\n\r\n')
  return {status: Number(/^HTTP\/1\.1 (\d{3})/.exec(whole)?.[1]), head: whole.slice(0, at), body: whole.slice(at + 4)}
}

function answered(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const done = (): void => resolve(text)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      const [head = '', body] = text.split('\r\n\r\n')
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? Number.NaN)
      const isStream = /^content-type: text\/event-stream/im.test(head)
      if (body !== undefined && (body.length >= length || isStream || / (204|101) /.test(head.slice(0, 15)))) done()
    })
    socket.once('close', done)
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? done() : reject(error)))
  })
}

/** An HTTP endpoint on this machine that keeps what it was sent. */
import {createServer, type IncomingHttpHeaders} from 'node:http'
import type {AddressInfo} from 'node:net'
import {onTestFinished} from 'vitest'

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Receiver {
  url: string
  readonly received: Received[]
}

/** @param answer the status of each answer, with its headers */
export async function receiver(
  answer: (request: Received, count: number) => number | [number, Record<string, string>] = () => 204,
): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const one = {path: request.url ?? '', headers: request.headers, body}
    received.push(one)
    const answered = answer(one, received.length)
    const [status, headers] = typeof answered === 'number' ? [answered, {}] : answered
    response.writeHead(status, headers).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received}
}

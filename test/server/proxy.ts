/** A connection that can be cut, as networks do. */
import {connect, createServer, type Socket} from 'node:net'
import {onTestFinished} from 'vitest'

export interface Proxy {
  url: string
  /** Ends every connection at once, whatever is on its way. Returns how many there were. */
  cut(): number
}

/** Passes bytes on to a server. It is gone after the test. */
export async function proxyTo(url: string): Promise<Proxy> {
  const {port, hostname} = new URL(url)
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    open.add(client)
    const end = (): void => {
      open.delete(client)
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): number => {
    const count = open.size
    for (const client of open) client.destroy()
    return count
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return {url: `http://127.0.0.1:${(server.address() as {port: number}).port}`, cut}
}

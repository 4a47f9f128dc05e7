// Reads a stream with many connections, as cheaply as it can: it shares the machine with the server.
//   serve-stream-clients.js URL CLIENTS MESSAGES
import {connect} from 'node:net'
import {percentile} from '../measuring/figures.js'

const [url, clients, messages] = process.argv.slice(2)
const {hostname, port} = new URL(url)
const total = Number(messages)
const arrived = Array.from({length: Number(clients)}, () => new Float64Array(total + 1))
const now = () => Number(process.hrtime.bigint()) / 1e6
const NEWLINE = 10

/** Reads the ids of events, each of which has to be one more than the last. */
function reader(times, onOpen, onEnd) {
  let seen = 0
  let rest = Buffer.alloc(0)
  return (chunk) => {
    const at = now()
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let from = 0
    for (;;) {
      const start = bytes.indexOf('id: ', from)
      const end = start === -1 ? -1 : bytes.indexOf(NEWLINE, start)
      if (end === -1) {
        rest = bytes.subarray(start === -1 ? Math.max(from, bytes.length - 3) : start)
        return
      }
      from = end
      const seq = Number(bytes.latin1Slice(start + 4, end))
      if (seq === 0) onOpen()
      else if (seq !== ++seen) throw new Error(`message ${seq} came where ${seen} should`)
      times[seq] = at
      if (seq === total) onEnd(at)
    }
  }
}

let open = 0
let ended = 0
for (const times of arrived) {
  const socket = connect({host: hostname, port: Number(port)}, () =>
    socket.write(`GET /v1/channels/ops/stream HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`),
  )
  const opened = () => {
    if (++open === arrived.length) process.send('open')
  }
  const over = (finished) => {
    if (++ended === arrived.length) process.send({finished})
  }
  socket.on('data', reader(times, opened, over))
  socket.on('close', () => process.exit(3))
}

process.once('message', (sent) => {
  const lags = arrived.flatMap((times) => [...times.subarray(1)].map((at, index) => at - sent[index]))
  const sorted = Float64Array.from(lags).sort()
  process.send({median: percentile(sorted, 50), p99: percentile(sorted, 99)})
})

// Sends POSTs over connections that stay, each with one request at a time, and prints what it measured as JSON. It does as
// little as it can, since it shares the machine with the server: the request is made once, of an answer only the end is found.
import {connect} from 'node:net'
import {percentile} from '../measuring/figures.js'

const {port, secret, channel, body, connections, count} = JSON.parse(process.argv[2])

const REQUEST = Buffer.from(
  [
    `POST /v1/channels/${channel}/messages HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${secret}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n'),
)
const CREATED = 'HTTP/1.1 201'

const times = []
let left = count
let open = connections
const began = performance.now()

function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

/** Where the answer that begins a text ends; 0 as long as it isn't whole. */
function endOf(text) {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return 0
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1])
  const end = head + 4 + length
  return text.length >= end ? end : 0
}

function start() {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  let received = ''
  let asked = 0
  const ask = () => {
    if (left === 0) return socket.end()
    left--
    asked = performance.now()
    socket.write(REQUEST)
  }
  socket.on('connect', ask)
  socket.on('data', (chunk) => {
    received += chunk.latin1Slice()
    const end = endOf(received)
    if (end === 0) return
    if (!received.startsWith(CREATED)) fail(received)
    received = received.slice(end)
    times.push(performance.now() - asked)
    ask()
  })
  socket.on('error', ({message}) => fail(message))
  socket.on('close', () => {
    if (--open > 0) return
    const seconds = (performance.now() - began) / 1000
    if (times.length !== count) fail(`${times.length} of ${count} requests were answered`)
    times.sort((a, b) => a - b)
    process.stdout.write(
      JSON.stringify({rate: count / seconds, p50: percentile(times, 50), p99: percentile(times, 99)}),
    )
  })
}

for (let index = 0; index < connections; index++) start()

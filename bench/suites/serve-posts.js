/** How many messages come in by HTTP: `leat serve`, and a client that is a process of its own. */
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {spawned} from '../measuring/passing.js'
import {inRoom} from '../measuring/room.js'
import {inTurns} from '../measuring/turns.js'

const CLIENT = fileURLToPath(new URL('serve-client.js', import.meta.url))
const BODY = JSON.stringify({content: 'x'.repeat(300)})

/** Connections, each with one request at a time: the aim is stated for so many. */
const CONNECTIONS = 32

/** Sends so many requests from a process of its own. @returns {Promise<{rate: number, p50: number, p99: number}>} a second; milliseconds */
async function post(given) {
  const client = spawned([process.execPath, CLIENT, JSON.stringify(given)], {stdio: ['ignore', 'pipe', 'inherit']})
  let output = ''
  client.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(client, 'close')
  if (code !== 0) throw new Error(`the client ended with ${code}`)
  return JSON.parse(output)
}

/** @returns rows of POSTs to `/v1/channels/ops/messages` */
export async function posts({quick, say}) {
  const rounds = quick ? 2 : 9
  const requests = quick ? 1000 : 8000
  const rows = await inRoom(async ({bus, leat}) => {
    const {secret} = await bus.createToken({actor: 'bench'})
    const server = leat('serve', '--port', '0', '--json')
    const [line] = await once(createInterface({input: server.stdout}), 'line')
    const {port} = new URL(JSON.parse(line).http)
    const before = await bus.channel('ops')
    let sent = 0
    const posted = async (connections, count) => {
      const result = await post({port: Number(port), secret, channel: 'ops', body: BODY, connections, count})
      sent += count
      return result
    }
    const latest = {}
    const rateOf = (connections, count) => async () => {
      latest[connections] = await posted(connections, count)
      return latest[connections].rate
    }
    const measured = await inTurns(
      [
        {name: 'POST, 1 connection', unit: '/s', measure: rateOf(1, requests / 8)},
        {name: `POST, ${CONNECTIONS} connections`, unit: '/s', aim: 3000, measure: rateOf(CONNECTIONS, requests)},
        {name: `POST, ${CONNECTIONS} connections, p50`, unit: 'ms', measure: () => latest[CONNECTIONS].p50},
        {name: `POST, ${CONNECTIONS} connections, p99`, unit: 'ms', measure: () => latest[CONNECTIONS].p99},
      ],
      {rounds, say},
    )
    const {lastSeq} = await bus.channel('ops')
    if (lastSeq - before.lastSeq !== sent) throw new Error(`${lastSeq - before.lastSeq} of ${sent} messages are stored`)
    return measured
  })
  return {settings: {rounds, requests, bytes: BODY.length, synchronous: 'FULL', 'a token': 'each request'}, rows}
}

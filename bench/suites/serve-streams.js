/** Server-sent events to many clients: how many messages a second reach all of them, and how far behind they are at a given rate. */
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {spawned} from '../measuring/passing.js'
import {inRoom} from '../measuring/room.js'
import {row} from '../measuring/row.js'

const CLIENTS = fileURLToPath(new URL('serve-stream-clients.js', import.meta.url))
/** Sends that wait for each other's end where they aren't paced. */
const AT_ONCE = 20
/** Bytes of content. */
const SIZE = 200

const now = () => Number(process.hrtime.bigint()) / 1e6

export async function streams({quick, say}) {
  const settings = {clients: 100, 'messages a second': 1000, seconds: quick ? 2 : 10}
  const paced = await fanOut({...settings, rate: 1000, messages: 1000 * settings.seconds, say})
  const free = await fanOut({...settings, messages: quick ? 2000 : 20_000, say})
  return {
    settings,
    rows: [
      row({name: '1,000 messages/s to 100 clients: from commit to client', unit: 'ms', ...paced.lag}),
      row({name: 'messages/s that reach all of 100 clients', unit: '/s', median: free.rate, aim: 1000}),
    ],
  }
}

/**
 * Sends while everybody reads. Throws where a client has not had every message once and in order.
 * @returns {Promise<{rate: number, lag: {median: number, p99: number}}>} messages a second, milliseconds
 */
const fanOut = ({clients, messages, rate = Infinity, say}) =>
  inRoom(async ({bus, leat}) => {
    const server = leat('serve', '--no-auth', '--no-deliver', '--port', '0', '--as', 'web')
    const [ready] = await once(createInterface({input: server.stdout}), 'line')
    const argv = [process.execPath, CLIENTS, ready.split(' ')[1], String(clients), String(messages)]
    const readers = spawned(argv, {stdio: ['ignore', 'inherit', 'inherit', 'ipc']})
    await once(readers, 'message')
    say(`${clients} clients read`)
    const ended = once(readers, 'message')
    const sent = await send(bus, messages, rate)
    const over = once(readers, 'exit').then(([code]) => {
      throw new Error(`the clients ended with ${code}`)
    })
    const [{finished}] = await Promise.race([ended, over])
    const measured = once(readers, 'message')
    readers.send(sent)
    const [lag] = await measured
    over.catch(() => {})
    readers.kill()
    return {rate: (messages * 1000) / (finished - sent[0]), lag}
  })

/** @returns {Promise<number[]>} when each was committed, in milliseconds of the steady clock */
async function send(bus, messages, rate) {
  const body = 'x'.repeat(SIZE)
  const committed = []
  const one = async () => {
    await bus.send('ops', {body})
    committed.push(now())
  }
  const began = now()
  while (committed.length < messages) {
    if (rate === Infinity) await Promise.all(Array.from({length: Math.min(AT_ONCE, messages - committed.length)}, one))
    else {
      await one()
      const due = began + (committed.length * 1000) / rate
      if (due > now() + 1) await pause(due - now())
    }
  }
  return committed
}

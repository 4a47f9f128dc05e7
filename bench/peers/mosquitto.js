/** mosquitto with QoS 1 and persistence: acknowledged from memory, written to disk every half an hour and at its end. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {spawned} from '../measuring/passing.js'
import {timed, timedBetween} from '../measuring/processes.js'
import {freePort, program, started} from './installed.js'

/** Messages that a session can have waiting: their numbers have 16 bits, and behind 65,535 it loses the first ones. */
const MOST_WAITING = 60_000

export async function mosquitto({folder, bodies}) {
  const most = Math.min(bodies.length, MOST_WAITING)
  const server = program('mosquitto', 'apt install mosquitto')
  const [publish, subscribe] = ['mosquitto_pub', 'mosquitto_sub'].map((name) =>
    program(name, 'apt install mosquitto-clients'),
  )
  const port = String(await freePort())
  const settings = join(folder, 'mosquitto.conf')
  writeFileSync(
    settings,
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence true',
      `persistence_location ${folder}/`,
      'max_queued_messages 0',
      ...(process.getuid?.() === 0 ? ['user root'] : []), // else it may not write into the folder
      '',
    ].join('\n'),
  )
  const at = ['-h', '127.0.0.1', '-p', port]
  const {stop} = await started([server, '-c', settings], () =>
    timed([publish, ...at, '-t', 'ops', '-q', '1', '-m', 'hi']),
  )
  const from = join(folder, 'mosquitto.in')
  writeFileSync(
    from,
    bodies
      .slice(0, most)
      .map((body) => `${body}\n`)
      .join(''),
  )
  const follower = spawned([subscribe, ...at, '-t', 'wake', '-q', '1'], {stdio: ['ignore', 'pipe', 'inherit']})
  const heard = []
  createInterface({input: follower.stdout}).on('line', () => heard.shift()?.())
  const sender = spawned([publish, ...at, '-t', 'wake', '-q', '1', '-l'], {stdio: ['pipe', 'ignore', 'inherit']})
  let round = 0
  return {
    name: 'mosquitto, QoS 1, persistence',
    synced: false,
    most,
    single: () => timed([publish, ...at, '-t', 'ops', '-q', '1', '-m', 'hi']),
    bulkIn: async () => {
      // Only for who is known to want it a broker keeps anything.
      const id = `reader${++round}`
      timed([subscribe, ...at, '-t', `bulk${round}`, '-q', '1', '-c', '-i', id, '-E'])
      return timedBetween([publish, ...at, '-t', `bulk${round}`, '-q', '1', '-l'], {from})
    },
    bulkOut: () =>
      timedBetween([
        ...[subscribe, ...at, '-t', `bulk${round}`, '-q', '1', '-c', '-i', `reader${round}`],
        // It ends when it has all, or has waited too long.
        ...['-C', String(most), '-W', '120'],
      ]),
    wake: async (text) => {
      const arrived = new Promise((resolve) => heard.push(resolve))
      const began = performance.now()
      sender.stdin.write(`${text}\n`)
      await arrived
      return performance.now() - began
    },
    close: async () => {
      follower.kill('SIGKILL')
      sender.kill('SIGKILL')
      await stop()
    },
  }
}

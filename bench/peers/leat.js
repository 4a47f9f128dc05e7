/** leat itself, as its peers are measured. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {openBus} from '../../dist/index.js'
import {spawned} from '../measuring/passing.js'
import {environment, timed, timedBetween} from '../measuring/processes.js'
import {LEAT} from '../measuring/root.js'

export async function leat({folder, bodies}) {
  const store = join(folder, 'leat.db')
  const bus = await openBus({store, as: 'bench', create: true})
  for (const name of ['ops', 'wake', 'jobs']) await bus.createChannel(name)
  const env = environment({HOME: folder, LEAT_STORE: store})
  const run = (...argv) => [process.execPath, LEAT, ...argv]
  const from = join(folder, 'leat.in')
  writeFileSync(from, bodies.map((body) => `${JSON.stringify({content: body})}\n`).join(''))
  const follower = spawned(run('follow', 'wake', '--from', 'start', '--format', '{content}', '--quiet'), {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const heard = []
  createInterface({input: follower.stdout}).on('line', () => heard.shift()?.())
  let round = 0
  return {
    name: 'leat',
    synced: true,
    single: () => timed(run('send', 'ops', 'hi'), {env}),
    bulkIn: () => timedBetween(run('send', `bulk${++round}`, '--create', '--jsonl', '--quiet'), {env, from}),
    bulkOut: () => timedBetween(run('read', `bulk${round}`, '--all', '--json'), {env}),
    wake: async (text) => {
      const arrived = new Promise((resolve) => heard.push(resolve))
      const began = performance.now()
      await Promise.all([bus.send('wake', {body: text}), arrived])
      return performance.now() - began
    },
    enqueue: () => bus.send('jobs', {body: bodies[0]}),
    queue: {
      fill: async (count) => {
        await bus.context.store.messages.append(
          bodies.slice(0, count).map((body) => ({
            ...{id: bus.context.ids(), channels: ['jobs'], sender: 'bench', type: 'message', contentType: 'text/plain'},
            body,
          })),
        )
      },
      take: async () => {
        const [claim] = await bus.claim('jobs')
        await bus.ack({claim: claim.token})
      },
    },
    close: async () => {
      follower.kill('SIGKILL')
      await bus.close()
    },
  }
}

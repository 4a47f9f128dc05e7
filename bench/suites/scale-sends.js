/** What a single send waits for while a process that lives long fills the index of the search. */
import {once} from 'node:events'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {openBus} from '../../dist/index.js'
import {figuresOf} from '../measuring/figures.js'
import {channelName, fillStore} from '../measuring/filled.js'
import {spawned} from '../measuring/passing.js'
import {environment} from '../measuring/processes.js'
import {LEAT} from '../measuring/root.js'
import {row} from '../measuring/row.js'

/** Milliseconds between two sends: whoever fills the index has its turn, too. */
const EVERY = 2

/**
 * Sends in turns to a store that nobody else writes and to one that `follow` fills the index of, as long as that takes.
 * @returns {Promise<import('../measuring/row.js').Row[]>}
 */
export async function sendsBesideIndexing({folder, quick, say}) {
  const messages = quick ? 10_000 : 60_000
  const stores = {alone: join(folder, 'alone.db'), beside: join(folder, 'beside.db')}
  for (const path of Object.values(stores)) await fillStore({path, messages, indexed: 1, say})
  const [alone, beside] = await Promise.all(Object.values(stores).map((store) => openBus({store, as: 'bench'})))
  const follower = spawned([process.execPath, LEAT, 'follow', channelName(0)], {
    env: environment({HOME: folder, LEAT_STORE: stores.beside}),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    const left = async () => (await beside.context.store.search.index({limit: 0})).left
    const before = await left()
    say('waiting until the index is being filled')
    while ((await left()) >= before) await pause(20)
    const samples = {alone: [], beside: []}
    for (let at = 0; at % 50 > 0 || (await left()) > 1_000; at++) {
      for (const [name, bus] of Object.entries({alone, beside})) {
        const began = performance.now()
        await bus.send(channelName(at % 1_000), {body: `message ${at}`})
        samples[name].push(performance.now() - began)
      }
      say(`sent: ${at}`)
      await pause(EVERY)
    }
    const rowOf = (name, of) => row({name: `send, ${name}`, unit: 'ms', ...of})
    const own = figuresOf(samples.alone)
    return [
      rowOf('nobody else writing', own),
      rowOf('the index being filled', {...figuresOf(samples.beside), to: 'send, nobody else writing', of: own}),
    ]
  } finally {
    await Promise.all([alone.close(), beside.close()])
    if (follower.exitCode === null) {
      follower.kill('SIGKILL')
      await once(follower, 'exit')
    }
  }
}

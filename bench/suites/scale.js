/** What ten million messages cost: the same acts in that store and in one of ten thousand, with the same 1,000 channels. */
import {existsSync, mkdirSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {openBus} from '../../dist/index.js'
import {channelName, fillStore} from '../measuring/filled.js'
import {inFolder} from '../measuring/passing.js'
import {environment, timed} from '../measuring/processes.js'
import {LEAT} from '../measuring/root.js'
import {inTurns} from '../measuring/turns.js'
import {searchRows} from './scale-search.js'
import {sendsBesideIndexing} from './scale-sends.js'

const BUSY = channelName(0)
const SIZES = {full: {large: 10_000_000, small: 10_000}, quick: {large: 200_000, small: 10_000}}

/**
 * A filled store. One that is kept in a folder is taken from there, or left there.
 * @returns {Promise<string>} its path
 */
async function filledStore(folder, messages, say) {
  const path = join(folder, `${messages}.db`)
  if (existsSync(path)) return path
  mkdirSync(folder, {recursive: true})
  const draft = `${path}.draft`
  for (const end of ['', '-wal', '-shm']) rmSync(draft + end, {force: true})
  await fillStore({path: draft, messages, say})
  renameSync(draft, path)
  return path
}

/** What is done: as a process (`argv`) and in the library (`act`). `count` tells the rounds apart. */
const ACTS = {
  send: {
    argv: () => ['send', BUSY, 'hi'],
    act: (bus) => bus.send(BUSY, {body: 'hi'}),
  },
  'read --limit 100': {
    argv: ({count}) => ['read', BUSY, '--limit', '100', '--reader', `process${count}`],
    act: async (bus, {count}) => {
      for await (const taken of bus.read(BUSY, {limit: 100, reader: `library${count}`})) await taken.commit()
    },
  },
  thread: {
    argv: ({thread}) => ['thread', thread],
    act: (bus, {thread}) => bus.thread(thread),
  },
  list: {
    argv: () => ['list'],
    act: (bus) => bus.channels(),
  },
  search: {
    argv: () => ['search', 'half'],
    act: (bus) => bus.search('half', {limit: 20}),
  },
}

/** A message in the middle of a busy channel that stands in a thread of twenty. */
async function threadIn(bus) {
  const {lastSeq} = await bus.context.store.channels.get(BUSY)
  for (let seq = Math.ceil(lastSeq / 2); ; seq++) {
    const thread = await bus.thread(`${BUSY}/${seq}`)
    if (thread.length === 20) return `${BUSY}/${seq}`
  }
}

export const measure = (options) => inFolder((temporary) => measureIn(temporary, options))

async function measureIn(temporary, {quick, say, keep}) {
  const sizes = quick ? SIZES.quick : SIZES.full
  const rounds = quick ? 3 : 21
  const buses = []
  try {
    const stores = []
    for (const size of ['small', 'large']) {
      // A small one is made in no time, and is not used twice: its rounds would leave more in it than there was.
      const path = await filledStore(size === 'large' && keep ? keep : temporary, sizes[size], say)
      const bus = await openBus({store: path, as: 'bench'})
      buses.push(bus)
      const {messages, bytes} = await bus.info()
      stores.push({size, path, bus, thread: await threadIn(bus), messages, bytes})
    }
    const [, large] = stores
    const measured = Object.entries(ACTS).flatMap(([name, {argv, act}]) =>
      ['process', 'library'].flatMap((way) =>
        stores.map(({size, path, bus, thread}) => {
          let count = Date.now()
          const env = environment({HOME: temporary, LEAT_STORE: path, LEAT_AS: 'bench'})
          const nameOf = (which) => `${name}, ${way}, ${which}`
          return {
            name: nameOf(size),
            unit: 'ms',
            measure: async () => {
              const round = {count: count++, thread}
              if (way === 'process') return timed([process.execPath, LEAT, ...argv(round)], {env})
              const began = performance.now()
              await act(bus, round)
              return performance.now() - began
            },
            ...(size === 'large' && {to: nameOf('small'), ...(way === 'process' && {aim: 1.3})}),
          }
        }),
      ),
    )
    const rows = [
      ...(await inTurns(measured, {rounds, warm: 3, say})),
      ...(await searchRows(large, {rounds: quick ? 10 : 60, say})),
      ...(await sendsBesideIndexing({folder: temporary, quick, say})),
    ]
    return {settings: settingsOf(stores, rounds), rows}
  } finally {
    for (const bus of buses) await bus.close()
  }
}

const settingsOf = (stores, rounds) => ({
  rounds,
  channels: 1000,
  ...Object.fromEntries(
    stores.map(({size, messages, bytes}) => [
      size,
      `${messages.toLocaleString('en')} messages in ${(bytes / 1e6).toFixed(0)} MB`,
    ]),
  ),
  synchronous: 'FULL',
  cache: 'warm',
})

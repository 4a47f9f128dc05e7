/** leat beside what else carries messages: each in turns, with what its own programs do. */
import {figuresOf} from '../measuring/figures.js'
import {inFolder} from '../measuring/passing.js'
import {row} from '../measuring/row.js'
import {vocabulary} from '../measuring/vocabulary.js'
import {NotInstalled} from '../peers/installed.js'
import {leat} from '../peers/leat.js'
import {mosquitto} from '../peers/mosquitto.js'
import {nats} from '../peers/nats.js'
import {plainjob} from '../peers/plainjob.js'
import {redis} from '../peers/redis.js'
import {sqlite} from '../peers/sqlite.js'

/** leat first: all others are compared to it. */
const PEERS = [
  ['leat', leat],
  ['sqlite3', sqlite],
  ['redis, appendfsync always', (room) => redis(room, 'always')],
  ['redis, appendfsync everysec', (room) => redis(room, 'everysec')],
  ['nats JetStream', nats],
  ['mosquitto', mosquitto],
  ['plainjob, synchronous FULL', (room) => plainjob(room, 'FULL')],
  ['plainjob, synchronous NORMAL', (room) => plainjob(room, 'NORMAL')],
]

/** Bytes of a message. */
const LENGTH = 300
const AMOUNTS = {
  full: {messages: 100_000, singles: 21, bulks: 3, wakes: 300, queues: 5, jobs: 1_000},
  quick: {messages: 2_000, singles: 3, bulks: 1, wakes: 20, queues: 1, jobs: 100},
}

const textOf = (words, number) => {
  let text = `message ${number}`
  for (let at = number; text.length < LENGTH; at++) text += ` ${words[(at * 31) % words.length]}`
  return text.slice(0, LENGTH)
}

/**
 * What is compared. `of` gives what one peer does, or undefined where it has no such thing: that gives a figure for each of
 * the names.
 */
const comparisons = ({messages, singles, bulks, wakes, queues, jobs}) => [
  {
    names: ['one message, one process'],
    unit: 'ms',
    rounds: singles,
    of: ({single}) => single && (async () => [await single()]),
  },
  {names: ['bulk in', 'bulk out'], unit: '/s', rounds: bulks, of: (peer) => peer.bulkIn && bulkRates(peer, messages)},
  {
    names: ['sent to heard'],
    unit: 'ms',
    rounds: wakes,
    of: ({wake}) => wake && (async (round) => [await wake(`wake ${round}`)]),
  },
  {
    names: ['enqueue'],
    unit: '/s',
    rounds: queues,
    of: ({enqueue}) => enqueue && (async () => [await rateOf(enqueue, jobs)]),
  },
  {names: ['claim and ack'], unit: '/s', rounds: queues, of: ({queue}) => queue && queueRate(queue, jobs)},
]

/** What was put in is read back at once: all messages, or as many as a peer can take (`most`). */
const bulkRates =
  ({bulkIn, bulkOut, most}, messages) =>
  async () => {
    const count = most ?? messages
    return [(count / (await bulkIn()).ms) * 1000, (count / (await bulkOut()).ms) * 1000]
  }

async function rateOf(act, count) {
  const began = performance.now()
  for (let done = 0; done < count; done++) await act()
  return (count / (performance.now() - began)) * 1000
}

const queueRate = (queue, count) => async () => {
  await queue.fill(count)
  return [await rateOf(queue.take, count)]
}

/**
 * Opens those that are installed into `open`, so that whatever fails they can be closed.
 * @returns {Promise<string[]>} why the others aren't measured
 */
async function openAll(room, open, say) {
  const missing = []
  for (const [name, make] of PEERS) {
    say(`starting: ${name}`)
    try {
      open.push(await make(room))
    } catch (error) {
      if (!(error instanceof NotInstalled)) throw error
      missing.push(`${name}: ${error.message}`)
    }
  }
  return missing
}

async function compare({names, unit, rounds, of}, open, say) {
  const able = open.flatMap((peer) => {
    const work = of(peer)
    return work ? [{peer, work, samples: []}] : []
  })
  for (let round = -1; round < rounds; round++)
    for (const {peer, work, samples} of able) {
      say(`${names.join(', ')}, ${round < 0 ? 'warming' : `${round + 1} of ${rounds}`}: ${peer.name}`)
      const figures = await work(round)
      if (round >= 0) samples.push(figures)
    }
  const [first] = able
  return names.flatMap((name, which) => {
    const nameOf = ({name: peer, synced}) => `${name}: ${peer}${synced ? '' : ' (not synced)'}`
    const figuresFor = ({samples}) => figuresOf(samples.map((figures) => figures[which]))
    return able.map((one) =>
      row({
        ...{name: nameOf(one.peer), unit, ...figuresFor(one)},
        ...(one !== first && {to: nameOf(first.peer), of: figuresFor(first)}),
      }),
    )
  })
}

export const measure = (options) => inFolder((folder) => measureIn(folder, options))

async function measureIn(folder, {quick, say}) {
  const amounts = quick ? AMOUNTS.quick : AMOUNTS.full
  const words = vocabulary()
  const bodies = Array.from({length: amounts.messages}, (_, number) => textOf(words, number))
  const open = []
  try {
    const missing = await openAll({folder, bodies}, open, say)
    const rows = []
    for (const comparison of comparisons(amounts)) rows.push(...(await compare(comparison, open, say)))
    return {settings: {messages: amounts.messages, bytes: LENGTH, ...notesOf(open, missing)}, rows}
  } finally {
    for (const peer of open) await peer.close()
  }
}

const notesOf = (open, missing) => ({
  synced: `on disk before it is acknowledged; else written, and synced now and then`,
  ...Object.fromEntries(open.flatMap(({name, note}) => (note ? [[name, note]] : []))),
  ...(missing.length > 0 && {without: missing.join('; ')}),
})

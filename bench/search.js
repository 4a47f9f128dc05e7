// How long a search takes in a store of many messages, and what filling the index costs. Stores so many messages (default
// 1,000,000), puts them into the index, and searches: `node bench/search.js [MESSAGES]`. Needs a build.
import {randomUUID} from 'node:crypto'
import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {openBus} from 'leat'

const MESSAGES = Number(process.argv[2] ?? 1_000_000)
const CHANNELS = 20
const BATCH = 1000
const RUNS = 40

let middle = 0
const folder = mkdtempSync(join(tmpdir(), 'leat-search-'))
const path = join(folder, 'store.db')
const bus = await openBus({store: path, as: 'alice', create: true})
const {store} = bus.context
const size = () =>
  ['', '-wal'].reduce((sum, end) => sum + (statSync(path + end, {throwIfNoEntry: false})?.size ?? 0), 0)
const rate = (count, ms) => `${Math.round((count / ms) * 1000).toLocaleString('en')}/s`

const words = Array.from({length: 5000}, (_, index) => `w${index.toString(36)}x`)
let random = 1
const next = (below) => {
  random = (random * 1103515245 + 12345) % 2147483648
  return random % below
}
// Few words often, many seldom, as in a language.
const word = () => words[Math.floor(words.length ** (next(100_000) / 100_000)) - 1]
const content = (number) =>
  `${number % 2 ? 'half' : 'other'} n${number} ${Array.from({length: 30}, word).join(' ')} ${number % 1000 === 7 ? 'seldom' : ''}`

try {
  for (let channel = 0; channel < CHANNELS; channel++) await bus.createChannel(`c${channel}`)
  let start = performance.now()
  for (let number = 0; number < MESSAGES; number += BATCH) {
    if (number >= MESSAGES / 2) middle ||= Date.now()
    await store.messages.append(
      Array.from({length: BATCH}, (_, index) => ({
        id: randomUUID(),
        channels: [`c${(number / BATCH) % CHANNELS}`],
        sender: `sender${index % 50}`,
        type: index % 10 === 1 ? 'build.done' : 'message',
        body: content(number + index),
        contentType: 'text/plain',
      })),
    )
  }
  console.log(`stored ${MESSAGES.toLocaleString('en')} messages, ${rate(MESSAGES, performance.now() - start)}`)

  const before = size()
  start = performance.now()
  for (;;) {
    const {left} = await store.search.index({limit: Number(process.argv[3] ?? 500), begin: true})
    if (left === 0) break
  }
  const ms = performance.now() - start
  console.log(`indexed, ${rate(MESSAGES, ms)}, ${Math.round((size() - before) / MESSAGES)} bytes a message`)

  const searches = {
    'a word in half of all': ['half', {}],
    'a word in a thousandth': ['seldom', {}],
    'one message': [`n${MESSAGES / 2 + 1}`, {}],
    'a word that is nowhere': ['nowhere', {}],
    'half, in a channel': ['half', {channels: ['c3']}],
    'seldom, in a channel': ['seldom', {channels: ['c3']}],
    'half, of a sender': ['half', {filter: {senders: ['sender7']}}],
    'half, of a type': ['half', {filter: {types: ['build.done']}}],
    'half but not seldom': ['half -seldom', {}],
    'two words': [`half ${words[40]}`, {}],
    'a phrase': [`"${words[0]} ${words[1]}"`, {}],
    'a beginning': ['seld*', {}],
    'a common beginning': ['hal*', {}],
    'half, until the middle': ['half', {filter: {until: middle}}],
    'half, by relevance': ['half', {sort: 'relevance'}],
  }
  for (const [name, [query, options]] of Object.entries(searches)) {
    const times = []
    let found = 0
    for (let run = 0; run < RUNS; run++) {
      const from = performance.now()
      found = (await bus.search(query, {limit: 20, ...options})).messages.length
      times.push(performance.now() - from)
    }
    times.sort((a, b) => a - b)
    const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(1)
    console.log(`${name.padEnd(24)} ${String(found).padStart(3)} found  p50 ${at(0.5)} ms  p95 ${at(0.95)} ms`)
  }
} finally {
  await bus.close()
  rmSync(folder, {recursive: true, force: true})
}

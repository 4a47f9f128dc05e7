/**
 * What happens on a store on a busy day, each as a process of its own: `node day.js ROLE GIVEN`. What was acknowledged is noted
 * right behind it, in one write. Runs from the build.
 */
import {spawn, spawnSync} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {appendFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import Database from 'better-sqlite3'
import {openBus} from '../../../dist/index.js'

const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
const [role, text] = process.argv.slice(2)
const given = JSON.parse(text)
const {store, notes, rounds, name} = given

const note = (what) => appendFileSync(notes, `${JSON.stringify(what)}\n`)
const open = () => openBus({store, as: name})
const leat = (...words) => {
  const {status, stderr} = spawnSync(process.execPath, [BIN, ...words], {
    env: {...process.env, LEAT_AS: 'alice', XDG_DATA_HOME: given.data},
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`leat ${words.join(' ')}: ${status} ${stderr}`)
}
/** Small ones, and some that take pages of their own. */
const bodyOf = (number) => `${name} ${number} `.padEnd(number % 7 === 0 ? 9000 : 200, 'x')

const ROLES = {
  /** The store, in folders that aren't there yet; two days; each leaves nothing open behind it. */
  async all() {
    leat('channel', 'create', 'ops', '-q')
    note({made: 'ops'})
    for (const channel of ['audit', 'jobs', 'hand', 'late']) leat('channel', 'create', channel, '-q')
    leat('channel', 'create', 'short', '--max-messages', '10', '-q')
    for (const channel of ['audit', 'jobs', 'hand', 'late', 'short']) note({made: channel})
    for (const day of [1, 2]) {
      const roles = [
        'single',
        'single',
        'batch',
        'bulk',
        'worker',
        'byHand',
        'reader',
        'keeper',
        'searcher',
        'checkpointer',
      ]
      const ended = roles.map((role, at) => run(role, {...given, name: `${role}-${day}-${at}`}))
      await Promise.all(ended)
    }
  },

  /** One message after the other, some of them to two channels at once. */
  async single() {
    const bus = await open()
    for (let number = 0; number < rounds; number++) {
      const channels = number % 3 === 0 ? ['ops', 'audit'] : [number % 2 ? 'ops' : 'jobs']
      const body = bodyOf(number)
      const {id, sent} = await bus.send(channels, {body, key: `${name}-${number}`})
      note({id, sent, body, key: `${name}-${number}`, sender: name})
    }
    await bus.close()
  },

  /** Several messages in one transaction. */
  async batch() {
    const bus = await open()
    for (let number = 0; number < rounds / 5; number++) {
      const batch = Array.from({length: 20}, (_, at) => ({
        id: randomUUID(),
        channels: ['ops'],
        sender: name,
        type: 'message',
        body: bodyOf(number * 20 + at),
        contentType: 'text/plain',
        conversation: `${name}-${number}`,
      }))
      note({batch: batch.map(({id}) => id)})
      const receipts = await bus.context.store.messages.append(batch)
      receipts.forEach(({id, sent}, at) => {
        note({id, sent, body: batch[at].body, sender: name})
      })
    }
    await bus.close()
  },

  /** Bulk input; what is acknowledged is a number. */
  async bulk() {
    const bus = await open()
    const lines = async function* () {
      for (let line = 1; line <= 50 * Math.ceil(rounds / 5); line++) yield {line, draft: {body: bodyOf(line)}}
    }
    await bus.sendAll('jobs', lines(), {chunk: 50, progress: ({stored}) => note({bulk: name, stored})})
    await bus.close()
  },

  /** Claims end with their process, so they need no sync; what is done has to stay done. */
  async worker() {
    const bus = await open()
    const onSettled = ({claim, outcome}) => {
      if (outcome === 'done') note({done: claim.message.id, channel: 'jobs'})
    }
    await bus.work('jobs', async () => {}, {count: rounds * 2, onSettled, untilEmpty: false})
    await bus.close()
  },

  /** Claims that outlive their process. */
  async byHand() {
    const bus = await open()
    for (let number = 0; number < rounds / 2; number++) {
      await bus.send('hand', {body: bodyOf(number)})
      const [claim] = await bus.claim('hand', {lease: 3_600_000, wait: 10_000})
      note({claimed: claim.message.id})
      if (number % 2 === 0) continue
      await bus.ack({claim: claim.token})
      note({done: claim.message.id, channel: 'hand'})
    }
    await bus.close()
  },

  async reader() {
    const bus = await open()
    for (let number = 0; number < rounds; number++)
      for await (const taken of bus.read('ops', {reader: 'bob', limit: 3, wait: 10_000})) {
        await taken.commit()
        const last = taken.messages.at(-1)
        if (last) note({read: last.seq})
      }
    await bus.close()
  },

  /** A channel that keeps ten messages, and messages for later. */
  async keeper() {
    const bus = await open()
    for (let number = 0; number < rounds; number++) {
      const {id, sent} = await bus.send('short', {body: bodyOf(number)})
      note({short: id, seq: sent[0].seq})
      const later = await bus.send('late', {body: bodyOf(number), deliverAt: Date.now() + (number % 2 ? 5 : 3_600_000)})
      note({late: later.id})
    }
    await bus.close()
  },

  async searcher() {
    const bus = await open()
    for (let number = 0; number < rounds / 2; number++) await bus.search('xxx OR single', {limit: 5})
    await bus.close()
  },

  /** What every connection does once the log has 4,000 pages, more often. */
  async checkpointer() {
    const database = new Database(store)
    database.pragma('synchronous = FULL')
    for (let number = 0; number < rounds; number++) {
      database.pragma(`wal_checkpoint(${['PASSIVE', 'RESTART', 'FULL', 'TRUNCATE'][number % 4]})`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    database.close()
  },
}

function run(role, more) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), role, JSON.stringify(more)], {
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${role}: exit ${code}`))))
  })
}

await ROLES[role]()

/** How much work a group of workers gets through when the work itself takes no time: what claiming and acking cost. */
import Database from 'better-sqlite3'
import {inRoom} from '../measuring/room.js'
import {inTurns} from '../measuring/turns.js'

const BODY = 'x'.repeat(300)

/** Attempts at once: the aim is stated for so many. */
const WORKERS = 8
const BATCH = 100

async function* lines(count) {
  for (let line = 1; line <= count; line++) yield {line, draft: {body: BODY}}
}

/** A channel with so many messages, each time another. */
async function filled({bus}, count) {
  const channel = `jobs-${bus.context.ids()}`
  await bus.createChannel(channel)
  await bus.sendAll(channel, lines(count))
  return channel
}

/** @returns {Promise<number>} messages a second */
async function rate(count, work) {
  const began = performance.now()
  await work()
  return count / ((performance.now() - began) / 1000)
}

/** Claims and acks as `bus.work` does: the same rows, each act a transaction of its own, the ack waiting for the disk. */
async function bare(room, count) {
  const channel = await filled(room, count)
  const database = new Database(room.store)
  try {
    database.pragma('wal_autocheckpoint = 4000')
    const {id} = database.prepare('SELECT id FROM channels WHERE name = ?').get(channel)
    const name = Number(
      database.prepare('INSERT INTO names (name) VALUES (?)').run(`bare of ${channel}`).lastInsertRowid,
    )
    const next = database.prepare('SELECT content FROM messages WHERE channel_id = ? AND seq = ?')
    const mark = database.prepare(
      'INSERT INTO in_flight (channel_id, seq, name_id, attempt, until, nonce) VALUES (?, ?, ?, 1, ?, ?)',
    )
    const remove = database.prepare('DELETE FROM in_flight WHERE channel_id = ? AND seq = ? AND name_id = ?')
    const claim = database.transaction((seq) => {
      next.get(id, seq)
      mark.run(id, seq, name, Date.now() + 30_000, `${seq}`)
    })
    const ack = database.transaction((seq) => remove.run(id, seq, name))
    return await rate(count, () => {
      for (let seq = 1; seq <= count; seq++) {
        database.pragma('synchronous = NORMAL')
        claim.immediate(seq)
        database.pragma('synchronous = FULL')
        ack.immediate(seq)
      }
    })
  } finally {
    database.close()
  }
}

async function worked(room, count, concurrency) {
  const channel = await filled(room, count)
  return rate(count, async () => {
    const {done} = await room.bus.work(channel, async () => undefined, {concurrency, untilEmpty: true})
    if (done !== count) throw new Error(`${done} of ${count} messages were done`)
  })
}

/** Through the port: a program that claims and settles many at once. */
async function inBatches(room, count) {
  const channel = await filled(room, count)
  const {claims} = room.bus.context.store
  const key = {channel, group: 'workers'}
  const options = {actor: 'bench', limit: BATCH, lease: 30_000, maxAttempts: 5, bound: true}
  return rate(count, async () => {
    for (let done = 0; done < count; ) {
      const batch = await claims.claim(key, options)
      const settled = await claims.settle(batch.claims.map(({token}) => ({token, as: 'done'})))
      if (batch.claims.length === 0 || settled.includes('stale')) throw new Error(`a batch after ${done} was lost`)
      done += batch.claims.length
    }
  })
}

export async function measure({quick, say}) {
  const rounds = quick ? 2 : 9
  const [some, many] = quick ? [300, 2000] : [4000, 40_000]
  const rows = await inRoom((room) =>
    inTurns(
      [
        {name: 'claim and ack, one by one, bare', unit: '/s', measure: () => bare(room, some)},
        {name: 'work, 1 at once', unit: '/s', measure: () => worked(room, some, 1)},
        {name: `work, ${WORKERS} at once`, unit: '/s', aim: 3000, measure: () => worked(room, some, WORKERS)},
        {name: `claims by ${BATCH}`, unit: '/s', aim: 10_000, measure: () => inBatches(room, many)},
      ],
      {rounds, say},
    ),
  )
  return {
    settings: {rounds, messages: some, 'messages by batches': many, bytes: BODY.length, synchronous: 'FULL'},
    rows,
  }
}

// The least that a process can do for a command: better-sqlite3 and its statements on a store that is there, no checks, no
// options. What leat is measured against.
//   node bench/suites/start-floor.cjs STORE send|read|list|log
'use strict'
const Database = require('better-sqlite3')

const [store, act] = process.argv.slice(2)
const db = new Database(store, {fileMustExist: true})
db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000')
const channel = db.prepare("SELECT id, last_seq FROM channels JOIN counters ON channel_id = id WHERE name = 'ops'")
const MESSAGES = 'SELECT m.seq, m.time, n.name, m.type, m.content FROM messages m JOIN names n ON n.id = sender_id'

const acts = {
  /** As durable as leat's: in WAL mode, synced before it is acknowledged. */
  send() {
    db.exec('BEGIN IMMEDIATE')
    const {id, last_seq} = channel.get()
    const message = Buffer.from(require('node:crypto').randomBytes(16))
    db.prepare(
      'UPDATE counters SET last_seq = last_seq + 1, message_count = message_count + 1 WHERE channel_id = ?',
    ).run(id)
    db.prepare(
      "INSERT INTO messages (channel_id, seq, id, sender_id, type, time, checksum, content) VALUES (?, ?, ?, 1, 'message', ?, 0, 'hi')",
    ).run(id, last_seq + 1, message, Date.now())
    db.exec('COMMIT')
    return message.toString('hex')
  },
  read() {
    db.exec('BEGIN IMMEDIATE')
    const {id, last_seq} = channel.get()
    const from = db.prepare('SELECT max(cursor) AS cursor FROM consumers WHERE channel_id = ?').get(id)
    const rows = db
      .prepare(`${MESSAGES} WHERE channel_id = ? AND seq > ? ORDER BY seq LIMIT 10`)
      .all(id, from.cursor ?? 0)
    db.prepare('UPDATE consumers SET cursor = ? WHERE channel_id = ?').run(last_seq, id)
    db.exec('COMMIT')
    return rows.map((row) => Object.values(row).join('\t')).join('\n')
  },
  list: () =>
    db
      .prepare(
        'SELECT name, state, message_count, last_seq FROM channels JOIN counters ON channel_id = id ORDER BY name',
      )
      .all()
      .map((row) => Object.values(row).join('\t'))
      .join('\n'),
  log: () =>
    db
      .prepare(`${MESSAGES} WHERE channel_id = ? ORDER BY seq DESC LIMIT 10`)
      .all(channel.get().id)
      .map((row) => Object.values(row).join('\t'))
      .join('\n'),
}

console.log(acts[act]())
db.close()

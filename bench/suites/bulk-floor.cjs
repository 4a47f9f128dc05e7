// The least that bulk input can do: lines read in blocks, parsed, and inserted by better-sqlite3 with leat's columns into
// leat's schema, as durable as leat's, in chunks of as many. Nothing is checked: neither names and limits, nor who may send,
// nor whether the message is there already. What leat is measured against.
//   node bench/suites/bulk-floor.cjs STORE INPUT CHUNK
'use strict'
const {randomFillSync} = require('node:crypto')
const {closeSync, openSync, readSync} = require('node:fs')
const {crc32} = require('node:zlib')
const Database = require('better-sqlite3')

const [store, input, chunk] = process.argv.slice(2)
const db = new Database(store, {fileMustExist: true})
db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000')
const counters = db.prepare("SELECT id, last_seq FROM channels JOIN counters ON channel_id = id WHERE name = 'ops'")
const raise = db.prepare(
  'UPDATE counters SET last_seq = ?, message_count = message_count + ?, newest_time = ? WHERE channel_id = ?',
)
const sender = db.prepare(
  "INSERT INTO names (name) VALUES ('bench') ON CONFLICT DO UPDATE SET name = name RETURNING id",
)
const insert = db.prepare(`
  INSERT INTO messages (channel_id, seq, id, sender_id, type, time, content_type, checksum, content)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)

/** UUIDs of version 7, their randomness fetched for many at once. */
function idSource() {
  const pool = Buffer.alloc(4096)
  let at = pool.length
  return (now) => {
    if (at === pool.length) {
      randomFillSync(pool)
      at = 0
    }
    const id = Buffer.from(pool.subarray(at, at + 16))
    at += 16
    id.writeUIntBE(now, 0, 6)
    id[6] = (id[6] & 0x0f) | 0x70
    id[8] = (id[8] & 0x3f) | 0x80
    return id
  }
}

/** Calls `take` with each line of a file. */
function eachLine(file, take) {
  const fd = openSync(file, 'r')
  const block = Buffer.alloc(256 * 1024)
  let kept = 0
  for (;;) {
    const size = kept + readSync(fd, block, kept, block.length - kept, null)
    if (size === kept) break
    let start = 0
    for (let end = block.indexOf(10); end >= 0 && end < size; end = block.indexOf(10, start)) {
      take(block.utf8Slice(start, end))
      start = end + 1
    }
    block.copy(block, 0, start, size)
    kept = size - start
  }
  closeSync(fd)
}

const newId = idSource()
let lines = []
function flush() {
  db.exec('BEGIN IMMEDIATE')
  const {id: channel, last_seq: last} = counters.get()
  const by = sender.get().id
  const now = Date.now()
  let seq = last
  for (const line of lines) {
    const {type, content} = JSON.parse(line)
    const body = JSON.stringify(content)
    insert.run(channel, ++seq, newId(now), by, type, now, 'application/json', crc32(body), body)
  }
  raise.run(seq, lines.length, now, channel)
  db.exec('COMMIT')
  lines = []
}
eachLine(input, (line) => {
  lines.push(line)
  if (lines.length === Number(chunk)) flush()
})
if (lines.length > 0) flush()
db.close()

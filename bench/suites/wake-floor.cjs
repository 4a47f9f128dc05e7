// The least that a follower can be: the bell is watched, one statement asks for what is new, its content is written.
//   node bench/suites/wake-floor.cjs STORE
const {closeSync, openSync, watch, writeSync} = require('node:fs')
const Database = require('better-sqlite3')

const [store] = process.argv.slice(2)
const bell = `${store}-bell`
closeSync(openSync(bell, 'a'))
const database = new Database(store)
const next = database.prepare('SELECT seq, content FROM messages WHERE channel_id = 1 AND seq > ? ORDER BY seq').raw()
let at = 0

function look() {
  for (const [seq, content] of next.all(at)) {
    at = seq
    writeSync(1, `${content}\n`)
  }
}

watch(bell, look)
look()

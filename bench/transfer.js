// How fast messages go out and in, and with how much memory: node bench/transfer.js [COUNT]
// One channel of JSON messages of about 230 bytes, exported to a file and imported from it by processes of their own; the
// sqlite3 shell, where there is one, writes the same fields by json_object, to compare with.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, openSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {inRoom} from './measuring/room.js'

const BIN = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const COUNT = Number(process.argv[2] ?? 1_000_000)
const PAD = 'x'.repeat(180)

const QUERY = `
SELECT json_object('seq', seq, 'id', lower(substr(hex(m.id), 1, 8) || '-' || substr(hex(m.id), 9, 4) || '-' || substr(hex(m.id), 13, 4)
    || '-' || substr(hex(m.id), 17, 4) || '-' || substr(hex(m.id), 21)), 'channel', 'ops', 'sender', names.name, 'type', type,
    'content', json(content), 'contentType', content_type, 'time', strftime('%Y-%m-%dT%H:%M:%fZ', time / 1000.0, 'unixepoch'),
    'thread', lower(hex(m.id)))
  FROM messages m JOIN names ON names.id = sender_id WHERE channel_id = 1 ORDER BY seq;`

async function* lines() {
  for (let line = 1; line <= COUNT; line++)
    yield {
      line,
      draft: {body: `{"n":${line},"level":"info","pad":"${PAD}"}`, contentType: 'application/json', type: 'log'},
    }
}

/** The most memory that a process had, in MB, looked up while it runs. */
function memoryOf(pid) {
  const status = `/proc/${pid}/status`
  return existsSync(status)
    ? Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) / 1024)
    : 0
}

async function timed(name, child) {
  const start = performance.now()
  let peak = 0
  const looking = setInterval(() => {
    try {
      peak = Math.max(peak, memoryOf(child.pid))
    } catch {} // it has just ended
  }, 50)
  child.stdout?.resume()
  const [code] = await once(child, 'exit')
  clearInterval(looking)
  const seconds = (performance.now() - start) / 1000
  console.log(`${name}: ${seconds.toFixed(1)} s, ${Math.round(COUNT / seconds)}/s, at most ${peak} MB, exit ${code}`)
}

await inRoom(async ({bus, store, folder, leat}) => {
  const copy = (...argv) =>
    spawn(process.execPath, [BIN, '--store', join(folder, 'copy.db'), ...argv], {stdio: ['ignore', 'pipe', 'inherit']})
  const start = performance.now()
  await bus.sendAll('ops', lines())
  const rate = Math.round(COUNT / ((performance.now() - start) / 1000))
  console.log(
    `${COUNT} messages, ${Math.round(statSync(store).size / 1e6)} MB; to compare with, sent in bulk: ${rate}/s`,
  )
  const sqlite = spawn('sqlite3', ['-readonly', store, QUERY], {
    stdio: ['ignore', openSync(join(folder, 'shell.jsonl'), 'w'), 'inherit'],
  })
  sqlite.on('error', () => console.log('no sqlite3 shell here'))
  if (sqlite.pid) await timed('sqlite3 json_object', sqlite)
  const file = join(folder, 'ops.jsonl')
  await timed('export to a file', leat('export', 'ops', '--output', file))
  await timed('export into a pipe', leat('export', 'ops'))
  console.log(`${Math.round(statSync(file).size / 1e6)} MB of lines`)
  await timed('import into a new store', copy('import', file))
  await timed('import again', copy('import', file))
  await timed('import --resume of what is there', copy('import', file, '--resume'))
})

/** How fast a million messages go out, and how much memory that takes. */
import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {figuresOf} from '../measuring/figures.js'
import {writeLines} from '../measuring/lines.js'
import {inFolder} from '../measuring/passing.js'
import {environment, timed, timedBetween} from '../measuring/processes.js'
import {LEAT} from '../measuring/root.js'
import {row} from '../measuring/row.js'
import {inTurns} from '../measuring/turns.js'

const UUID = `
  lower(substr(hex(m.id), 1, 8) || '-' || substr(hex(m.id), 9, 4) || '-' || substr(hex(m.id), 13, 4) || '-' ||
        substr(hex(m.id), 17, 4) || '-' || substr(hex(m.id), 21))`
/** The same lines as those of `read --json`, byte for byte: that is looked at. */
const QUERY = `
SELECT json_object('seq', seq, 'id', ${UUID}, 'channel', 'ops', 'sender', names.name, 'type', type, 'content', json(content),
                   'contentType', content_type, 'time', strftime('%Y-%m-%dT%H:%M:%fZ', time / 1000.0, 'unixepoch'),
                   'thread', ${UUID})
  FROM messages m JOIN names ON names.id = sender_id WHERE channel_id = 1 ORDER BY seq;`
const SHELL = 'sqlite3 json_object'

export const measure = (options) => inFolder((folder) => measureIn(folder, options))

async function measureIn(folder, {quick, say}) {
  const count = quick ? 50_000 : 1_000_000
  const rounds = quick ? 2 : 5
  const [store, input, shell, out] = ['bench.db', 'in.jsonl', 'shell.jsonl', 'out.jsonl'].map((name) =>
    join(folder, name),
  )
  const env = environment({HOME: folder, LEAT_STORE: store})
  const leat = (name, argv, more = {}) => {
    const peaks = []
    const measure = async () => {
      const {ms, rss} = await timedBetween([process.execPath, LEAT, ...argv()], {env, to: out})
      peaks.push(rss)
      return ms
    }
    return {name, unit: 'ms', to: SHELL, measure, peaks, ...more}
  }
  let readers = 0
  const reads = [
    // A new reader begins at the start.
    leat('leat read --all --json', () => ['read', 'ops', '--all', '--json', '--reader', `r${++readers}`], {aim: 1.5}),
    leat('leat export', () => ['export', 'ops'], {aim: 1.5}),
    leat('leat log --all --json', () => ['log', 'ops', '--all', '--json']),
  ]
  writeLines(input, count)
  timed([process.execPath, LEAT, 'channel', 'create', 'ops'], {env})
  await timedBetween([process.execPath, LEAT, 'send', 'ops', '--jsonl'], {env, from: input})
  const sqlite = {
    name: SHELL,
    unit: 'ms',
    measure: async () => (await timedBetween(['sqlite3', '-readonly', store, QUERY], {env, to: shell})).ms,
  }
  await sqlite.measure()
  await reads[0].measure()
  execFileSync('cmp', [shell, out])
  for (const {peaks} of reads) peaks.length = 0
  const rows = await inTurns([sqlite, ...reads], {rounds, warm: 0, say})
  return {
    settings: {messages: count, content: '300 bytes', rounds, stdout: 'a file'},
    rows: [
      ...rows,
      ...reads.map(({name, peaks}) => row({name: `memory of ${name}`, unit: 'MB', ...figuresOf(peaks), aim: 150})),
    ],
  }
}

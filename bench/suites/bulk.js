/** How fast a million messages come in, how much memory that takes, and how much room they have on disk. */
import {cpSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {figuresOf} from '../measuring/figures.js'
import {writeLines} from '../measuring/lines.js'
import {inFolder} from '../measuring/passing.js'
import {environment, timed, timedBetween} from '../measuring/processes.js'
import {LEAT, ROOT} from '../measuring/root.js'
import {row} from '../measuring/row.js'
import {inTurns} from '../measuring/turns.js'

const FLOOR = join(ROOT, 'bench/suites/bulk-floor.cjs')
/** Bytes of content. */
const CONTENT = 300
/** Messages of a transaction: as many as leat stores at once while nobody else writes (`src/bus/chunk-size.ts`). */
const CHUNK = 1250

export const measure = (options) => inFolder((folder) => measureIn(folder, options))

async function measureIn(folder, {quick, say}) {
  const count = quick ? 50_000 : 1_000_000
  const rounds = quick ? 2 : 5
  const [empty, store, input, exported] = ['empty.db', 'bench.db', 'in.jsonl', 'out.jsonl'].map((name) =>
    join(folder, name),
  )
  const env = environment({HOME: folder, LEAT_STORE: store})
  const peaks = {send: [], import: []}
  const sizes = []
  /** Milliseconds from a store with an empty channel. */
  const filled = async (argv, {from, peak} = {}) => {
    for (const end of ['', '-wal', '-shm']) rmSync(`${store}${end}`, {force: true})
    cpSync(empty, store)
    const {ms, rss} = await timedBetween([process.execPath, ...argv], {env, from})
    peak?.push(rss)
    return ms
  }
  writeLines(input, count, CONTENT)
  timed([process.execPath, LEAT, 'channel', 'create', 'ops', '--store', empty], {env})
  await filled([LEAT, 'send', 'ops', '--jsonl'], {from: input})
  timed([process.execPath, LEAT, 'export', 'ops', '--output', exported], {env})
  const rows = await inTurns(
    [
      {
        name: 'bare loop of inserts',
        unit: 'ms',
        measure: () => filled([FLOOR, store, input, String(CHUNK)]),
      },
      {
        name: 'leat send --jsonl',
        unit: 'ms',
        to: 'bare loop of inserts',
        aim: 1.6,
        measure: async () => {
          const ms = await filled([LEAT, 'send', 'ops', '--jsonl'], {from: input, peak: peaks.send})
          sizes.push(statSync(store).size / count)
          return ms
        },
      },
      {
        name: 'leat import',
        unit: 'ms',
        to: 'bare loop of inserts',
        measure: () => filled([LEAT, 'import', exported], {peak: peaks.import}),
      },
    ],
    {rounds, warm: 0, say},
  )
  return {
    settings: {
      messages: count,
      content: `${CONTENT} bytes`,
      chunk: CHUNK,
      rounds,
      synchronous: 'FULL',
      journal: 'WAL',
    },
    rows: [
      ...rows,
      row({name: 'memory of send --jsonl', unit: 'MB', ...figuresOf(peaks.send), aim: 150}),
      row({name: 'memory of import', unit: 'MB', ...figuresOf(peaks.import), aim: 150}),
      row({name: 'on disk, a message', unit: 'bytes', ...figuresOf(sizes), aim: 1.6 * CONTENT + 120}),
    ],
  }
}

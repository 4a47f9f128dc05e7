/**
 * Files that appear whole or not at all, made by the real command one after the other: `node keeping.js GIVEN`. Around each it
 * is noted which file is about to have how many messages, and that it has them. Runs from the build.
 */
import {spawnSync} from 'node:child_process'
import {appendFileSync, openSync, rmSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
const {root, notes} = JSON.parse(process.argv[2])

const [store, backup, text] = ['home/store.db', 'home/monday.db', 'home/ops.jsonl'].map((name) => join(root, name))
const note = (what) => appendFileSync(notes, `${JSON.stringify(what)}\n`)

function leat(words, stdin) {
  const {status, stderr} = spawnSync(process.execPath, [BIN, ...words], {
    env: {...process.env, LEAT_AS: 'alice', LEAT_STORE: store},
    input: stdin,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`leat ${words.join(' ')}: ${status} ${stderr}`)
}

/** @param messages that the file has afterwards */
function makes(file, messages, work) {
  note({file, from: messages})
  work()
  note({file, messages})
}

const send = (messages, count) =>
  makes(store, messages, () => leat(['send', 'ops', '--lines', '-q'], 'a line of a few words\n'.repeat(count)))

spawnSync('mkdir', [join(root, 'home')])
spawnSync('sync', [root, join(root, 'home')])
makes(store, 0, () => leat(['channel', 'create', 'ops', '-q']))
send(100, 100)
makes(backup, 100, () => leat(['store', 'backup', backup]))
makes(text, 100, () => leat(['export', 'ops', '--output', text]))
send(300, 200)
makes(text, 300, () => leat(['export', 'ops', '--output', text]))
makes(store, 100, () => leat(['store', 'restore', backup, '--yes']))
makes(backup, 100, () => leat(['store', 'backup', backup, '--yes']))
send(110, 10)
makes(backup, 110, () => leat(['store', 'backup', backup, '--yes']))
send(210, 100)
makes(store, 110, () => leat(['store', 'restore', backup, '--yes', '--no-safety-copy']))
send(111, 1)
// From here on it can't be opened: what is there is none, or damaged.
makes(store, 'none', () => {
  rmSync(store)
  spawnSync('sync', [join(root, 'home')])
})
makes(store, 110, () => leat(['store', 'restore', backup, '--yes']))
makes(store, 'damaged', () => {
  const file = openSync(store, 'r+')
  writeSync(file, Buffer.alloc(100, 'x'), 0, 100, 0)
  spawnSync('sync', [store])
})
makes(store, 110, () => leat(['store', 'restore', backup, '--yes']))
send(111, 1)

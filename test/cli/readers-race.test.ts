import {spawn} from 'node:child_process'
import {expect, test} from 'vitest'
import {filled} from './filled.js'
import {BIN, type World} from './leat.js'

const COUNT = 1000

/** Runs a shell script as bob; `leat` in it is this leat. Returns the seqs that it printed. */
function reading({dir, env}: World, script: string): Promise<{code: number | null; seqs: number[]; stderr: string}> {
  const leat = `leat() { '${process.execPath}' '${BIN}' "$@"; }`
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${leat}\n${script}`], {
      cwd: dir,
      env: {...env, LEAT_AS: 'bob'},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({code, stderr, seqs: stdout.split('\n').slice(0, -1).map(Number)}))
  })
}

const rising = (seqs: number[]): boolean => seqs.every((seq, at) => at === 0 || seq > (seqs[at - 1] as number))

test.each([
  {name: 'read --all', script: 'leat read ops --all --quiet --format {seq}'},
  {
    name: 'loops of read -n 40',
    script: 'while leat read ops -n 40 --quiet --fail-empty --format {seq} 2>/dev/null; do :; done',
  },
  {name: 'read --all -- CMD', script: 'leat read ops --all --quiet -- sh -c \'echo "$LEAT_MSG_SEQ"\''},
])('four processes as the same reader, each with $name: every message once, in order', async ({script}) => {
  const made = await filled(COUNT)
  // While one holds the messages the four start and wait; so none has read all before another is there.
  const gate = (await made.bus('bob')).read('ops')[Symbol.asyncIterator]()
  await gate.next()
  const processes = Array.from({length: 4}, () => reading(made, script))
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await gate.return?.()
  const got = await Promise.all(processes)
  expect(got.map(({stderr}) => stderr)).toEqual(['', '', '', ''])
  expect(got.map(({code}) => code)).toEqual([0, 0, 0, 0])
  for (const {seqs} of got) expect(rising(seqs)).toBe(true)
  const all = got.flatMap(({seqs}) => seqs).sort((a, b) => a - b)
  expect(all).toEqual(Array.from({length: COUNT}, (_, at) => at + 1))
})

test('a reader that is killed between taking and finishing: its messages come again at once', async () => {
  const {leat} = await filled(5)
  const killed = await leat`read ops -- sh -c 'test "$LEAT_MSG_SEQ" != 3 || kill -9 $PPID'`
  expect(killed.signal).toBe('SIGKILL')
  const started = Date.now()
  const again = await leat`read ops --json`
  expect(again.jsonLines().map(({seq}) => seq)).toEqual([3, 4, 5])
  expect(again.stderr).toBe('')
  expect(Date.now() - started).toBeLessThan(5000)
})

test('one that dies again and again loses nothing', async () => {
  const {leat} = await filled(3)
  for (let round = 0; round < 3; round++) expect((await leat`read ops -- sh -c 'kill -9 $PPID'`).signal).toBe('SIGKILL')
  expect((await leat`read ops --format {seq}`).stdout).toBe('1\n2\n3\n')
})

test('readers under different names do not wait for each other', async () => {
  const {leat} = await filled(2)
  const env = {NODE: process.execPath, BIN}
  const inside = await leat({
    env,
  })`read ops -n 1 -- sh -c '"$NODE" "$BIN" read ops --reader other --format {seq} --quiet'`
  expect(inside.stdout).toBe('1\n2\n')
})
